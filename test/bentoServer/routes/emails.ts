import { takeBatch } from '../batch';
import { findOrCreatePerson } from '../people';
import type { Site } from '../site';
import type { ParsedResponse, Route, RouteRequest } from '../types';
import { BLANK, isEmail, isRecord, isText, list, type Problem } from '../values';

/** By the documentation; one SDK says 100. */
const MOST = 60;

interface Email extends Readonly<Record<string, unknown>> {
	readonly to: string;
	readonly from: string;
}

/** `POST /batch/emails` (bentonow.com/docs/emails_api), and `GET /fetch/authors`, which no page documents. */
export function emailRoutes(site: Site): Route[] {
	return [
		{ method: 'POST', path: '/batch/emails', handle: (request) => send(site, request) },
		{ method: 'GET', path: '/fetch/authors', handle: () => list(authors(site)) },
	];
}

/** Whether Bento sends in this address's name. */
export function isAuthor({ state }: Site, email: unknown): boolean {
	return state.authors.some((author) => author.email === email);
}

export const NO_AUTHOR = 'Author not authorized to send on this account';

function authors({ state }: Site) {
	return state.authors.map(({ id, ...attributes }) => ({ id, type: 'authors', attributes }));
}

function send(site: Site, request: RouteRequest): ParsedResponse {
	const { refuseRecords, failRecords } = site.rules;
	let strangers = 0;
	const kept: Email[] = [];
	const answer = takeBatch<Email>(
		{
			wrapper: 'emails',
			most: MOST,
			read(entry, problems) {
				const email = readEmail(entry, problems);
				if (email && !isAuthor(site, addressIn(email.from))) strangers += 1;
				return email;
			},
			refuse: refuseRecords && ((email) => refuseRecords(email, 'emails')),
			fail: failRecords && ((email) => failRecords(email, 'emails')),
			take: (email) => kept.push(email),
			alwaysCountsFailed: false,
		},
		request,
	);
	if (answer.status !== 200) return answer;
	// One sender that may not send fails the whole request (bento-node-sdk and bento-laravel-sdk look for these words).
	if (strangers > 0) return { status: 500, body: { error: NO_AUTHOR } };
	for (const email of kept) {
		site.state.emails.push(email);
		findOrCreatePerson(site, addressIn(email.to));
	}
	return answer;
}

function readEmail(entry: unknown, problems: Problem[]): Email | undefined {
	const email = isRecord(entry) ? entry : {};
	const { to, from } = email;
	const before = problems.length;
	if (!isText(to) || !isEmail(addressIn(to))) problems.push({ field: 'to', message: 'is invalid' });
	if (!isText(from)) problems.push({ field: 'from', message: BLANK });
	if (!isText(email.subject)) problems.push({ field: 'subject', message: BLANK });
	if (!isText(email.html_body) && !isText(email.text_body)) {
		problems.push({ field: 'html_body', message: BLANK });
	}
	if (problems.length > before || !isText(to) || !isText(from)) return undefined;
	return { ...email, to, from };
}

/** `Ada <ada@example.com>` is `ada@example.com`: a display name is ignored. */
function addressIn(text: string): string {
	return /<([^<>]+)>\s*$/.exec(text)?.[1] ?? text.trim();
}
