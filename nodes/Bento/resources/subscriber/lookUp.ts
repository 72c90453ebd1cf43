import type { IDataObject, INodeProperties } from 'n8n-workflow';
import { z } from 'zod';
import {
	asText,
	flatten,
	isItem,
	items,
	readRows,
	single,
} from '../../../shared/operation/answers';
import { ask, type RequestParts, type Sender } from '../../../shared/operation/define';
import { collection, emailToFind, flag, text } from '../../../shared/operation/schemas';
import type { ErrandResult } from '../../../shared/operation/types';
import { emailProperty } from '../../../shared/operation/parameters';
import { TAG_LIST } from '../tag/list';

/** By what a person is looked up. */
export const LOOK_UP_PROPERTIES: readonly INodeProperties[] = [
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
	emailProperty('Address of the person, in any case', {
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
		description: "Bento's own ID of the person, such as a webhook brings along",
	},
];

export const LOOK_UP_OPTIONS: readonly INodeProperties[] = [
	{
		displayName: 'Include Tag Names',
		name: 'includeTagNames',
		type: 'boolean',
		default: false,
		description:
			"Whether to add the names of the person's tags to the simplified result, for one more request per run",
	},
];

const options = collection({ includeTagNames: flag });

export const lookUpInput = z.discriminatedUnion('lookUpBy', [
	z.object({ lookUpBy: z.literal('email'), email: emailToFind, options }),
	z.object({ lookUpBy: z.literal('uuid'), uuid: text, options }),
]);

export type LookUp = z.output<typeof lookUpInput>;

/** Looks a person up, and the names of the tags where the builder wants them. */
export async function lookUp(
	input: LookUp,
	{ call, own }: Sender,
	simplify: boolean,
): Promise<ErrandResult> {
	const found = await ask(call, own(toRequest(input)), (body) => single(body, simplify));
	const [person] = found.kind === 'items' ? found.items : [];
	if (!simplify || person === undefined) return found;
	const subscriber = tidy(person);
	if (!input.options.includeTagNames) return items(subscriber);
	return await ask(call, TAG_LIST, (body) =>
		items({ ...subscriber, tags: tagNames(person, body) }),
	);
}

function toRequest(input: LookUp): RequestParts {
	return {
		query: input.lookUpBy === 'email' ? { email: input.email } : { uuid: input.uuid },
	};
}

/** Bento gives no fields as null, as {} or as []; builders expect an object. */
export function tidy(person: IDataObject): IDataObject {
	return { ...person, fields: isItem(person.fields) ? person.fields : {} };
}

function tagNames({ cached_tag_ids: ids }: IDataObject, body: unknown): string[] {
	const list = readRows(body);
	const wanted = new Set(Array.isArray(ids) ? ids.map(asText) : []);
	const tags = list.ok ? list.rows.map(flatten) : [];
	return tags.filter(({ id }) => wanted.has(asText(id))).map(({ name }) => asText(name));
}
