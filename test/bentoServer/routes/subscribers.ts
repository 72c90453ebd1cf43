import { takeBatch } from '../batch';
import {
	addTag,
	findOrCreatePerson,
	findPerson,
	presentPerson,
	removeTag,
	writeField,
} from '../people';
import type { Site } from '../site';
import type { ParsedResponse, Route, RouteRequest } from '../types';
import { badRequest, isEmail, isRecord, ok, refusal, unwrap, type Problem } from '../values';

interface Import extends Readonly<Record<string, unknown>> {
	readonly email: string;
}

/** `/fetch/subscribers` and `/batch/subscribers` (bentonow.com/docs/subscribers). */
export function subscriberRoutes(site: Site): Route[] {
	return [
		{ method: 'GET', path: '/fetch/subscribers', handle: (request) => find(site, request) },
		{ method: 'POST', path: '/fetch/subscribers', handle: (request) => create(site, request) },
		{ method: 'POST', path: '/batch/subscribers', handle: (request) => take(site, request) },
	];
}

/** If none is found, the response is 200 with nothing in it, and so it is for a look-up without a key. */
function find(site: Site, { query }: RouteRequest): ParsedResponse {
	const person = findPerson(site.state, query);
	return ok(person ? { data: presentPerson(person) } : {});
}

/** Finds or creates; other keys beside the email are ignored. */
function create(site: Site, { body }: RouteRequest): ParsedResponse {
	const subscriber = unwrap(body, 'subscriber');
	if (!subscriber) return badRequest('subscriber is missing');
	const { email } = subscriber;
	if (!isEmail(email)) return refusal({ field: 'email', message: 'is invalid' });
	const before = site.state.people.size;
	const person = findOrCreatePerson(site, email);
	const created = site.state.people.size > before;
	return { status: created ? 201 : 200, body: { data: presentPerson(person) } };
}

function take(site: Site, request: RouteRequest): ParsedResponse {
	const { refuseRecords, failRecords } = site.rules;
	return takeBatch<Import>(
		{
			wrapper: 'subscribers',
			most: 1000,
			read: readImport,
			refuse: refuseRecords && ((record) => refuseRecords(record, 'subscribers')),
			fail: failRecords && ((record) => failRecords(record, 'subscribers')),
			take: (record) => takeImport(site, record),
			alwaysCountsFailed: true,
		},
		request,
	);
}

function readImport(entry: unknown, problems: Problem[]): Import | undefined {
	const { email, ...rest } = isRecord(entry) ? entry : {};
	if (!isEmail(email)) {
		problems.push({ field: 'email', message: 'is invalid' });
		return undefined;
	}
	for (const [key, value] of Object.entries(rest)) {
		if (typeof value === 'object' && value !== null) {
			problems.push({ field: key, message: 'must not be nested' });
			return undefined;
		}
	}
	return { ...rest, email };
}

/** Upserts. Tags come as comma-separated names, and every key that Bento doesn't know is a custom field. */
function takeImport(site: Site, record: Import): void {
	const { email, tags, remove_tags: gone, ...fields } = record;
	const person = findOrCreatePerson(site, email);
	for (const name of namesIn(tags)) addTag(site, person, name);
	for (const name of namesIn(gone)) removeTag(site, person, name);
	for (const [key, value] of Object.entries(fields)) writeField(site, person, key, value);
}

function namesIn(value: unknown): string[] {
	if (typeof value !== 'string') return [];
	return value
		.split(',')
		.map((name) => name.trim())
		.filter((name) => name !== '');
}
