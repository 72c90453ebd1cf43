import type { IWebhookFunctions } from 'n8n-workflow';
import { announcesTooMuch, readBody } from '../shared/http/inbound/body';
import { readPayload } from '../shared/http/inbound/payload';
import type { RejectionCode } from '../shared/http/inbound/rejections';
import { admit } from './admit';
import { configOf } from './configure';
import { hideSecrets } from './secretCredential';
import { take } from './take';
import { reject, type Arrival, type Verdict } from './verdict';

/** More would only be there to cost time. */
const MAX_HEADERS = 200;

/** Between two pieces of a body, in ms. */
const MAX_PAUSE = 20_000;

/** Methods whose requests usually have no body (RFC 9110, section 9.3). */
const WITHOUT_BODY = new Set(['DELETE', 'GET', 'HEAD']);

/**
 * Takes a request through every check, the cheap ones first: size, address, secret, body, events,
 * duplicates. Up to the secret nothing of the request is kept and no credential is read for one without it.
 */
export async function decide(context: IWebhookFunctions, arrival: Arrival): Promise<Verdict> {
	const { head, request } = arrival;
	const read = configOf(context);
	if (!read.ok) return reject('not_configured', { problem: read.problem });
	const { config } = read;
	if (head.rawHeaders.length > 2 * MAX_HEADERS) return reject('headers_too_many');
	if (announcesTooMuch(head, config.maxBytes)) return reject('body_too_large');
	if (!config.allows(head.address)) return reject('address_not_allowed');

	const admission = await admit(context, arrival, config);
	if (admission.kind === 'reject') return admission;
	const { hidden } = admission;

	const body = await readBody(request, head, { maxBytes: config.maxBytes, maxPause: MAX_PAUSE });
	if (!body.ok) return reject(body.code, closing(body.code));
	const payload = readPayload(body.bytes, head, {
		maxDepth: config.maxDepth,
		acceptBrokenJson: config.acceptBrokenJson,
		acceptEmpty: WITHOUT_BODY.has(head.method),
		clean: (text) => hideSecrets(text, hidden),
	});
	if (!payload.ok) return { kind: 'reject', rejection: payload.rejection };
	return await take(context, arrival, {
		config,
		hidden,
		body: body.bytes,
		payload: payload.payload,
	});
}

/** After a body that wasn't read to its end, the connection can't serve another request. */
function closing(code: RejectionCode): { headers?: Record<string, string> } {
	const unread = code === 'body_too_large' || code === 'body_too_slow';
	return unread ? { headers: { Connection: 'close' } } : {};
}
