import type { IDataObject } from 'n8n-workflow';
import { isDangerousKey } from '../shared/http/inbound/head';
import type { Payload } from '../shared/http/inbound/payload';
import type { Scheme } from '../shared/http/inbound/schemes';
import type { QueryValues, RequestHead } from '../shared/http/inbound/types';
import type { Profile } from './person';
import type { Recognized } from './recognize';
import { hideSecrets } from './secretCredential';

/** Headers that carry a secret, or say something about one connection only. */
const LEFT_OUT = new Set([
	'accept',
	'accept-encoding',
	'accept-language',
	'authorization',
	'connection',
	'content-length',
	'cookie',
	'expect',
	'keep-alive',
	'proxy-authorization',
	'proxy-connection',
	'te',
	'trailer',
	'transfer-encoding',
	'upgrade',
	'x-api-key',
	'x-bento-secret',
]);

/** Always a key, whichever scheme this node uses (WP Fusion's name for it). */
const SECRET_PARAMETER = 'access_key';

/** The query as the workflow may see it: without the secret. */
export function visibleQuery(
	head: RequestHead,
	scheme: Scheme,
	hidden: readonly string[],
): Record<string, string | string[]> {
	const visible: Record<string, string | string[]> = {};
	for (const [name, value] of Object.entries(head.query)) {
		if (name === SECRET_PARAMETER || (scheme.kind === 'query' && name === scheme.name)) continue;
		visible[hideSecrets(name, hidden)] =
			typeof value === 'string'
				? hideSecrets(value, hidden)
				: value.map((one) => hideSecrets(one, hidden));
	}
	return visible;
}

function visibleHeaders(head: RequestHead, scheme: Scheme, hidden: readonly string[]): IDataObject {
	const visible: IDataObject = {};
	for (const [name, value] of Object.entries(head.headers)) {
		if (value === undefined || LEFT_OUT.has(name) || isDangerousKey(name)) continue;
		if (scheme.kind === 'header' && name === scheme.name) continue;
		const text = typeof value === 'string' ? value : value.join(', ');
		visible[name] = hideSecrets(text, hidden);
	}
	return visible;
}

export interface OutputParts {
	readonly head: RequestHead;
	readonly query: QueryValues;
	readonly payload: Payload;
	readonly recognized: Recognized;
	readonly profile: Profile | null;
	readonly scheme: Scheme;
	readonly hidden: readonly string[];
	readonly requestId: string;
	readonly idempotencyKey: string;
	/** In ms since the epoch. */
	readonly receivedAt: number;
}

/** The one shape in which every sender's webhook enters the workflow; every key is always there. */
export function toOutput(parts: OutputParts): IDataObject {
	const { head, payload, recognized, profile, hidden } = parts;
	const { parseError } = payload;
	const found = profile?.found === true ? profile : undefined;
	return {
		event: recognized.event,
		email: recognized.email ?? found?.email ?? null,
		visitorUuid: recognized.visitorUuid ?? found?.uuid ?? null,
		externalId: recognized.externalId,
		workflow: recognized.workflow,
		sender: recognized.sender,
		action: recognized.action,
		actionOptions: { ...recognized.actionOptions },
		person: recognized.person,
		profile: profile === null ? null : { ...profile },
		details: recognized.details,
		sourceEvent: recognized.sourceEvent && { ...recognized.sourceEvent },
		opportunity: recognized.opportunity,
		contact: recognized.contact,
		body: payload.value,
		rawBody: payload.text,
		parseError: parseError
			? `The body is not valid JSON (line ${parseError.line}, column ${parseError.column})`
			: null,
		method: head.method,
		path: hideSecrets(head.path, hidden),
		query: { ...parts.query },
		headers: visibleHeaders(head, parts.scheme, hidden),
		receivedAt: new Date(parts.receivedAt).toISOString(),
		requestId: parts.requestId,
		idempotencyKey: parts.idempotencyKey,
	};
}
