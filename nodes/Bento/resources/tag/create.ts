import { z } from 'zod';
import { created } from '../../../shared/operation/responses';
import { defineSimplifiedCall } from '../../../shared/operation/define';
import { text } from '../../../shared/operation/schemas';

export const createTag = defineSimplifiedCall({
	value: 'create',
	name: 'Create',
	action: 'Create tag',
	description: 'Create a new tag. Rarely needed, as adding a tag to a subscriber also creates it.',
	route: { method: 'POST', path: '/fetch/tags' },
	// Bento doesn't document what happens to a second tag with the same name.
	idempotent: false,
	properties: [
		{
			displayName: 'Name',
			name: 'tagName',
			type: 'string',
			default: '',
			required: true,
			placeholder: 'e.g. customer',
			description: 'Name of the new tag',
		},
	],
	input: z.object({ tagName: text }),
	request: ({ tagName }) => ({ json: { tag: { name: tagName } } }),
	response: (body, { tagName }, simplify) => created(body, simplify, { name: tagName }),
});
