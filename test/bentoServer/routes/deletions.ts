import { findPerson } from '../people';
import type { Site } from '../site';
import type { ParsedResponse, Route, RouteRequest } from '../types';
import { isEmail, refusal, unwrap } from '../values';

/**
 * `POST /data_deletion_requests` (bentonow.com/docs/data_deletion_requests_api), as a form or as JSON. It queues: the
 * subscriber is there until Bento gets to it, which this stand-in never does.
 */
export function deletionRoutes(site: Site): Route[] {
	return [
		{
			method: 'POST',
			path: '/data_deletion_requests',
			handle: (request) => queue(site, request),
		},
	];
}

function queue({ state }: Site, { body }: RouteRequest): ParsedResponse {
	const email = unwrap(body, 'data_deletion_request')?.email;
	if (!isEmail(email)) return refusal({ field: 'email', message: 'is invalid' });
	if (!findPerson(state, { email })) {
		return { status: 404, body: { error: 'visitor_not_found' } };
	}
	state.deletions.push(email);
	return { status: 202, body: { status: 'queued_for_anonymization' } };
}
