import { randomUUID } from 'crypto';
import { setTimeout as sleep } from 'timers/promises';
import type { StoredCredential } from './client';
import { node, type NodeDraft } from './workflows';

export interface HookRequest {
	/** `POST` if not given. */
	readonly method?: string;
	/** Query string without the question mark. */
	readonly query?: string;
	readonly headers?: Record<string, string>;
	/** An object is sent as JSON, a string as it is. */
	readonly body?: unknown;
}

export interface HookAnswer {
	readonly status: number;
	readonly headers: Headers;
	readonly text: string;
}

/** Sends one request to a webhook of an n8n. */
export async function send(
	origin: string,
	path: string,
	request: HookRequest = {},
): Promise<HookAnswer> {
	const { method = 'POST', query, body } = request;
	const json = typeof body === 'object' && body !== null;
	const answer = await fetch(`${origin}/${path}${query === undefined ? '' : `?${query}`}`, {
		method,
		headers: { ...(json && { 'content-type': 'application/json' }), ...request.headers },
		body: json ? JSON.stringify(body) : typeof body === 'string' ? body : undefined,
	});
	return { status: answer.status, headers: answer.headers, text: await answer.text() };
}

/**
 * Sends a request as soon as n8n has registered the webhook, which takes a moment after activating: until then, n8n
 * responds with 404.
 */
export async function sendWhenReady(
	origin: string,
	path: string,
	request: HookRequest = {},
): Promise<HookAnswer> {
	for (let tries = 0; tries < 50; tries += 1) {
		const answer = await send(origin, path, request);
		if (answer.status !== 404) return answer;
		await sleep(100);
	}
	return await send(origin, path, request);
}

/** A Bento Webhook Trigger with a path of its own. */
export function bentoTrigger(
	path: string,
	secret: StoredCredential | undefined,
	parameters: Record<string, unknown> = {},
): NodeDraft {
	return node(
		'Bento Webhook Trigger',
		'bentoWebhookTrigger',
		{ path, ...parameters },
		{
			webhookId: randomUUID(),
			...(secret && { credentials: { bentoWebhookSecretApi: secret } }),
		},
	);
}
