import { setTimeout as sleep } from 'timers/promises';
import type { StoredCredential } from './client';
import { bentoTrigger, send } from './hooks';
import { chain, node, type WorkflowDraft } from './workflows';
import { webhookSecret } from './world';

/** What a crowd of webhooks was told. */
export interface Crowd {
	/** Those that n8n took. */
	readonly taken: number;
	/** How many of each other status, or of none. */
	readonly refused: Readonly<Record<string, number>>;
	/** How long it took to send them, in seconds. */
	readonly seconds: number;
}

/** Sends webhooks at a steady rate, each with an email address of its own, to these addresses in turn. */
export async function sendCrowd(
	addresses: ReadonlyArray<{ readonly origin: string; readonly path: string }>,
	count: number,
	perSecond: number,
	name: string,
): Promise<Crowd> {
	const refused: Record<string, number> = {};
	const began = Date.now();
	let taken = 0;
	const one = async (index: number) => {
		const { origin, path } = addresses[index % addresses.length] ?? { origin: '', path: '' };
		await sleep(Math.max(0, began + (index * 1000) / perSecond - Date.now()));
		const request = {
			headers: { 'X-Bento-Secret': webhookSecret, 'X-Request-Id': `${name}-${index}` },
			body: { event: 'order', email: `${name}${index}@example.com` },
		};
		const status = await send(origin, `webhook/${path}`, request).then(
			(answer) => (answer.text.includes('"received":true') ? 200 : answer.status),
			() => 'none',
		);
		if (status === 200) taken += 1;
		else refused[status] = (refused[status] ?? 0) + 1;
	};
	await Promise.all(Array.from({ length: count }, (_, index) => one(index)));
	return { taken, refused, seconds: (Date.now() - began) / 1000 };
}

/** A workflow with Bento Webhook Trigger and Track Event, with the settings of a newly added node. */
export function eventPerWebhook(
	path: string,
	secret: StoredCredential,
	bento: Record<string, StoredCredential>,
): WorkflowDraft {
	const parameters = { operation: 'trackEvent', email: '={{ $json.email }}', eventType: 'order' };
	const track = node('Track', 'bentoTrackEvent', parameters, { credentials: bento });
	return chain(`Event for ${path}`, bentoTrigger(path, secret), track);
}
