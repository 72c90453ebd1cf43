import { z } from 'zod';
import { isScalar } from '../../../shared/operation/schemas';
import { isItem, items, plain } from '../../../shared/operation/answers';
import { ask, defineLongCall } from '../../../shared/operation/define';
import { flag, jsonObject, text, oneOf } from '../../../shared/operation/schemas';
import type { Answer } from '../../../shared/operation/types';
import { CALL_PROPERTIES } from './fields';
import { checkPath } from './path';

const scalar = z.union([z.string(), z.number().finite(), z.boolean()], {
	errorMap: () => ({ message: 'must hold text, numbers, true and false only' }),
});

export const make = defineLongCall(
	{
		value: 'make',
		name: 'Make',
		action: 'Make API call',
		description:
			"Call any method and path of Bento's API with the node's credentials, retries and error messages",
		route: { method: 'GET', path: '/:path' },
		// Nothing is known of the call, so what may have been done is not done again; a GET may be.
		whenUnknown: 'never',
		properties: CALL_PROPERTIES,
		input: z.object({
			method: oneOf('DELETE', 'GET', 'PATCH', 'POST', 'PUT'),
			path: text.superRefine((path, context) => {
				const problem = checkPath(path);
				if (problem !== undefined) context.addIssue({ code: 'custom', message: problem });
			}),
			query: jsonObject.pipe(z.record(scalar)),
			body: jsonObject.optional(),
			repeatIsSafe: flag,
		}),
		async errand({ method, path, query, body, repeatIsSafe }, { call }) {
			const repeatable = method === 'GET' || repeatIsSafe;
			const request = {
				method,
				path,
				query,
				json: method === 'GET' ? undefined : body,
				whenUnknown: repeatable ? 'resend' : 'never',
			} as const;
			return { ...(await ask(call, request, readAnything)), nothingDone: repeatable };
		},
	},
	{ simplified: false },
);

/** An object is an item, a list is several, and anything else stands under `data`. */
function readAnything(body: unknown): Answer {
	if (isItem(body)) return plain(body);
	const entries: readonly unknown[] = Array.isArray(body) ? body : [body];
	return items(...entries.map((entry) => (isItem(entry) ? entry : { data: toValue(entry) })));
}

function toValue(entry: unknown) {
	return isScalar(entry) ? entry : JSON.stringify(entry);
}
