import type { Resource } from '../../../shared/operation/types';
import { make } from './make';

export const apiCall: Resource = {
	value: 'apiCall',
	name: 'API Call',
	description: 'Call any Bento API endpoint',
	operations: [make],
};
