import { defineSimplifiedCall } from '../../../shared/operation/define';
import { confirmProperty, notice } from '../../../shared/operation/properties';
import { confirmed, optionalDate } from '../../../shared/operation/schemas';
import type { PlanContext } from '../../../shared/operation/types';
import { BROADCAST_PROPERTIES, broadcastInput, readCreated, toBroadcast } from './content';

export const scheduleBroadcast = defineSimplifiedCall({
	value: 'schedule',
	name: 'Send or Schedule',
	action: 'Send or schedule broadcast',
	description: 'Send a broadcast now or at a set time, one per input item',
	route: { method: 'POST', path: '/batch/broadcasts' },
	// A repeat would send the broadcast twice.
	idempotent: false,
	dryRun: true,
	properties: [
		notice(
			'scheduleNotice',
			'Sends one broadcast per input item. If Segment and Include Tags are empty, all subscribers receive it. Some accounts keep it as a draft: check its status in Bento.',
		),
		{
			displayName: 'Send At',
			name: 'sendAt',
			type: 'dateTime',
			default: '',
			description: 'When to send the broadcast. Sends immediately if empty.',
		},
		...BROADCAST_PROPERTIES,
		confirmProperty(
			'Confirm Sending',
			"Whether to send the broadcast. The node doesn't run while this is off.",
		),
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
