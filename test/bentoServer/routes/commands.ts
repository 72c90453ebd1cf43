import { takeBatch } from '../batch';
import {
	addTag,
	changeEmail,
	findOrCreatePerson,
	findPerson,
	removeTag,
	writeField,
} from '../people';
import { isoNow, type Site } from '../site';
import type { Person, SentCommand } from '../state';
import type { ParsedResponse, Route, RouteRequest } from '../types';
import { isEmail, isRecord, isText, type Problem } from '../values';

/** What each command wants as its query. */
const QUERIES: ReadonlyMap<string, 'email' | 'field' | 'none' | 'text'> = new Map([
	['add_field', 'field'],
	['add_tag', 'text'],
	['add_tag_via_event', 'text'],
	['change_email', 'email'],
	['remove_field', 'text'],
	['remove_tag', 'text'],
	['subscribe', 'none'],
	['unsubscribe', 'none'],
]);

/** As docs.bentonow.com/api-v1/commands had it. */
const MOST = 100;

/** `POST /fetch/commands` (bentonow.com/docs/subscribers): an array of commands, or one. */
export function commandRoutes(site: Site): Route[] {
	return [{ method: 'POST', path: '/fetch/commands', handle: (request) => take(site, request) }];
}

function take(site: Site, request: RouteRequest): ParsedResponse {
	const { refuseRecords, failRecords } = site.rules;
	return takeBatch<SentCommand>(
		{
			wrapper: 'command',
			most: MOST,
			read: readCommand,
			refuse: refuseRecords && ((command) => refuseRecords({ ...command }, 'command')),
			fail: failRecords && ((command) => failRecords({ ...command }, 'command')),
			take: (command) => run(site, command),
			alwaysCountsFailed: false,
		},
		{ ...request, body: asList(request.body) },
	);
}

function asList(body: unknown): unknown {
	return isRecord(body) && isRecord(body.command) ? { command: [body.command] } : body;
}

function readCommand(entry: unknown, problems: Problem[]): SentCommand | undefined {
	const { command, email, uuid, query } = isRecord(entry) ? entry : {};
	const wanted = typeof command === 'string' ? QUERIES.get(command) : undefined;
	const problem = ((): Problem | undefined => {
		if (wanted === undefined) return { field: 'command', message: 'is not included in the list' };
		if (!isEmail(email) && !isText(uuid)) return { field: 'email', message: 'is invalid' };
		return isQuery(wanted, query) ? undefined : { field: 'query', message: 'is invalid' };
	})();
	if (problem) problems.push(problem);
	if (problem || typeof command !== 'string') return undefined;
	return {
		command,
		...(typeof email === 'string' && { email }),
		...(typeof uuid === 'string' && { uuid }),
		...(query !== undefined && { query }),
	};
}

function isQuery(wanted: 'email' | 'field' | 'none' | 'text', query: unknown): boolean {
	if (wanted === 'none') return true;
	if (wanted === 'email') return isEmail(query);
	return wanted === 'text' ? isText(query) : isRecord(query) && isText(query.key);
}

/** Unknown subscribers, tags, and fields are created (bento-node-sdk, src/sdk/commands). */
function run(site: Site, sent: SentCommand): void {
	site.state.commands.push(sent);
	const person =
		sent.email === undefined ? findPerson(site.state, sent) : findOrCreatePerson(site, sent.email);
	if (person) obey(site, person, sent);
}

function obey(site: Site, person: Person, { command, query }: SentCommand): void {
	const text = typeof query === 'string' ? query : '';
	switch (command) {
		case 'add_tag':
		case 'add_tag_via_event':
			return addTag(site, person, text);
		case 'remove_tag':
			return removeTag(site, person, text);
		case 'add_field':
			if (isRecord(query)) writeField(site, person, String(query.key), query.value);
			return;
		case 'remove_field':
			person.fields.delete(text);
			return;
		case 'change_email':
			return changeEmail(site.state, person, text);
		case 'subscribe':
			person.unsubscribedAt = null;
			return;
		default:
			person.unsubscribedAt ??= isoNow(site);
	}
}
