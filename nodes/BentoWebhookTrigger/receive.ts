import { randomUUID } from 'crypto';
import type { IWebhookFunctions, IWebhookResponseData } from 'n8n-workflow';
import { CORRELATION_HEADER, writeAnswer, writeRejection } from '../shared/http/inbound/answer';
import { correlationId } from '../shared/http/inbound/correlation';
import { readHead } from '../shared/http/inbound/head';
import type { RequestStream, ResponseStream } from '../shared/http/inbound/types';
import { decide } from './decide';
import type { Arrival, Verdict } from './verdict';

/** The answer is written; n8n has nothing to add and nothing to start. */
const ANSWERED: IWebhookResponseData = { noWebhookResponse: true };

/**
 * Receives one request: decides, answers, and hands n8n the item to start with, if any. It never throws and
 * never leaves a request without an answer, as n8n would record every throw as a failed execution.
 */
export async function receive(context: IWebhookFunctions): Promise<IWebhookResponseData> {
	const request: unknown = context.getRequestObject();
	const response: unknown = context.getResponseObject();
	if (!isRequest(request) || !isResponse(response)) return {};
	const head = readHead(request);
	const requestId = correlationId(head, randomUUID);
	const arrival: Arrival = { request, head, requestId, receivedAt: Date.now() };
	const verdict = await decideSafely(context, arrival);
	log(context, requestId, verdict);
	switch (verdict.kind) {
		case 'reject':
			writeRejection(response, verdict.rejection, requestId, verdict.headers);
			return ANSWERED;
		case 'skip':
			writeAnswer(response, 200, { [verdict.why]: true }, { [CORRELATION_HEADER]: requestId });
			return ANSWERED;
		case 'start':
			return start(response, requestId, verdict);
	}
}

async function decideSafely(context: IWebhookFunctions, arrival: Arrival): Promise<Verdict> {
	try {
		return await decide(context, arrival);
	} catch (error) {
		return { kind: 'reject', rejection: { code: 'unexpected' }, problem: describeSafely(error) };
	}
}

/** An error's kind and place, without its message, which may quote what it failed on. */
function describeSafely(error: unknown): string {
	if (!(error instanceof Error)) return typeof error;
	const place = /\n\s+at (?:.*[\\/])?([\w.-]+:\d+)/.exec(error.stack ?? '')?.[1];
	return `${error.constructor.name} at ${place ?? 'an unknown place'}`;
}

/**
 * n8n answers, once it has taken the execution on. Where it answers with a failure, the sender will try
 * again, and that try is no duplicate.
 */
function start(
	response: ResponseStream,
	requestId: string,
	verdict: Verdict & { kind: 'start' },
): IWebhookResponseData {
	const { item, immediateBody, release } = verdict;
	response.setHeader(CORRELATION_HEADER, requestId);
	if (immediateBody !== undefined) {
		response.setHeader('Content-Type', isJson(immediateBody) ? 'application/json' : 'text/plain');
	}
	response.once('finish', () => {
		if (response.statusCode >= 500) release();
	});
	return { workflowData: [[{ json: item }]], webhookResponse: immediateBody };
}

/** One line for each request. */
function log(context: IWebhookFunctions, requestId: string, verdict: Verdict): void {
	const words = {
		start: () => 'taken',
		skip: (why: string) => `taken without an execution: ${why}`,
		reject: (code: string) => `turned away: ${code}`,
	};
	const outcome =
		verdict.kind === 'start'
			? words.start()
			: verdict.kind === 'skip'
				? words.skip(verdict.why)
				: words.reject(verdict.rejection.code);
	const problem = verdict.kind === 'reject' && verdict.problem ? ` (${verdict.problem})` : '';
	context.logger.debug(`Bento webhook ${requestId} ${outcome}${problem}`);
}

function isJson(text: string): boolean {
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
	return hasMethods(value, ['end', 'once', 'setHeader', 'writeHead']);
}

function hasMethods(value: unknown, names: readonly string[]): value is object {
	return (
		typeof value === 'object' &&
		value !== null &&
		names.every((name) => typeof Reflect.get(value, name) === 'function')
	);
}
