import type { Resource } from '../../../shared/operation/types';
import { createTag } from './create';
import { deleteTag } from './delete';
import { getTags } from './getAll';

export const tag: Resource = {
	value: 'tag',
	name: 'Tag',
	description: 'A label for grouping subscribers',
	operations: [createTag, deleteTag, getTags],
};
