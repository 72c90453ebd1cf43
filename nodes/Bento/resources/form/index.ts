import type { Resource } from '../../../shared/operation/types';
import { getResponses } from './getResponses';

export const form: Resource = {
	value: 'form',
	name: 'Form',
	description: 'A form that people fill in',
	operations: [getResponses],
};
