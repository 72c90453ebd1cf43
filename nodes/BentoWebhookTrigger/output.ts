import type { IDataObject } from 'n8n-workflow';
import { isDangerousKey, type QueryValues, type RequestHead } from '../shared/http/server/head';
import type { Payload } from '../shared/http/server/payload';
import type { Redact } from '../shared/http/redact';
import { carrierOf, type Carrier, type Scheme } from '../shared/http/server/secret';
import { USUAL_CARRIERS } from './schemes';
import type { Profile } from './subscriber';
import type { Recognized } from './normalize';

/** Headers that carry a secret of others, or say something about one connection only. */
const LEFT_OUT = new Set([
	'accept',
	'accept-encoding',
	'accept-language',
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
]);

/** Tells the names under which the secret comes, or may: WP Fusion's `access_key` contains one under any scheme. */
function hides(place: Carrier['place'], scheme: Scheme): (name: string) => boolean {
	const own = carrierOf(scheme);
	const ownName = own?.place === place ? own.name : undefined;
	return (name) => name === ownName || USUAL_CARRIERS[place].has(name);
}

/** The query as the workflow may see it: without the secret. */
export function visibleQuery(head: RequestHead, scheme: Scheme, redact: Redact): QueryValues {
	const visible: Record<string, string | string[]> = {};
	const isHidden = hides('query', scheme);
	for (const [name, value] of Object.entries(head.query)) {
		if (isHidden(name)) continue;
		visible[redact(name)] = typeof value === 'string' ? redact(value) : value.map(redact);
	}
	return visible;
}

function visibleHeaders(head: RequestHead, scheme: Scheme, redact: Redact): IDataObject {
	const visible: IDataObject = {};
	const isHidden = hides('header', scheme);
	for (const [name, value] of Object.entries(head.headers)) {
		if (value === undefined || LEFT_OUT.has(name) || isDangerousKey(name)) continue;
		if (isHidden(name)) continue;
		visible[redact(name)] = redact(typeof value === 'string' ? value : value.join(', '));
	}
	return visible;
}

export interface OutputParts {
	readonly head: RequestHead;
	/** Without the secret. */
	readonly query: QueryValues;
	readonly payload: Payload;
	readonly keepsRawBody: 'always' | 'auto' | 'never';
	readonly recognized: Recognized;
	readonly profile: Profile | null;
	readonly scheme: Scheme;
	readonly redact: Redact;
	readonly requestId: string;
	readonly idempotencyKey: string;
	/** In ms since the epoch. */
	readonly receivedAt: number;
}

/** In characters. A larger text would double the size of an item whose `body` says it all. */
const MAX_RAW_BODY = 65_536;

function hasRawBody({ payload, keepsRawBody }: OutputParts): boolean {
	if (keepsRawBody !== 'auto') return keepsRawBody === 'always';
	return payload.isBroken || payload.text.length <= MAX_RAW_BODY;
}

/** The values of a dynamic path such as `order/:id`. */
function visibleParams(head: RequestHead, redact: Redact): IDataObject {
	const visible: IDataObject = {};
	for (const [name, value] of Object.entries(head.params)) visible[redact(name)] = redact(value);
	return visible;
}

/** The one shape in which every sender's webhook enters the workflow; every key is always there. */
export function toOutput(parts: OutputParts): IDataObject {
	const { head, payload, recognized, profile, redact } = parts;
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
		rawBody: hasRawBody(parts) ? payload.text : null,
		parseError: payload.parseError ?? null,
		method: head.method,
		path: redact(head.path),
		params: visibleParams(head, redact),
		query: { ...parts.query },
		headers: visibleHeaders(head, parts.scheme, redact),
		receivedAt: new Date(parts.receivedAt).toISOString(),
		requestId: parts.requestId,
		idempotencyKey: parts.idempotencyKey,
	};
}
