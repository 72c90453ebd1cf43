import type { Answer, RecordedRequest } from './types';

export interface Keys {
	readonly publishableKey: string;
	readonly secretKey: string;
	readonly siteUuid: string;
}

const GENERIC = /^(axios|node-fetch|node|undici|curl|wget|python-requests|got)\b/i;
const PAGE =
	'<!DOCTYPE html><html><head><title>Attention Required!</title></head><body>Sorry, you have been blocked</body></html>';

/** The page that Bento's edge answers a blocked request with. */
export const EDGE_PAGE = PAGE;

/**
 * What every request must present before its content matters (bentonow.com/docs/api/conventions): a real
 * User-Agent, or the edge blocks it; the keys and the site in the query; JSON in bodies.
 */
export function checkDoor(request: RecordedRequest, keys: Keys): Answer | undefined {
	const agent = request.headers['user-agent'] ?? '';
	if (agent === '' || GENERIC.test(agent)) {
		return { status: 403, body: PAGE, headers: { 'content-type': 'text/html' } };
	}
	const expected = Buffer.from(`${keys.publishableKey}:${keys.secretKey}`).toString('base64');
	const right = request.headers.authorization === `Basic ${expected}`;
	if (!right || request.query.site_uuid !== keys.siteUuid) {
		return { status: 401, body: { error: 'Unauthorized' } };
	}
	if (request.bodyBytes > 0 && !hasKnownType(request)) {
		return { status: 400, body: { error: 'Content-Type must be application/json' } };
	}
	return undefined;
}

function hasKnownType({ headers, path }: RecordedRequest): boolean {
	const type = headers['content-type'] ?? '';
	if (type.startsWith('application/json')) return true;
	// The one endpoint whose documentation shows a form.
	return (
		path.endsWith('/data_deletion_requests') && type.startsWith('application/x-www-form-urlencoded')
	);
}
