import type { ParsedResponse, RecordedRequest } from './types';
import { badRequest, isRecord } from './values';

export interface Keys {
	readonly publishableKey: string;
	readonly secretKey: string;
	readonly siteUuid: string;
}

/** What HTTP libraries call themselves unless someone gives them a name; n8n's is `n8n`. */
const GENERIC =
	/^(n8n$|(axios|node-fetch|node|undici|got|curl|wget|okhttp|java|go-http-client|python-\w+)(\/|\s|$))/i;

/** A page such as Bento's edge sends for a blocked request. */
export const EDGE_PAGE =
	'<!DOCTYPE html><html><head><title>Blocked</title></head><body><h1>Blocked at the edge</h1></body></html>';

/**
 * What every request must present before its content matters (bentonow.com/docs/api/conventions): a real
 * User-Agent, or the edge blocks it; the keys and the site; JSON in bodies.
 */
export function checkDoor(
	request: RecordedRequest,
	body: unknown,
	keys: Keys,
): ParsedResponse | undefined {
	const agent = request.headers['user-agent'] ?? '';
	if (agent.trim() === '' || GENERIC.test(agent)) {
		return { status: 403, body: EDGE_PAGE, headers: { 'content-type': 'text/html' } };
	}
	const expected = Buffer.from(`${keys.publishableKey}:${keys.secretKey}`).toString('base64');
	const isKnown = request.headers.authorization === `Basic ${expected}`;
	if (!isKnown || siteOf(request, body) !== keys.siteUuid) {
		return { status: 401, body: { error: 'Unauthorized' } };
	}
	if (request.bodyBytes === 0) return undefined;
	if (!hasKnownType(request)) return badRequest('Content-Type must be application/json');
	return body === undefined ? badRequest('Body is not valid JSON') : undefined;
}

/** In the query by the documentation; in the body of writes by bento-node-sdk 2.0.0 and the call that takes a form. */
function siteOf({ query }: RecordedRequest, body: unknown): unknown {
	return query.site_uuid ?? (isRecord(body) ? body.site_uuid : undefined);
}

function hasKnownType(request: RecordedRequest): boolean {
	const type = request.headers['content-type'] ?? '';
	if (type.startsWith('application/json')) return true;
	return takesForm(request) && type.startsWith('application/x-www-form-urlencoded');
}

function takesForm({ path }: RecordedRequest): boolean {
	return path.endsWith('/data_deletion_requests');
}
