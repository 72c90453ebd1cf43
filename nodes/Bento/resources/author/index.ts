import type { Resource } from '../../../shared/operation/types';
import { getAuthors } from './getAll';

export const author: Resource = {
	value: 'author',
	name: 'Author',
	description: 'A sender that emails and broadcasts can come from',
	operations: [getAuthors],
};
