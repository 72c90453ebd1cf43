import { readFileSync } from 'fs';
import type { IDataObject } from 'n8n-workflow';
import path from 'path';
import type { Fault } from '../bentoServer';
import { runWorkflow } from '../support/engine/run';
import { ROOT } from '../support/root';
import { NODE, people, sending, timesTaken } from './support';
import { useBento } from '../support/useBento';

/** The results of three items in one batch. */
interface Expected {
	/** The `status`, or the `error`, of every item. */
	readonly says: string;
	/** How often the server took each event. */
	readonly taken: number;
	readonly requests: number;
}

interface Row {
	readonly fault?: Fault;
	readonly prepare?: () => void;
	readonly items?: number;
	readonly options?: IDataObject;
	readonly baseUrl?: string;
	readonly environment?: Record<string, string>;
	readonly atLeastOnce: Expected;
	/** Default: the same. */
	readonly atMostOnce?: Expected;
}

/** Toward Bento's own address, which only the proxy could reach. */
function viaProxy(url: string) {
	return { baseUrl: 'https://app.bentonow.com/api/v1', environment: { HTTPS_PROXY: url } };
}

const BAD: Fault = { kind: 'status', status: 500 };
const accepted: Expected = { says: 'accepted', taken: 1, requests: 2 };
const ends = (says: string): Expected => ({ says, taken: 0, requests: 1 });
const LOST = 'The connection closed before Bento responded';

const server = useBento();

/** One for each row of the table in docs/delivery-guarantees.md, by the words in its first column. */
const ROWS: Record<string, Row> = {
	'2xx, all counted as accepted': { atLeastOnce: { ...accepted, requests: 1 } },
	'2xx, `failed` above zero': {
		fault: { kind: 'partial', failed: 1 },
		items: 1,
		atLeastOnce: ends('Bento counted the event as failed'),
	},
	'2xx, `failed` above zero, in a batch': {
		prepare: () => server.failEvents(({ email }) => email === 'p2@example.com'),
		atLeastOnce: { says: 'unconfirmed', taken: 1, requests: 1 },
	},
	'2xx, fewer `results` than sent': {
		fault: { kind: 'fewer', results: 2 },
		atLeastOnce: { says: 'unconfirmed', taken: 1, requests: 1 },
	},
	'2xx, JSON that says no (`success: false`, `error`, `errors`) and counts nothing': {
		fault: { kind: 'status', status: 200, body: { success: false, message: 'No' } },
		atLeastOnce: ends('Bento rejected the batch of this event'),
	},
	'2xx, other JSON': {
		fault: { kind: 'wrongJson', body: { ok: true } },
		atLeastOnce: { says: 'unconfirmed', taken: 1, requests: 1 },
	},
	'2xx, a text': {
		fault: { kind: 'text', body: 'OK' },
		atLeastOnce: { says: 'unconfirmed', taken: 1, requests: 1 },
	},
	'2xx, empty': {
		fault: { kind: 'text', status: 202, body: '' },
		atLeastOnce: { says: 'unconfirmed', taken: 1, requests: 1 },
	},
	'2xx, JSON cut off': {
		fault: { kind: 'shortJson' },
		atLeastOnce: { says: 'unconfirmed', taken: 1, requests: 1 },
	},
	'2xx, a page of HTML': {
		fault: { kind: 'html' },
		atLeastOnce: ends('Bento blocked the request'),
	},
	'Status 3xx': {
		fault: { kind: 'redirect', to: 'http://127.0.0.1:9/' },
		atLeastOnce: ends(
			"The API responded with a redirect, which isn't followed to protect your keys",
		),
	},
	'Status 400, 422': {
		prepare: () => server.refuseEvents(() => true),
		items: 1,
		atLeastOnce: ends('Bento rejected the event'),
	},
	'Status 401': {
		fault: { kind: 'status', status: 401 },
		atLeastOnce: ends('Bento rejected the credentials'),
	},
	'Status 403': {
		fault: { kind: 'html', status: 403 },
		atLeastOnce: ends('Bento blocked the request'),
	},
	'Status 404': {
		fault: { kind: 'status', status: 404 },
		atLeastOnce: ends("The resource wasn't found in Bento"),
	},
	'Status 413': {
		prepare: () => {
			server.maxBodyBytes = 100;
		},
		atLeastOnce: { says: 'accepted', taken: 1, requests: 3 },
	},
	'Status 408, 425, 429, 503': { fault: { kind: 'status', status: 503 }, atLeastOnce: accepted },
	'Status 500, 502, 504': {
		fault: { kind: 'status', status: 502 },
		atLeastOnce: accepted,
		atMostOnce: ends('Bento is currently unavailable'),
	},
	'The same after the last attempt, in a batch': {
		// Two more of the batch of three: one half fails once, is halved, and is then accepted.
		prepare: () => server.failNext(BAD, BAD, BAD, BAD),
		atLeastOnce: { says: 'accepted', taken: 1, requests: 7 },
		atMostOnce: ends('Bento is currently unavailable'),
	},
	'Status 501, 505': {
		fault: { kind: 'status', status: 501 },
		atLeastOnce: ends('Bento rejected the request'),
	},
	'Response cut off on the way': {
		fault: { kind: 'cutJson' },
		atLeastOnce: { says: 'accepted', taken: 2, requests: 2 },
		atMostOnce: { says: LOST, taken: 1, requests: 1 },
	},
	'Connection reset before Bento accepted': {
		fault: { kind: 'resetBefore' },
		atLeastOnce: accepted,
		atMostOnce: ends(LOST),
	},
	'Connection reset after Bento accepted': {
		fault: { kind: 'resetAfter' },
		atLeastOnce: { says: 'accepted', taken: 2, requests: 2 },
		atMostOnce: { says: LOST, taken: 1, requests: 1 },
	},
	'No response in time': {
		fault: { kind: 'silence', accept: true },
		options: { timeout: 300 },
		atLeastOnce: { says: 'accepted', taken: 2, requests: 2 },
		atMostOnce: { says: "Bento didn't respond in time", taken: 1, requests: 1 },
	},
	'Connection refused': {
		baseUrl: 'http://127.0.0.1:9/api/v1',
		atLeastOnce: { says: "Bento couldn't be reached", taken: 0, requests: 0 },
	},
	'Name not found': {
		...viaProxy('http://proxy.invalid:3128'),
		atLeastOnce: { says: "Bento couldn't be reached", taken: 0, requests: 0 },
	},
	'Proxy down': {
		...viaProxy('http://127.0.0.1:9'),
		atLeastOnce: { says: "Bento couldn't be reached", taken: 0, requests: 0 },
	},
};

describe.each(Object.entries(ROWS))('%s', (_name, row) => {
	it.each(['atLeastOnce', 'atMostOnce'] as const)('%s', async (deliveryGuarantee) => {
		const count = row.items ?? 3;
		if (row.fault) server.failNext(row.fault);
		row.prepare?.();
		Object.assign(process.env, row.environment);
		const options = { timeout: 10_000, ...row.options, deliveryGuarantee, maxAttempts: 3 };
		const workflow = sending(server, people(count), options, { onError: 'continueRegularOutput' });
		const credentials = { ...server.credentials, ...(row.baseUrl && { baseUrl: row.baseUrl }) };
		const run = await runWorkflow('2x', { ...workflow, credentials: { bentoApi: credentials } });
		for (const name of Object.keys(row.environment ?? {})) delete process.env[name];

		const expected = (deliveryGuarantee === 'atMostOnce' && row.atMostOnce) || row.atLeastOnce;
		const says = run.json(NODE).map(({ status, error }) => status ?? error);
		expect(says).toEqual(Array.from({ length: count }, () => expected.says));
		expect(timesTaken(server).get('p0@example.com') ?? 0).toBe(expected.taken);
		expect(server.requests).toHaveLength(expected.requests);
		const doubled = (run.of(NODE)[0]?.hints ?? []).some(({ message }) =>
			/arrived twice/.test(message),
		);
		if (expected.taken > 1) expect(doubled).toBe(true);
	});
});

it('the table in docs/delivery-guarantees.md has exactly these rows', () => {
	const page = readFileSync(path.join(ROOT, 'docs', 'delivery-guarantees.md'), 'utf8');
	const section = page.slice(
		page.indexOf('## What happens when'),
		page.indexOf('## Retry On Fail and Retry'),
	);
	const rows = [...section.matchAll(/^\| (.+?) +\| .+\|$/gm)].map(([, name = '']) => name.trim());
	expect(rows.filter((name) => name !== 'What happens' && !/^-+$/.test(name))).toEqual(
		Object.keys(ROWS),
	);
});
