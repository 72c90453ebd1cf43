import type { Resource } from '../../../shared/operation/types';
import { createField } from './create';
import { getFields } from './getAll';

export const field: Resource = {
	value: 'field',
	name: 'Field',
	description: 'A custom field on subscriber profiles',
	operations: [createField, getFields],
};
