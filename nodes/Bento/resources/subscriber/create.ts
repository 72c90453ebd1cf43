import { z } from 'zod';
import { items, single } from '../../../shared/operation/answers';
import { defineSimplifiedCall } from '../../../shared/operation/define';
import { email } from '../../../shared/operation/schemas';
import { emailProperty } from '../../../shared/operation/parameters';
import { tidy } from './lookUp';

export const createSubscriber = defineSimplifiedCall({
	value: 'create',
	name: 'Create',
	action: 'Create subscriber',
	description:
		'Create a person and get the result at once, or get the person who has this email already. May start workflows.',
	route: { method: 'POST', path: '/fetch/subscribers' },
	// Finds the person whom a first request has created.
	whenUnknown: 'resend',
	properties: [emailProperty('Address of the new person')],
	input: z.object({ email }),
	request: (input) => ({ json: { subscriber: { email: input.email } } }),
	answer(body, _input, simplify) {
		const created = single(body, simplify);
		const [person] = created.kind === 'items' ? created.items : [];
		if (created.kind === 'none') return { kind: 'unexpected' };
		return simplify && person ? items(tidy(person)) : created;
	},
});
