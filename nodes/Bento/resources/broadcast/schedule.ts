import { defineSimplifiedCall } from '../../../shared/operation/define';
import { confirmed, optionalDate } from '../../../shared/operation/schemas';
import type { PlanContext } from '../../../shared/operation/types';
import { confirmProperty, notice } from '../../../shared/operation/parameters';
import { readCreated } from './answer';
import { BROADCAST_PROPERTIES, broadcastInput, toBroadcast } from './fields';

export const scheduleBroadcast = defineSimplifiedCall({
	value: 'schedule',
	name: 'Schedule or Send',
	action: 'Schedule or send broadcast',
	description:
		'Create a broadcast and approve it for sending, at a time or at once. Bento may keep it as a draft all the same.',
	route: { method: 'POST', path: '/batch/broadcasts' },
	// A repeat would send the broadcast twice.
	whenUnknown: 'never',
	properties: [
		notice(
			'scheduleNotice',
			'Whether Bento sends what the API approves depends on the account: look in Bento whether the broadcast is scheduled or a draft',
		),
		confirmProperty(
			'Confirm Sending',
			'Whether the broadcast may really go out to everyone chosen',
		),
		{
			displayName: 'Send At',
			name: 'sendAt',
			type: 'dateTime',
			default: '',
			description: 'When the broadcast goes out. If empty, it goes out at once.',
		},
		...BROADCAST_PROPERTIES,
	],
	input: ({ timeZone, now }: PlanContext) =>
		broadcastInput.extend({
			confirm: confirmed,
			// Bento wants a time with an approval (bento-dotnet-sdk); one that has passed means at once.
			sendAt: optionalDate(timeZone).transform((date) => date ?? new Date(now).toISOString()),
		}),
	request: (input) => ({
		json: {
			broadcasts: [
				{
					...toBroadcast(input),
					approved: true,
					send_at: input.sendAt,
				},
			],
		},
	}),
	answer: (body, { broadcastName }, simplify) => readCreated(body, broadcastName, simplify),
});
