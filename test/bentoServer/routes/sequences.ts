import { isoNow, type Site } from '../site';
import { takeId, type Sequence, type Template } from '../state';
import type { ParsedResponse, Route, RouteRequest } from '../types';
import {
	badRequest,
	BLANK,
	isText,
	list,
	missing,
	pageOf,
	refusal,
	unwrap,
	type Problem,
} from '../values';
import { presentTemplate } from './templates';

const DELAYS: readonly unknown[] = [undefined, 'days', 'hours', 'minutes', 'months'];

/** `/fetch/sequences` and `/fetch/workflows` (bentonow.com/docs/sequences_api, /docs/workflows_api). */
export function sequenceRoutes(site: Site): Route[] {
	return [
		{
			method: 'GET',
			path: '/fetch/sequences',
			handle: ({ query }) =>
				list(pageOf(site.state.sequences, query).map((row) => present(site, row, 'sequences'))),
		},
		{
			method: 'POST',
			path: '/fetch/sequences/:id/emails/templates',
			handle: (request) => addEmail(site, request),
		},
		{
			method: 'GET',
			path: '/fetch/workflows',
			handle: ({ query }) =>
				list(
					pageOf(site.state.workflows, query).map((row) =>
						present(site, row, 'workflows', { status: row.status }),
					),
				),
		},
	];
}

/** Appends an email and responds with its template. */
function addEmail(site: Site, { params, body }: RouteRequest): ParsedResponse {
	const sequence = site.state.sequences.find(({ id }) => id === params.id);
	if (!sequence) return missing('Sequence');
	const input = unwrap(body, 'email_template');
	if (!input) return badRequest('email_template is missing');
	const { subject, html } = input;
	if (!isText(subject)) return refusal({ field: 'subject', message: BLANK });
	if (!isText(html)) return refusal({ field: 'html', message: BLANK });
	const problem = problemOfDelay(input);
	if (problem) return refusal(problem);
	const template: Template = {
		id: takeId(site.state),
		name: `${sequence.name} ${sequence.templateIds.length + 1}`,
		subject,
		html,
		createdAt: isoNow(site),
		stats: null,
		input,
	};
	site.state.templates.push(template);
	sequence.templateIds.push(template.id);
	return { status: 201, body: { data: presentTemplate(template) } };
}

function problemOfDelay(input: Readonly<Record<string, unknown>>): Problem | undefined {
	const { delay_interval: unit, delay_interval_count: count } = input;
	if (!DELAYS.includes(unit)) {
		return { field: 'delay_interval', message: 'is not included in the list' };
	}
	if (count === undefined || Number.isInteger(count)) return undefined;
	return { field: 'delay_interval_count', message: 'is not a number' };
}

/**
 * The emails are numbered here, and have text for an ID where they are fetched. Bento documents them without their
 * HTML; the lists of real accounts have it.
 */
function present({ state }: Site, row: Sequence, type: string, more: object = {}) {
	const templates = state.templates.filter(({ id }) => row.templateIds.includes(id));
	return {
		id: row.id,
		type,
		attributes: {
			name: row.name,
			created_at: row.createdAt,
			...more,
			email_templates: templates.map(({ id, subject, html, stats }) => ({
				id: Number(id),
				subject,
				stats,
				html,
			})),
		},
	};
}
