import { randomUUID } from 'crypto';
import {
	sleep,
	type IDataObject,
	type INode,
	type IWebhookFunctions,
	type IWebhookResponseData,
} from 'n8n-workflow';
import {
	REQUEST_ID_HEADER,
	writeResponse,
	writeLastRejection,
	writeRejection,
	type Rejection,
	type RejectionCode,
	type ResponseStream,
} from '../shared/http/server/response';
import { announcesTooMuch, readBody } from '../shared/http/server/body';
import {
	readHead,
	sentRequestId,
	type RequestHead,
	type RequestStream,
} from '../shared/http/server/head';
import { readPayload } from '../shared/http/server/payload';
import {
	challenge,
	findPresented,
	isAcceptedSecret,
	type Scheme,
} from '../shared/http/server/secret';
import type { Redact } from '../shared/http/redact';
import { systemClock } from '../shared/http/client/rateLimiter';
import { wasDeactivated } from './activation';
import { toOutput, visibleQuery } from './output';
import { loadPerson, type Profile } from './subscriber';
import { meetsAll } from './conditions';
import { eventsOf, normalize, sourcesOf, type Recognized } from './normalize';
import {
	identify,
	topicsOf,
	type Claim,
	type Claimed,
	type Identity,
	type ClaimResult,
} from './duplicates';
import type { Settings } from './settings';
import { SECRET_SERVES, stateOf, type TriggerState } from './state';

/** One request, from authentication to response, from top to bottom. */

/** More would only cost time. */
const MAX_HEADERS = 200;

/** Between two pieces of a body, in ms. */
const MAX_PAUSE = 20_000;

/** Levels of objects and arrays in a body; the deepest payloads that senders document have five. */
const MAX_DEPTH = 100;

/** How long a repeat waits for the result of the first, in ms; senders give up at about this time. */
const MAX_WAIT = 25_000;

/** Methods that only read (RFC 9110, section 9.2.1): repeating one is asking again. */
const READS = new Set(['GET', 'HEAD']);

/** A request in progress. */
interface Arrival {
	readonly context: IWebhookFunctions;
	readonly node: INode;
	readonly state: TriggerState;
	readonly request: RequestStream;
	readonly response: ResponseStream;
	readonly head: RequestHead;
	/** In ms since the epoch. */
	readonly receivedAt: number;
	/** The sender's own once the sender is known: strangers don't write into the log. */
	requestId: string;
	/** Whether the body was read to its end, so that the connection can serve another request. */
	bodyRead: boolean;
}

/** What becomes of a request. */
type WebhookDecision =
	| {
			readonly kind: 'start';
			readonly item: IDataObject;
			readonly settings: Settings;
			readonly claim: Claim;
	  }
	/** Accepted, intentionally without an execution. */
	| { readonly kind: 'skip'; readonly why: 'duplicate' | 'ignored' }
	| {
			readonly kind: 'reject';
			readonly rejection: Rejection;
			readonly headers?: Readonly<Record<string, string>>;
			/** For the operator's log: what to change. Never a value. */
			readonly problem?: string;
	  };
type Rejected = WebhookDecision & { readonly kind: 'reject' };

/** The response is written; n8n has nothing to add and nothing to start. */
const RESPONDED: IWebhookResponseData = { noWebhookResponse: true };

/**
 * Receives one request: decides, responds, and hands n8n the item to start with, if any. It never throws and never
 * leaves a request without a response, as n8n would record every throw as a failed execution.
 */
export async function receive(context: IWebhookFunctions): Promise<IWebhookResponseData> {
	const request: unknown = context.getRequestObject();
	const response: unknown = context.getResponseObject();
	if (!isRequest(request) || !isResponse(response)) return {};
	const node = context.getNode();
	const receivedAt = Date.now();
	const arrival: Arrival = {
		context,
		node,
		state: stateOf(context, node, receivedAt),
		request,
		response,
		head: readHead(request),
		receivedAt,
		requestId: randomUUID(),
		bodyRead: false,
	};
	const decision = await decideSafely(arrival);
	log(arrival, decision);
	switch (decision.kind) {
		case 'start':
			return start(arrival, decision);
		case 'skip':
			writeResponse(response, 200, { [decision.why]: true }, arrival.requestId);
			return RESPONDED;
		case 'reject': {
			const { rejection, headers = {} } = decision;
			if (arrival.bodyRead) writeRejection(response, rejection, arrival.requestId, headers);
			else writeLastRejection(arrival, rejection, arrival.requestId, headers, sleep);
			return RESPONDED;
		}
	}
}

async function decideSafely(arrival: Arrival): Promise<WebhookDecision> {
	try {
		return await decide(arrival);
	} catch (error) {
		return reject('unexpected', { problem: describeSafely(error) });
	}
}

/** An error's kind and place, without its message, which may quote what it failed on. */
function describeSafely(error: unknown): string {
	if (!(error instanceof Error)) return typeof error;
	const place = /\n\s+at (?:.*[\\/])?([\w.-]+:\d+)/.exec(error.stack ?? '')?.[1];
	return `${error.constructor.name} at ${place ?? 'an unknown place'}`;
}

function reject(
	code: RejectionCode,
	more: { headers?: Record<string, string>; problem?: string } = {},
): Rejected {
	return { kind: 'reject', rejection: { code }, ...more };
}

/**
 * Takes a request through every check, the cheap ones first: size, address, secret, body, events, conditions, repeats.
 * Up to the secret nothing of the request is kept, and no credential is read for a request without one.
 */
async function decide(arrival: Arrival): Promise<WebhookDecision> {
	const { context, node, state, head, request } = arrival;
	const read = state.settings.read(context, node);
	if (!read.ok) return reject('not_configured', { problem: read.problem });
	const { settings } = read;
	const { scheme, maxBytes } = settings;
	if (head.rawHeaders.length > 2 * MAX_HEADERS) return reject('headers_too_many');
	if (announcesTooMuch(head, maxBytes)) return reject('body_too_large');
	if (!settings.allows(head.address)) return reject('address_not_allowed');

	const authenticated = await authenticate(arrival, scheme, arrival.receivedAt);
	if (authenticated.kind === 'reject') return authenticated;

	const body = await readBody(request, head, { maxBytes, maxPause: MAX_PAUSE });
	if (!body.ok) return reject(body.code);
	arrival.bodyRead = true;
	// A sender can take minutes over a body; in that time the secret may have changed.
	const now = Date.now();
	if (now - authenticated.secretsReadAt >= SECRET_SERVES) {
		if (wasDeactivated(context, arrival.receivedAt)) return reject('not_active');
		const again = await authenticate(arrival, scheme, now);
		if (again.kind === 'reject') return again;
	}

	const { redact } = authenticated;
	const result = readPayload(body.bytes, head, {
		maxDepth: MAX_DEPTH,
		acceptBrokenJson: settings.acceptBrokenJson,
		redact,
	});
	if (!result.ok) return { kind: 'reject', rejection: result.rejection };
	const { payload } = result;
	const query = visibleQuery(head, scheme, redact);
	const topics = topicsOf(head).map(([, topic]) => redact(topic));
	const recognized = normalize(payload.value, query, topics);
	// What can't be read may be any event.
	if (!payload.isBroken && !eventsOf(payload.value, recognized).some(settings.wants)) {
		return { kind: 'skip', why: 'ignored' };
	}

	const identity = identify(head, query, body.bytes, recognized, settings.duplicates);
	const itemWith = (profile: Profile | null) =>
		toOutput({
			head,
			query,
			payload,
			keepsRawBody: settings.rawBody,
			recognized,
			profile,
			scheme,
			redact,
			requestId: arrival.requestId,
			idempotencyKey: identity.key,
			receivedAt: arrival.receivedAt,
		});
	const { conditions } = settings;
	if (conditions.length > 0 && !payload.isBroken) {
		const item = itemWith(null);
		const each = sourcesOf(payload.value).map((source) => ({
			...item,
			...normalize(source, query, topics),
			body: source,
		}));
		// Of a list of events, one is enough.
		if (![item, ...each].some((one) => meetsAll(one, conditions))) {
			return { kind: 'skip', why: 'ignored' };
		}
	}
	return await onlyOnce(arrival, settings, identity, async (claim) => {
		const person = await personFor(context, settings, recognized);
		if (person.kind === 'reject') return person;
		return { kind: 'start', item: itemWith(person.profile), settings, claim };
	});
}

interface Authenticated {
	readonly kind: 'authenticated';
	readonly redact: Redact;
	/** In ms since the epoch. */
	readonly secretsReadAt: number;
}

/**
 * Checks what a request presents. One without a secret is rejected before the credential is read. A missing and a wrong
 * one get the same response, so that a sender learns nothing from trying.
 *
 * @param now in ms since the epoch
 */
async function authenticate(
	arrival: Arrival,
	scheme: Scheme,
	now: number,
): Promise<Rejected | Authenticated> {
	const { context, node, state, head } = arrival;
	const unauthorized = () =>
		reject('unauthorized', { headers: { 'WWW-Authenticate': challenge(scheme) } });
	const presented = findPresented(head, scheme);
	if (scheme.kind !== 'none' && presented.kind !== 'value') return unauthorized();
	const read = state.secrets(context, node, scheme, now);
	const secrets = await read.result;
	if (!secrets.ok) return reject('not_configured', { problem: secrets.problem });
	if (presented.kind === 'value' && !isAcceptedSecret(presented.readings, secrets.accepted)) {
		return unauthorized();
	}
	const sent = sentRequestId(head);
	if (sent !== undefined && secrets.redact(sent) === sent) arrival.requestId = sent;
	return { kind: 'authenticated', redact: secrets.redact, secretsReadAt: read.began };
}

/** A claim on nothing: for test runs, and if repeats are wanted. */
const NO_CLAIM: Claim = {
	commit: () => undefined,
	settle: () => undefined,
	release: () => undefined,
};

/**
 * Runs `work` unless an equal request came before. A user who tests by hand sends the same payload again and
 * again, so test runs are left alone. Nothing is awaited between looking and remembering.
 */
async function onlyOnce(
	{ context, state, head, receivedAt }: Arrival,
	{ duplicates, immediateBody }: Settings,
	identity: Identity,
	work: (claim: Claim) => Promise<WebhookDecision>,
): Promise<WebhookDecision> {
	const asksAgain = duplicates.repeatsReads && READS.has(head.method);
	const isOff = !duplicates.ignored || identity.window === 0 || asksAgain;
	if (isOff || context.getMode() === 'manual') return await work(NO_CLAIM);
	const memory = state.duplicates;
	const staticData = duplicates.stored ? context.getWorkflowStaticData('node') : {};
	memory.adopt(staticData, receivedAt);
	const claimed = memory.claim(identity, receivedAt);
	const decision =
		claimed.kind === 'first'
			? await workOrRelease(claimed.claim, work)
			: await decideRepeat(claimed);
	// n8n responds immediately, so the sender won't learn of anything that happens later.
	if (decision.kind === 'start' && immediateBody !== undefined) decision.claim.commit();
	memory.store(staticData);
	return decision;
}

/** Anything that keeps the workflow from starting makes the request new again, for the sender's next try. */
async function workOrRelease(
	claim: Claim,
	work: (claim: Claim) => Promise<WebhookDecision>,
): Promise<WebhookDecision> {
	let why: Rejection = { code: 'unexpected' };
	let started = false;
	try {
		const decision = await work(claim);
		if (decision.kind === 'reject') why = decision.rejection;
		started = decision.kind === 'start';
		return decision;
	} finally {
		if (!started) claim.release(why);
	}
}

/**
 * What a repeat is told. A sender that timed out while the first was in progress must not be told that all is well if
 * it then fails, so a repeat waits and shares the result of the first.
 */
async function decideRepeat({ result }: Claimed & { kind: 'repeat' }): Promise<WebhookDecision> {
	const stillRunning: ClaimResult = { code: 'still_running' };
	const known = result instanceof Promise ? await withinMaxWait(result, stillRunning) : result;
	return known === 'settled'
		? { kind: 'skip', why: 'duplicate' }
		: { kind: 'reject', rejection: known };
}

/** Leaves no timer of {@link MAX_WAIT} behind once the result is known. */
async function withinMaxWait(
	result: Promise<ClaimResult>,
	otherwise: ClaimResult,
): Promise<ClaimResult> {
	const known = new AbortController();
	const waited = systemClock.sleep(MAX_WAIT, known.signal).then(() => otherwise);
	try {
		return await Promise.race([result, waited]);
	} finally {
		known.abort();
	}
}

async function personFor(
	context: IWebhookFunctions,
	settings: Settings,
	{ email, visitorUuid }: Recognized,
): Promise<Rejected | { readonly kind: 'person'; readonly profile: Profile | null }> {
	if (settings.loadPerson === 'no') return { kind: 'person', profile: null };
	const loaded = await loadPerson(context, email, visitorUuid);
	if (loaded.kind === 'answered') return { kind: 'person', profile: loaded.profile };
	const { problem } = loaded;
	return settings.loadPerson === 'orStart'
		? { kind: 'person', profile: { found: false, problem } }
		: reject('person_not_loaded', { problem });
}

/**
 * Hands n8n the item. n8n responds: immediately, or when the workflow says so. A failure makes the request new again,
 * also for a sender that has left by then: `finish` never comes for it, `prefinish` does.
 */
function start(
	{ response, requestId }: Arrival,
	{ item, settings, claim }: WebhookDecision & { kind: 'start' },
): IWebhookResponseData {
	const { immediateBody } = settings;
	if (!response.headersSent) {
		response.setHeader(REQUEST_ID_HEADER, requestId);
		if (immediateBody !== undefined) {
			response.setHeader(
				'Content-Type',
				isValidJson(immediateBody) ? 'application/json' : 'text/plain',
			);
		}
	}
	response.once('prefinish', () => {
		if (response.statusCode >= 400) claim.release({ code: 'workflow_failed' });
		else claim.settle();
	});
	return { workflowData: [[{ json: item }]], webhookResponse: immediateBody };
}

/** One line for each request. What an operator has to change is a warning, once. */
function log({ context, node, state, requestId }: Arrival, decision: WebhookDecision): void {
	const problem = decision.kind === 'reject' ? decision.problem : undefined;
	const place = { workflowId: context.getWorkflow().id, nodeName: node.name };
	const isUnfit = decision.kind === 'reject' && decision.rejection.code === 'not_configured';
	if (isUnfit && problem !== undefined && state.warned !== problem) {
		state.warned = problem;
		context.logger.warn(
			`Bento webhook: requests are rejected ('${node.name}' of workflow ${place.workflowId ?? ''}) until this is changed. ${problem}.`,
			place,
		);
	}
	if (decision.kind === 'start') state.warned = undefined;
	const details = problem === undefined ? '' : ` (${problem})`;
	context.logger.debug(`Bento webhook ${requestId} ${outcomeOf(decision)}${details}`, place);
}

function outcomeOf(decision: WebhookDecision): string {
	switch (decision.kind) {
		case 'start':
			return 'accepted';
		case 'skip':
			return `accepted without an execution: ${decision.why}`;
		case 'reject':
			return `rejected: ${decision.rejection.code}`;
	}
}

function isValidJson(text: string): boolean {
	try {
		JSON.parse(text);
		return true;
	} catch {
		return false;
	}
}

function isRequest(value: unknown): value is RequestStream {
	return hasMethods(value, ['on', 'off', 'resume']) && 'headers' in value;
}

function isResponse(value: unknown): value is ResponseStream {
	return hasMethods(value, ['end', 'once', 'setHeader', 'write', 'writeHead']);
}

function hasMethods(value: unknown, names: readonly string[]): value is object {
	return (
		typeof value === 'object' &&
		value !== null &&
		names.every((name) => typeof Reflect.get(value, name) === 'function')
	);
}
