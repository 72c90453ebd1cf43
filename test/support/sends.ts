import { bodyOf } from '../../nodes/shared/delivery/batches';
import type { DeliveryPlan } from '../../nodes/shared/delivery/deliver';

export type SendBody = (
	body: Buffer,
	batch: {
		readonly batch: number;
		readonly first: number;
		readonly count: number;
		readonly once: boolean;
	},
) => ReturnType<DeliveryPlan['send']>;

/** A delivery's way of sending that looks at whole requests. */
export function withBody(send: SendBody): DeliveryPlan['send'] {
	return (batch, frame, once) =>
		send(bodyOf(batch.parts, frame), {
			batch: batch.number,
			first: batch.first,
			count: batch.parts.length,
			once,
		});
}
