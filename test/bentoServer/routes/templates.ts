import type { Site } from '../site';
import type { Template } from '../state';
import type { ParsedResponse, Route, RouteRequest } from '../types';
import { badRequest, BLANK, isText, missing, ok, refusal, unwrap } from '../values';

/** `/fetch/emails/templates/:id` (bentonow.com/docs/email_templates_api). */
export function templateRoutes(site: Site): Route[] {
	const path = '/fetch/emails/templates/:id';
	return [
		{ method: 'GET', path, handle: (request) => read(site, request) },
		{ method: 'PATCH', path, handle: (request) => update(site, request) },
	];
}

export function presentTemplate({ id, name, subject, html, createdAt, stats }: Template) {
	return {
		id,
		type: 'email_templates',
		attributes: { name, subject, html, created_at: createdAt, stats },
	};
}

function find({ state }: Site, { params }: RouteRequest): Template | undefined {
	return state.templates.find(({ id }) => id === params.id);
}

function read(site: Site, request: RouteRequest): ParsedResponse {
	const template = find(site, request);
	return template ? ok({ data: presentTemplate(template) }) : missing('Email template');
}

/** A subject, HTML, or both. */
function update(site: Site, request: RouteRequest): ParsedResponse {
	const template = find(site, request);
	if (!template) return missing('Email template');
	const input = unwrap(request.body, 'email_template');
	if (!input) return badRequest('email_template is missing');
	const { subject = template.subject, html = template.html } = input;
	if (input.subject === undefined && input.html === undefined) {
		return refusal({ field: 'subject', message: BLANK });
	}
	if (!isText(subject)) return refusal({ field: 'subject', message: BLANK });
	if (!isText(html)) return refusal({ field: 'html', message: BLANK });
	Object.assign(template, { subject, html });
	return ok({ data: presentTemplate(template) });
}
