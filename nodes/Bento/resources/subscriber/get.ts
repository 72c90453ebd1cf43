import type { IDataObject, INodeProperties } from 'n8n-workflow';
import { z } from 'zod';
import { defineLongCall, type CallTools } from '../../../shared/operation/define';
import { emailProperty } from '../../../shared/operation/properties';
import { ask, type RequestParts } from '../../../shared/operation/requests';
import { asText, flatten, items, readRows, single } from '../../../shared/operation/responses';
import { collection, emailToFind, flag, text } from '../../../shared/operation/schemas';
import type { OperationResult } from '../../../shared/operation/types';
import { TAG_LIST } from '../../../shared/operation/lists';
import { tidy } from './profile';

const PROPERTIES: readonly INodeProperties[] = [
	{
		displayName: 'Look Up By',
		name: 'lookUpBy',
		type: 'options',
		noDataExpression: true,
		default: 'email',
		options: [
			{ name: 'Email', value: 'email' },
			{ name: 'UUID', value: 'uuid' },
		],
	},
	emailProperty('Email of the subscriber. Not case-sensitive.', {
		displayOptions: { show: { lookUpBy: ['email'] } },
	}),
	{
		displayName: 'UUID',
		name: 'uuid',
		type: 'string',
		default: '',
		required: true,
		placeholder: 'e.g. 0f3c2b1a-7d6e-4f50-9a8b-1c2d3e4f5a6b',
		displayOptions: { show: { lookUpBy: ['uuid'] } },
		description: "Bento's UUID for the subscriber, such as from a webhook",
	},
];

const OPTIONS: readonly INodeProperties[] = [
	{
		displayName: 'Include Tag Names',
		name: 'includeTagNames',
		type: 'boolean',
		default: false,
		description:
			'Whether to include tag names as tags. Without it, only cached_tag_ids has their IDs. Adds one request per run.',
	},
];

const options = collection({ includeTagNames: flag });

const input = z.discriminatedUnion('lookUpBy', [
	z.object({ lookUpBy: z.literal('email'), email: emailToFind, options }),
	z.object({ lookUpBy: z.literal('uuid'), uuid: text, options }),
]);

type LookUp = z.output<typeof input>;

export const getSubscriber = defineLongCall<LookUp>(
	{
		value: 'get',
		name: 'Get',
		action: 'Get subscriber',
		description:
			'Retrieve a subscriber by email or UUID, with fields and tag IDs. Subscribed if unsubscribed_at is empty.',
		route: { method: 'GET', path: '/fetch/subscribers' },
		properties: PROPERTIES,
		options: OPTIONS,
		notFound: { message: 'Bento has no subscriber with this email or UUID', otherwise: 'fail' },
		input,
		execute: lookUp,
	},
	{ simplified: true },
);

/** Looks a subscriber up, and the names of the tags if the user wants them. */
async function lookUp(
	wanted: LookUp,
	{ call, own }: CallTools,
	simplify: boolean,
): Promise<OperationResult> {
	const found = await ask(call, own(toRequest(wanted)), (body) => single(body, simplify));
	const [subscriber] = found.kind === 'items' ? found.items : [];
	if (!simplify || subscriber === undefined) return found;
	if (!wanted.options.includeTagNames) return items(tidy(subscriber));
	return await ask(call, TAG_LIST, (body) =>
		items({ ...tidy(subscriber), tags: tagNames(subscriber, body) }),
	);
}

function toRequest(wanted: LookUp): RequestParts {
	return {
		query: wanted.lookUpBy === 'email' ? { email: wanted.email } : { uuid: wanted.uuid },
	};
}

function tagNames({ cached_tag_ids: ids }: IDataObject, body: unknown): string[] {
	const list = readRows(body);
	const wanted = new Set(Array.isArray(ids) ? ids.map(asText) : []);
	const tags = list.ok ? list.rows.map(flatten) : [];
	return tags.filter(({ id }) => wanted.has(asText(id))).map(({ name }) => asText(name));
}
