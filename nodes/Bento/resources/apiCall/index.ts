import type { Resource } from '../../../shared/operation/types';
import { make } from './make';

export const apiCall: Resource = {
	value: 'apiCall',
	name: 'API Call',
	description: "Any call to Bento's API that has no operation of its own",
	operations: [make],
};
