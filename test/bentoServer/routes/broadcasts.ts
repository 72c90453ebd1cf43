import { readList } from '../batch';
import { isoNow, type Site } from '../site';
import { takeId, type Broadcast } from '../state';
import type { ParsedResponse, Route, RouteRequest } from '../types';
import { isRecord, isText, list, ok, pageOf, pageSize, refusal } from '../values';
import { isAuthor, NO_AUTHOR } from './emails';

/** By bentonow/api's OpenAPI file of 2024; no page documents a number. */
const MOST = 100;

/** `plain` and `raw` by the documentation; the others by Bento's SDKs. */
const TYPES: readonly unknown[] = ['html', 'markdown', 'plain', 'raw'];

/** `/fetch/broadcasts` and `/batch/broadcasts` (bentonow.com/docs/broadcasts). */
export function broadcastRoutes(site: Site): Route[] {
	return [
		{ method: 'GET', path: '/fetch/broadcasts', handle: (request) => read(site, request) },
		{ method: 'POST', path: '/batch/broadcasts', handle: (request) => create(site, request) },
	];
}

/** Without a status, what is sent. */
function read({ state }: Site, { query }: RouteRequest): ParsedResponse {
	const { status = 'sent', created_after: after = '' } = query;
	const found = state.broadcasts.filter(
		(broadcast) => broadcast.status === status && broadcast.createdAt > after,
	);
	return list(pageOf(found, query, pageSize(query)).map(present));
}

interface Failure {
	readonly index: number;
	readonly name: string | null;
	readonly error: string;
}

/** The one batch call that says which records failed, and why. All it makes are drafts. */
function create(site: Site, { body, fault }: RouteRequest): ParsedResponse {
	const given = readList(body, 'broadcasts', MOST);
	if ('answer' in given) return given.answer;
	const inputs = given.entries.map((entry) => (isRecord(entry) ? entry : {}));
	if (inputs.some((input) => site.rules.refuseRecords?.(input, 'broadcasts'))) {
		return refusal({ field: 'broadcasts', message: 'is invalid' });
	}
	const lost = fault?.kind === 'partial' ? fault.failed : 0;
	const created: Broadcast[] = [];
	const failures: Failure[] = [];
	inputs.forEach((input, index) => {
		const unlucky = index >= inputs.length - lost ? 'could not be created' : undefined;
		const error = problemOf(site, input) ?? unlucky;
		if (error === undefined) created.push(createDraft(site, input));
		else failures.push({ index, name: isText(input.name) ? input.name : null, error });
	});
	const results = fault?.kind === 'fewer' ? fault.results : created.length;
	const failed = fault?.kind === 'fewer' ? 0 : failures.length;
	return ok({ results, failed, broadcasts: created.map(presentCreated), failures });
}

function problemOf(site: Site, input: Readonly<Record<string, unknown>>): string | undefined {
	for (const key of ['name', 'subject', 'content']) {
		if (!isText(input[key])) return `${key} can't be blank`;
	}
	if (!TYPES.includes(input.type)) return 'type is not included in the list';
	if (!isRecord(input.from) || !isAuthor(site, input.from.email)) return NO_AUTHOR;
	return site.rules.failRecords?.(input, 'broadcasts') ? 'is invalid' : undefined;
}

/** A broadcast that is approved with a date stays a draft, too: what Bento does with it today isn't documented. */
function createDraft(site: Site, input: Readonly<Record<string, unknown>>): Broadcast {
	const draft: Broadcast = {
		id: takeId(site.state),
		name: String(input.name),
		status: 'draft',
		subject: String(input.subject),
		html: String(input.content),
		createdAt: isoNow(site),
		sendAt: isText(input.send_at) ? input.send_at : null,
		sentAt: null,
		openRate: 0,
		input,
	};
	site.state.broadcasts.push(draft);
	return draft;
}

function presentCreated({ id, name }: Broadcast) {
	const number = Number(id);
	const page = `https://app.bentonow.com/account/broadcasts/${id}`;
	return { id: number, template_id: number, name, dashboard_url: page };
}

function present({ id, name, subject, html, createdAt, sendAt, sentAt, openRate }: Broadcast) {
	return {
		id,
		type: 'broadcasts',
		attributes: {
			name,
			share_url: `https://example.com/broadcasts/${id}`,
			template: { subject, to: '{{ visitor.email }}', html },
			created_at: createdAt,
			sent_final_batch_at: sentAt,
			send_at: sendAt,
			stats: { open_rate: openRate },
		},
	};
}
