import { defineSimplifiedCall } from '../../../shared/operation/define';
import { confirmProperty, notice } from '../../../shared/operation/properties';
import { confirmed, optionalDate } from '../../../shared/operation/schemas';
import type { PlanContext } from '../../../shared/operation/types';
import { BROADCAST_PROPERTIES, broadcastInput, readCreated, toBroadcast } from './content';

export const scheduleBroadcast = defineSimplifiedCall({
	value: 'schedule',
	name: 'Send or Schedule',
	action: 'Send or schedule broadcast',
	description:
		'Create a broadcast and approve it to send now or at a set time. Some Bento accounts still keep it as a draft.',
	route: { method: 'POST', path: '/batch/broadcasts' },
	// A repeat would send the broadcast twice.
	idempotent: false,
	properties: [
		notice(
			'scheduleNotice',
			'Depending on your account, Bento may keep the broadcast as a draft. Check its status in Bento.',
		),
		confirmProperty(
			'Confirm Sending',
			"Whether to send the broadcast to all selected subscribers. The node doesn't run while this is off.",
		),
		{
			displayName: 'Send At',
			name: 'sendAt',
			type: 'dateTime',
			default: '',
			description: 'When to send the broadcast. Sends immediately if empty.',
		},
		...BROADCAST_PROPERTIES,
	],
	input: ({ timeZone, now }: PlanContext) =>
		broadcastInput.extend({
			confirm: confirmed,
			// Bento expects a time with an approval (bento-laravel-sdk); a past one means immediately.
			sendAt: optionalDate(timeZone).transform((date) => date ?? new Date(now).toISOString()),
		}),
	request: (input) => ({
		json: { broadcasts: [{ ...toBroadcast(input), approved: true, send_at: input.sendAt }] },
	}),
	response: (body, { broadcastName }, simplify) => readCreated(body, broadcastName, simplify),
});
