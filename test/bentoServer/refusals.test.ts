import { call } from './rawClient';
import { useBento } from '../support/useBento';

/** A stand-in that takes what Bento refuses would hide bugs, so what it refuses has tests; the rest has Bento's SDK. */

const server = useBento();

const EMAIL = {
	to: 'Mika <mika@example.net>',
	from: 'hello@example.com',
	subject: 'Receipt',
	html_body: '<p>Hi</p>',
};
const ADA = 'ada.byron@example.com';
const SEQUENCE = '/fetch/sequences/sequence_1a2b3c/emails/templates';
const many = (count: number, one: object) => Array.from({ length: count }, () => one);

it.each<[string, unknown, number]>([
	['DELETE /fetch/tags/3', {}, 400],
	['DELETE /fetch/tags/3', { tag: {} }, 422],
	['DELETE /fetch/tags/3', { tag: { name: 'customer' } }, 404],
	['DELETE /fetch/tags/99', { tag: { name: 'trial' } }, 404],
	['POST /fetch/tags', { name: 'vip' }, 400],
	['POST /fetch/tags', { tag: { name: ' ' } }, 422],
	['POST /batch/emails', {}, 400],
	['POST /batch/emails', { emails: [] }, 400],
	['POST /batch/emails', { emails: many(61, EMAIL) }, 400],
	['POST /batch/emails', { emails: [{ ...EMAIL, to: 'x' }] }, 422],
	['POST /batch/emails', { emails: [{ ...EMAIL, subject: undefined }] }, 422],
	['POST /batch/emails', { emails: [{ ...EMAIL, html_body: '' }] }, 422],
	['POST /batch/emails', { emails: [EMAIL, { ...EMAIL, from: 'stranger@example.com' }] }, 500],
	['POST /batch/broadcasts', {}, 400],
	['POST /fetch/sequences/none/emails/templates', { email_template: {} }, 404],
	[`POST ${SEQUENCE}`, {}, 400],
	[`POST ${SEQUENCE}`, { email_template: { subject: 'x' } }, 422],
	[`POST ${SEQUENCE}`, { email_template: { html: 'x' } }, 422],
	['PATCH /fetch/emails/templates/51', {}, 400],
	['PATCH /fetch/emails/templates/51', { email_template: {} }, 422],
	['PATCH /fetch/emails/templates/99', { email_template: { subject: 'x' } }, 404],
	['GET /fetch/emails/templates/99', undefined, 404],
	['POST /fetch/subscribers', {}, 400],
	['POST /fetch/subscribers', { subscriber: { email: 'x' } }, 422],
	['POST /batch/subscribers', { subscribers: [] }, 400],
	['POST /batch/subscribers', { subscribers: many(1001, { email: 'a@b.co' }) }, 400],
	['POST /batch/subscribers', { subscribers: [{ plan: 'x' }] }, 422],
	['POST /batch/subscribers', { subscribers: [{ email: 'a@b.co', tags: ['x'] }] }, 422],
	['POST /fetch/commands', {}, 400],
	['POST /fetch/commands', { command: many(101, {}) }, 400],
	['POST /fetch/commands', { command: [{ command: 'delete', email: ADA }] }, 422],
	['POST /fetch/commands', { command: [{ command: 'subscribe' }] }, 422],
	['POST /fetch/commands', { command: [{ command: 'add_tag', email: ADA }] }, 422],
	['POST /fetch/commands', { command: [{ command: 'change_email', email: ADA, query: 'x' }] }, 422],
	['GET /fetch/search?page=1', undefined, 403],
	['POST /data_deletion_requests', { data_deletion_request: { email: 'nobody@b.co' } }, 404],
	['POST /data_deletion_requests', {}, 422],
])('%s is refused with %j', async (route, body, status) => {
	const [method = '', path = ''] = route.split(' ');
	const before = structuredClone(server.state);
	expect((await call(server, method, path, body)).status).toBe(status);
	expect(server.state).toEqual(before);
});
