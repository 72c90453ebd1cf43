import type { INodeProperties } from 'n8n-workflow';
import { z } from 'zod';
import { defineSimplifiedCall, type Schema } from '../../../shared/operation/define';
import { confirmProperty, notice } from '../../../shared/operation/properties';
import { isItem } from '../../../shared/operation/responses';
import { confirmed, optionalDate } from '../../../shared/operation/schemas';
import type { ParsedResponse, PlanContext } from '../../../shared/operation/types';
import {
	BROADCAST_FIELDS,
	CONTENT_PROPERTIES,
	broadcastInput,
	contentNotes,
	readCreated,
	toBroadcast,
	SEGMENT,
} from './content';

/** Not a literal in the property: a default that isn't an option makes the user choose. */
const AUDIENCES: INodeProperties['options'] = [
	{
		name: 'By Segment or Tags',
		value: 'selected',
		description: 'Subscribers in Segment, or with one of Include Tags',
	},
	{
		name: 'Everyone',
		value: 'everyone',
		description: 'All subscribers of your Bento site, except those with Exclude Tags',
	},
];

const AUDIENCE: INodeProperties = {
	displayName: 'Audience',
	name: 'audience',
	type: 'options',
	// The user decides who gets the broadcast, not data or an agent.
	noDataExpression: true,
	// Not required: n8n would stop workflows from before there was a choice, which may name a segment.
	default: '',
	options: AUDIENCES,
	description: 'Who receives the broadcast',
};

const scheduled = broadcastInput.extend({
	confirm: confirmed,
	// Workflows from before there was a choice don't have one.
	audience: z.enum(['everyone', 'selected']).optional().catch(undefined),
});

type Scheduled = z.output<typeof scheduled> & { readonly sendAt: string };

/** Reads an item's broadcast, and refuses one that would go to everyone by accident or to the same people again. */
function inputIn({ timeZone, now }: PlanContext): Schema<Scheduled> {
	// Bento expects a time with an approval (bento-laravel-sdk); a past one means immediately.
	const sendAt = optionalDate(timeZone).transform((date) => date ?? now);
	const seen = new Set<string>();
	return scheduled.extend({ sendAt }).superRefine((input, context) => {
		const issue = audienceIssue(input);
		if (issue) context.addIssue({ code: 'custom', ...issue });
		const mail = JSON.stringify({ ...toBroadcast(input), name: '', sendAt: input.sendAt });
		if (seen.has(mail)) context.addIssue({ code: 'custom', ...SAME_AS_BEFORE });
		seen.add(mail);
	});
}

const SAME_AS_BEFORE = {
	path: ['content'],
	message: 'is the same as for an earlier item, and every item sends a broadcast of its own',
	params: {
		advice:
			"To send one broadcast, turn on 'Execute Once' in the node's settings, or add a Limit node before this node",
	},
};

function audienceIssue({ audience, segment, additionalFields: { includeTags } }: Scheduled) {
	const isSelected = segment !== undefined || includeTags !== undefined;
	if (audience === 'everyone' && includeTags !== undefined) {
		const advice = "Set 'Audience' to By Segment or Tags, or empty 'Include Tags'";
		const path = ['additionalFields', 'includeTags'];
		return { path, message: "is set, but 'Audience' is Everyone", params: { advice } };
	}
	if (audience === 'everyone' || isSelected) return undefined;
	const advice =
		"Fill in 'Segment' or 'Include Tags', or choose Everyone to send to all subscribers";
	const message = audience === 'selected' ? 'has no segment and no tags' : "isn't chosen";
	return { path: ['audience'], message, params: { advice } };
}

/** What Bento created, and what it was asked to do with it. */
function readScheduled(body: unknown, input: Scheduled, simplify: boolean): ParsedResponse {
	const read = readCreated(body, input.broadcastName, simplify);
	if (!simplify || read.kind !== 'items') return read;
	const asked = {
		approved: true,
		send_at: input.sendAt,
		audience: input.audience ?? 'selected',
	};
	return {
		kind: 'items',
		items: read.items.map((one) => (isItem(one) ? { ...one, ...asked } : one)),
	};
}

export const scheduleBroadcast = defineSimplifiedCall<Scheduled>({
	value: 'schedule',
	name: 'Send or Schedule',
	action: 'Send or schedule broadcast',
	description: 'Send a broadcast now or at a set time, one per input item',
	route: { method: 'POST', path: '/batch/broadcasts' },
	// A repeat would send the broadcast twice.
	idempotent: false,
	dryRun: true,
	properties: [
		AUDIENCE,
		SEGMENT,
		notice(
			'scheduleNotice',
			'Sends one broadcast per input item. Some accounts keep it as a draft: check its status in Bento.',
		),
		{
			displayName: 'Send At',
			name: 'sendAt',
			type: 'dateTime',
			default: '',
			description: 'When to send the broadcast. Sends immediately if empty.',
		},
		...CONTENT_PROPERTIES,
		BROADCAST_FIELDS,
		confirmProperty(
			'Confirm Sending',
			"Whether to send the broadcast to its audience. With Everyone, that is all subscribers. The node doesn't run while this is off.",
		),
	],
	input: inputIn,
	notes: contentNotes,
	request: (input) => ({
		json: { broadcasts: [{ ...toBroadcast(input), approved: true, send_at: input.sendAt }] },
	}),
	response: readScheduled,
});
