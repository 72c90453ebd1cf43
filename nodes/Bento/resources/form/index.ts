import type { Resource } from '../../../shared/operation/types';
import { getResponses } from './getResponses';

export const form: Resource = {
	value: 'form',
	name: 'Form',
	description: 'A Bento form and its responses',
	operations: [getResponses],
};
