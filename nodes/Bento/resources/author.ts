import { z } from 'zod';
import { defineList } from '../../shared/operation/define';
import type { Resource } from '../../shared/operation/types';

export const getAuthors = defineList({
	value: 'getAll',
	name: 'Get Many',
	action: 'Get many authors',
	description: 'Retrieve a list of authors, the addresses that Bento can send from',
	// Not documented: Bento's WordPress plug-in lists senders with it.
	route: { method: 'GET', path: '/fetch/authors' },
	paged: false,
	properties: [],
	input: z.object({}),
	request: () => ({}),
});

export const author: Resource = {
	value: 'author',
	name: 'Author',
	description: 'A sender that emails and broadcasts can come from',
	operations: [getAuthors],
};
