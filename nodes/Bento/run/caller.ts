import { callBento, type BentoConnection } from '../../shared/http/outbound/call';
import type { BentoRequest, CallReport } from '../../shared/http/outbound/types';
import type { Call, CallRequest } from '../../shared/operation/types';

/**
 * Gives the function that an errand asks Bento with. Equal reads of one run share one request: a hundred items
 * that ask for the same list, or about the same person, cost Bento's hourly limits one call.
 */
export function caller(connection: BentoConnection): Call {
	const reads = new Map<string, Promise<CallReport>>();
	const send = async (request: CallRequest) =>
		await callBento(connection, toBentoRequest(request, connection.siteUuid));
	return async (request) => {
		if (request.method !== 'GET') return await send(request);
		const key = JSON.stringify([request.path, request.query]);
		const shared = reads.get(key) ?? send(request);
		reads.set(key, shared);
		return await shared;
	};
}

/** A request as the shared helper takes it, with its body serialized. */
export function toBentoRequest(request: CallRequest, siteUuid: string): BentoRequest {
	const { method, path, query, whenUnknown, json, form } = request;
	if (form) {
		// Form calls take the site in the body too (bentonow.com/docs/data_deletion_requests_api).
		const body = new URLSearchParams({ ...form, site_uuid: siteUuid }).toString();
		const contentType = 'application/x-www-form-urlencoded';
		return { method, path, query, whenUnknown, body: Buffer.from(body, 'utf8'), contentType };
	}
	if (json === undefined) return { method, path, query, whenUnknown };
	return { method, path, query, whenUnknown, body: Buffer.from(JSON.stringify(json), 'utf8') };
}
