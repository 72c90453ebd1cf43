import type { IDataObject, INodeProperties } from 'n8n-workflow';
import { z } from 'zod';
import { isItem, items, refusalIn, UNEXPECTED, unwrap } from '../../../shared/operation/responses';
import { tagsProperties } from '../../../shared/operation/lists';
import { additionalFields } from '../../../shared/operation/properties';
import {
	allNames,
	body,
	collection,
	isRecord,
	locator,
	names,
	oneOf,
	optionalCount,
	optionalLocatedId,
	optionalText,
	text,
} from '../../../shared/operation/schemas';
import type { ParsedResponse } from '../../../shared/operation/types';
import { authorProperty, segmentProperty } from '../../lists';
import { contentProperty, subjectProperty } from '../../mail';

/** What Create Draft and Send or Schedule have in common: a broadcast's content, and Bento's response to it. */

/** What a broadcast consists of (bentonow.com/docs/broadcasts). */
export const CONTENT_PROPERTIES: readonly INodeProperties[] = [
	{
		displayName: 'Name',
		name: 'broadcastName',
		type: 'string',
		default: '',
		required: true,
		placeholder: 'e.g. Spring news',
		description: "Internal name of the broadcast. Recipients don't see it.",
	},
	subjectProperty("e.g. What's new this spring"),
	authorProperty(),
	{
		displayName: 'Content Type',
		name: 'contentType',
		type: 'options',
		noDataExpression: true,
		default: 'plain',
		// Plain and Raw: documentation, Laravel, Go. Plain, HTML and Markdown: Node 2.0, MCP, CLI. Unsettled.
		options: [
			{ name: 'HTML', value: 'html', description: 'May not be supported by your account' },
			{ name: 'Markdown', value: 'markdown', description: 'May not be supported by your account' },
			{ name: 'Plain', value: 'plain', description: "Use the site's email layout" },
			{ name: 'Raw', value: 'raw', description: 'Use your own complete HTML' },
		],
		description:
			'How Bento renders the content. If Bento rejects one, choose another. For HTML of your own, choose Raw.',
	},
	contentProperty(),
];

/** Part of the audience. */
export const SEGMENT: INodeProperties = {
	...segmentProperty('Send only to this segment', false),
	// Only Send or Schedule asks for an audience.
	displayOptions: { hide: { audience: ['everyone'] } },
};

/** What a broadcast may have besides. */
export const BROADCAST_FIELDS: INodeProperties = additionalFields([
	{
		displayName: 'Batch Size per Hour',
		name: 'perHour',
		type: 'number',
		typeOptions: { minValue: 0 },
		default: 1000,
		description: 'Maximum number of recipients per hour',
	},
	...tagsProperties(
		{ displayName: 'Exclude Tags', name: 'excludeTags' },
		{ list: 'excludeTagList', placeholder: 'e.g. trial' },
		'Skips subscribers with any of them.',
	),
	{
		displayName: 'From Name',
		name: 'fromName',
		type: 'string',
		default: '',
		placeholder: 'e.g. Nathan at Example',
		description: 'Sender name shown next to the email address',
	},
	...tagsProperties(
		{ displayName: 'Include Tags', name: 'includeTags' },
		{ list: 'includeTagList', placeholder: 'e.g. customer, vip' },
		'Recipients have at least one of them.',
	),
]);

export const broadcastInput = z.object({
	broadcastName: text,
	subject: text,
	from: locator,
	contentType: oneOf('html', 'markdown', 'plain', 'raw'),
	content: body,
	segment: optionalLocatedId,
	additionalFields: z
		.unknown()
		.superRefine(refuseLostTags)
		.pipe(
			collection({
				excludeTagList: names,
				excludeTags: names,
				fromName: optionalText,
				includeTagList: names,
				includeTags: names,
				perHour: optionalCount,
			}),
		),
});

/** Tags whose expression gives nothing would widen the audience, in the end to everyone. */
function refuseLostTags(fields: unknown, context: z.RefinementCtx): void {
	if (!isRecord(fields)) return;
	for (const name of ['excludeTagList', 'excludeTags', 'includeTagList', 'includeTags']) {
		if (!(name in fields) || (fields[name] !== undefined && fields[name] !== null)) continue;
		const message = 'is an expression that gives no tags';
		context.addIssue({ code: 'custom', path: [name], message });
	}
}

/** A broadcast as Bento takes it. Keys without a value vanish when it is written as JSON. */
export function toBroadcast({ additionalFields: more, ...input }: z.output<typeof broadcastInput>) {
	return {
		name: input.broadcastName,
		subject: input.subject,
		content: input.content,
		type: input.contentType,
		from: { email: input.from, name: more.fromName },
		inclusive_tags: allNames(more.includeTagList, more.includeTags),
		exclusive_tags: allNames(more.excludeTagList, more.excludeTags),
		segment_id: input.segment,
		batch_size_per_hour: more.perHour,
	};
}

/** Markup of a whole page or newsletter, which is more than a layout's text. */
const PAGE = /<(?:!doctype|body|center|div|head|html|style|table)\b/i;

/** What to say about content that its type may spoil. */
export function contentNotes({ content, contentType }: z.output<typeof broadcastInput>): string[] {
	if (contentType !== 'plain' || !PAGE.test(content)) return [];
	return [
		"The content is HTML, and 'Content Type' is Plain, which puts it into your site's email layout. To send your own HTML, choose Raw",
	];
}

const row = z.custom<IDataObject>(isItem);
const createdBroadcasts = z.object({
	results: z.number(),
	failed: z.number().optional(),
	broadcasts: z.array(row).optional().catch(undefined),
	failures: z
		.array(z.object({ error: z.string() }))
		.optional()
		.catch(undefined),
});

/**
 * Reads the response to one broadcast: the new broadcast with its ID and its page in Bento, or why there is none. Older
 * accounts get only the count (bento-laravel-sdk).
 */
export function readCreated(body: unknown, name: string, simplify: boolean): ParsedResponse {
	const refused = refusalIn(body);
	if (refused) return refused;
	const read = createdBroadcasts.safeParse(unwrap(body));
	if (!read.success) return UNEXPECTED;
	const { results, failed = 0, broadcasts = [], failures = [] } = read.data;
	if (failed > 0 || results === 0) {
		return { kind: 'refused', words: failures.map(({ error }) => error).join('; ') };
	}
	if (!simplify && isItem(body)) return items(body);
	return items(broadcasts[0] ?? { name });
}
