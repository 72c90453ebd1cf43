import { firstHeader } from './head';
import type { RequestHead } from './types';

/** Short, and free of anything that could break a log line or a header. */
const SANE = /^[A-Za-z0-9._:-]{1,128}$/;

/**
 * The ID that a request is known by in the log, in the answer and in the output: the sender's `X-Request-Id`
 * where it is sane, else a new one.
 */
export function correlationId(head: RequestHead, newId: () => string): string {
	const sent = firstHeader(head, 'x-request-id');
	return sent !== undefined && SANE.test(sent) ? sent : newId();
}
