import { call } from './rawClient';
import { useBento } from '../support/useBento';

const server = useBento();

const get = (path: string) => call(server, 'GET', path);
const post = (path: string, json?: unknown) => call(server, 'POST', path, json);

it('keeps every call behind the same door', async () => {
	expect(server.routes.length).toBeGreaterThan(30);
	for (const { method, path } of server.routes) {
		const { status } = await fetch(server.baseUrl + path.replace(':id', '1'), {
			method,
			headers: { 'user-agent': 'ATest/1.0' },
		});
		expect(`${method} ${path} ${status}`).toBe(`${method} ${path} 401`);
	}
});

describe('statistics', () => {
	it('count the people of the site and of a segment', async () => {
		expect((await get('/stats/site')).body).toEqual({
			user_count: 4,
			subscriber_count: 3,
			unsubscriber_count: 1,
		});
		expect((await get('/stats/segment?segment_id=71')).body).toEqual({
			user_count: 2,
			subscriber_count: 1,
			unsubscriber_count: 1,
		});
	});

	it('wrap one report and not the other, as sources disagree', async () => {
		expect((await get('/stats/report?report_id=91')).body).toEqual({
			data: 42,
			chart_style: 'number',
			report_type: 'count',
			report_name: 'Orders',
		});
		expect((await get('/stats/report?report_id=92')).body).toMatchObject({
			report_data: { report_name: 'Orders by day', data: [{ g: 'Orders', y: 19 }, {}] },
		});
	});

	it('break ads down', async () => {
		expect((await get('/stats/ads')).body).toMatchObject({
			dimension: 'source',
			dimensionLabel: 'Source',
			revenueMode: { mode: 'all_revenue' },
			totals: { signups: 65, customers: 13, revenueCents: 174_600, revenueCurrency: 'USD' },
			breakdown: [{ key: 'newsletter' }, { key: 'search' }],
			revenueTruncated: false,
		});
		const one = await get('/stats/ads?dimension=medium&value=search&revenue_mode=subscriptions');
		expect(one.body).toMatchObject({ dimensionLabel: 'Medium', totals: { signups: 25 } });
	});

	it.each([
		['/stats/segment', 400],
		['/stats/segment?segment_id=99', 404],
		['/stats/report', 400],
		['/stats/report?report_id=99', 404],
		['/stats/ads?dimension=planet', 422],
		['/stats/ads?revenue_mode=none', 422],
	])('refuse %s', async (path, status) => {
		expect((await get(path)).status).toBe(status);
	});
});

describe('checks', () => {
	it.each<[string, object, unknown]>([
		['validation', { email: 'ada@example.com' }, { valid: true }],
		['validation', { email: 'ada@localhost' }, { valid: false }],
		['jesses_ruleset', { email: 'ada@gmail.com' }, { valid: true, reasons: [] }],
		[
			'jesses_ruleset',
			{ email: 'ada@gmail.com', block_free_providers: true },
			{ valid: false, reasons: ['Free email provider'] },
		],
		['jesses_ruleset', { email: 'info@b.co' }, { valid: false, reasons: ['Role address'] }],
		['jesses_ruleset', { email: 'info@b.co', wiggleroom: true }, { valid: true, reasons: [] }],
		[
			'content_moderation',
			{ content: 'Thank you' },
			{ valid: true, reasons: [], safe_original_content: 'Thank you' },
		],
		[
			'content_moderation',
			{ content: 'Casino now' },
			{ valid: false, reasons: ['spam'], safe_original_content: '****** now' },
		],
		['gender', { name: 'Nathan Drake' }, { gender: 'male', confidence: 0.98 }],
		['gender', { name: 'Xq' }, { gender: null, confidence: null }],
	])('%s of %j, in the body or in the query', async (name, input, answer) => {
		const path = `/experimental/${name}`;
		expect(await post(path, input)).toEqual({ status: 200, body: answer });
		const query = new URLSearchParams(
			Object.entries(input).map(([key, value]): [string, string] => [key, String(value)]),
		);
		expect((await post(`${path}?${query.toString()}`)).body).toEqual(answer);
	});

	it('look into block lists', async () => {
		const clean = {
			just_registered: false,
			spamhaus: false,
			nordspam: false,
			spfbl: false,
			sorbs: false,
			abusix: false,
		};
		expect((await get('/experimental/blacklist?domain=example.com')).body).toMatchObject({
			query: 'example.com',
			results: clean,
		});
		for (const path of [
			'/experimental/blacklist?ip=203.0.113.66',
			'/experimental/blacklist.json?ip_address=203.0.113.66',
		]) {
			expect((await get(path)).body).toMatchObject({ results: { ...clean, spamhaus: true } });
		}
	});

	it.each(['?domain=https%3A%2F%2Fspam.example', '?domain=spam.example%2Fx', ''])(
		'check nothing where the target is not a clean one: %s',
		async (query) => {
			expect(await get(`/experimental/blacklist${query}`)).toMatchObject({
				status: 200,
				body: {
					query: null,
					results: { result: expect.stringContaining('clean domain') as string },
				},
			});
		},
	);

	it('know no place, as Bento does today', async () => {
		expect((await get('/experimental/geolocation?ip=203.0.113.7')).body).toEqual({});
	});

	it.each([
		['POST', 'validation'],
		['POST', 'jesses_ruleset'],
		['POST', 'content_moderation'],
		['POST', 'gender'],
		['GET', 'geolocation'],
	])('refuse %s %s without its input', async (method, name) => {
		expect((await call(server, method, `/experimental/${name}`)).status).toBe(400);
	});
});
