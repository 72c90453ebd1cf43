import type { INodeProperties } from 'n8n-workflow';
import { z } from 'zod';
import { defineLongCall } from '../../shared/operation/define';
import { confirmProperty } from '../../shared/operation/properties';
import { ask, pathProblem } from '../../shared/operation/requests';
import { isItem, items, refusalIn } from '../../shared/operation/responses';
import { confirmed, flag, isScalar, jsonObject, oneOf, text } from '../../shared/operation/schemas';
import { type ParsedResponse, type Resource } from '../../shared/operation/types';

const OTHER_THAN_GET = { show: { method: ['DELETE', 'PATCH', 'POST', 'PUT'] } };

const PROPERTIES: readonly INodeProperties[] = [
	{
		displayName: 'Method',
		name: 'method',
		type: 'options',
		// The user decides what a call may do, not data or an agent.
		noDataExpression: true,
		default: 'GET',
		options: [
			{ name: 'DELETE', value: 'DELETE' },
			{ name: 'GET', value: 'GET' },
			{ name: 'PATCH', value: 'PATCH' },
			{ name: 'POST', value: 'POST' },
			{ name: 'PUT', value: 'PUT' },
		],
	},
	{
		displayName: 'Path',
		name: 'path',
		type: 'string',
		default: '',
		required: true,
		placeholder: 'e.g. /fetch/tags',
		description: 'Path after /api/v1, starting with a slash',
	},
	{
		...confirmProperty(
			'Confirm Call',
			'Whether to send the request. Anything but GET can change or delete data in Bento, or send emails.',
		),
		displayOptions: OTHER_THAN_GET,
	},
	{
		displayName: 'Query Parameters',
		name: 'query',
		type: 'json',
		default: '{}',
		placeholder: 'e.g. {"page": 2}',
		description: 'Flat JSON object. The site UUID is added automatically.',
	},
	{
		displayName: 'Body',
		name: 'body',
		type: 'json',
		default: '{}',
		placeholder: 'e.g. {"tag": {"name": "customer"}}',
		displayOptions: OTHER_THAN_GET,
		description: "JSON object, including the wrapper key shown in Bento's API documentation",
	},
	{
		displayName: 'Retry If Response Is Lost',
		name: 'repeatIsSafe',
		type: 'boolean',
		default: false,
		displayOptions: OTHER_THAN_GET,
		description:
			"Whether to resend the request if Bento's response is lost. Turn on only if sending it twice has no side effects.",
	},
];

const queryValue = z.union([z.string(), z.number().finite(), z.boolean()], {
	errorMap: () => ({ message: 'can only contain text, numbers, and booleans' }),
});

const input = z
	.object({
		method: oneOf('DELETE', 'GET', 'PATCH', 'POST', 'PUT'),
		path: text.superRefine((path, context) => {
			const problem = checkPath(path);
			if (problem !== undefined) context.addIssue({ code: 'custom', message: problem });
		}),
		query: jsonObject.pipe(z.record(queryValue)),
		body: jsonObject.optional(),
		confirm: z.unknown(),
		repeatIsSafe: flag,
	})
	.superRefine(({ method, confirm }, context) => {
		const read = confirmed.safeParse(confirm);
		if (method === 'GET' || read.success) return;
		read.error.issues.forEach((issue) => context.addIssue({ ...issue, path: ['confirm'] }));
	});

export const make = defineLongCall(
	{
		value: 'make',
		name: 'Make',
		action: 'Make API call',
		description: 'Call any Bento API endpoint with your credential, retries, and error handling',
		route: { method: 'GET', path: '/:path' },
		// Nothing is known about the call, so it isn't resent if Bento may have done it, unless it is a GET.
		idempotent: false,
		properties: PROPERTIES,
		input,
		async execute({ method, path, query, body, repeatIsSafe }, { call }) {
			const repeatable = method === 'GET' || repeatIsSafe;
			const request = {
				method,
				path,
				query,
				json: method === 'GET' ? undefined : body,
				idempotent: repeatable,
			} as const;
			return { ...(await ask(call, request, readAnything)), nothingDone: repeatable };
		},
	},
	{ simplified: false },
);

/**
 * Says what is wrong with a path that is appended to the API base URL; undefined if nothing is. Keys travel
 * with the call, so it must not lead anywhere else.
 */
export function checkPath(path: string): string | undefined {
	if (!path.startsWith('/') || path.startsWith('//')) {
		return 'must start with a single slash, like /fetch/tags';
	}
	if (/[?#]/.test(path)) return "can't contain a query or fragment. Use 'Query Parameters'";
	if (/\s/.test(path)) return "can't contain spaces";
	return pathProblem(path) === undefined ? undefined : UNSAFE;
}

const UNSAFE = "can't contain backslashes, . or .. segments, or encoded dots and slashes";

/** An object is an item, a list is several, and anything else goes under `data`. */
function readAnything(body: unknown): ParsedResponse {
	const refused = refusalIn(body);
	if (refused) return refused;
	const entries: readonly unknown[] = Array.isArray(body) ? body : [body];
	return items(...entries.map((entry) => (isItem(entry) ? entry : { data: toValue(entry) })));
}

function toValue(entry: unknown) {
	return isScalar(entry) ? entry : JSON.stringify(entry);
}

export const apiCall: Resource = {
	value: 'apiCall',
	name: 'API Call',
	description: 'Call any Bento API endpoint',
	operations: [make],
};
