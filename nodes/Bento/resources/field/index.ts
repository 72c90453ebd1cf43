import type { Resource } from '../../../shared/operation/types';
import { createField } from './create';
import { getFields } from './getAll';

export const field: Resource = {
	value: 'field',
	name: 'Field',
	description: 'A kind of value that profiles can hold',
	operations: [createField, getFields],
};
