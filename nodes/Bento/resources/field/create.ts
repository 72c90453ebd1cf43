import { z } from 'zod';
import { created } from '../../../shared/operation/responses';
import { defineSimplifiedCall } from '../../../shared/operation/define';
import { text } from '../../../shared/operation/schemas';

export const createField = defineSimplifiedCall({
	value: 'create',
	name: 'Create',
	action: 'Create field',
	description:
		'Create a custom field. Rarely needed, as setting a new key on a subscriber also creates it.',
	route: { method: 'POST', path: '/fetch/fields' },
	// Bento doesn't document what happens to a second field with the same key.
	idempotent: false,
	properties: [
		{
			displayName: 'Key',
			name: 'key',
			type: 'string',
			default: '',
			required: true,
			placeholder: 'e.g. account_manager',
			description: 'Key of the new field. Lowercase with underscores is recommended.',
		},
	],
	input: z.object({ key: text }),
	request: ({ key }) => ({ json: { field: { key } } }),
	response: (body, { key }, simplify) => created(body, simplify, { key }),
});
