import { connectionOf } from '../support/connection';
import { callBento, DEFAULT_RETRY_POLICY } from '../../nodes/shared/http/client/call';
import { explain } from '../../nodes/shared/http/client/explain';
import { aftermath } from '../../nodes/shared/http/problem';
import { systemClock } from '../../nodes/shared/http/client/rateLimiter';
import { startBentoServer, type BentoServer } from '../bentoServer';
import { engineTransport } from '../support/engine/outbound';
import { LINE_NAMES, type LineName } from '../support/engine/packages';
import { startProxy, type Proxy, type ProxyRule } from '../support/proxy';

/** An address of Bento's that this machine can't look up: only the proxy could reach it. */
const BENTO = 'https://app.bentonow.com/api/v1';

let proxy: Proxy;
let server: BentoServer;
beforeAll(async () => {
	[proxy, server] = await Promise.all([startProxy(), startBentoServer()]);
});
beforeEach(() => {
	Object.assign(process.env, { HTTP_PROXY: proxy.url, HTTPS_PROXY: proxy.url });
	proxy.seen.length = 0;
});
afterEach(() => {
	delete process.env.HTTP_PROXY;
	delete process.env.HTTPS_PROXY;
});
afterAll(() => Promise.all([proxy.close(), server.close()]));

async function post(line: LineName, baseUrl: string, rule: ProxyRule) {
	proxy.rule = rule;
	const keys = { ...server.credentials, baseUrl, trackingOrigin: server.origin };
	return await callBento(
		connectionOf({
			transport: engineTransport(line, keys),
			baseUrl,
			siteUuid: keys.siteUuid,
			policy: { ...DEFAULT_RETRY_POLICY, maxAttempts: 1, patience: 0, timeout: 5_000 },
			clock: systemClock,
			random: () => 0,
		}),
		{
			method: 'POST',
			path: '/batch/events',
			body: Buffer.from('{"events":[{"type":"x","email":"a@b.co"}]}'),
			idempotent: true,
		},
	);
}

const DATED = 'Date: Sat, 21 Nov 2026 10:00:00 GMT';

describe.each(LINE_NAMES)('behind a proxy, engine %s', (line) => {
	it.each([
		['asks for a password', 'HTTP/1.1 407 Proxy Authentication Required'],
		['forbids the host', 'HTTP/1.1 403 Forbidden'],
		['says so with a date', `HTTP/1.1 403 Forbidden\r\nX-Squid-Error: ERR_ACCESS\r\n${DATED}`],
	])('that %s: a refusal of the proxy, not of Bento', async (_name, head) => {
		const report = await post(line, BENTO, { kind: 'refuse', head, body: 'No entry' });
		expect(report.outcome).toMatchObject({ kind: 'refused', reason: 'proxy' });
		const problem = explain(report);
		const { message } = problem;
		const description = aftermath(problem);
		expect(message).toBe("A proxy between n8n and Bento didn't let the request through");
		expect(description).toMatch(/^The proxy's response: No entry\. Check HTTPS_PROXY/);
		expect(proxy.seen).toEqual(['CONNECT app.bentonow.com:443']);
	});

	it.each([
		['HTTP/1.1 502 Bad Gateway'],
		['HTTP/1.1 503 Service Unavailable'],
		[`HTTP/1.1 504 Gateway Timeout\r\nServer: tinyproxy/1.11\r\n${DATED}`],
	])('that can’t reach Bento (%s): nothing was sent, so it may be tried again', async (head) => {
		const report = await post(line, BENTO, { kind: 'refuse', head });
		expect(report.outcome).toMatchObject({ kind: 'busy', from: 'proxy', mayHaveArrived: false });
		const problem = explain(report);
		const { message } = problem;
		const description = aftermath(problem);
		expect(message).toBe("A proxy between n8n and Bento couldn't pass the request on");
		expect(description).not.toMatch(/Bento's|status\.bentonow|""/);
	});

	it('that hangs up on the tunnel: unreached', async () => {
		const report = await post(line, BENTO, { kind: 'hangUp' });
		expect(report.outcome).toEqual({ kind: 'unreached', code: 'PROXY_CLOSED' });
		expect(aftermath(explain(report))).toContain('HTTPS_PROXY');
	});

	it('loopback goes through HTTP_PROXY too, with the keys in clear text, unless NO_PROXY names it', async () => {
		const [, host = ''] = server.origin.split('//');
		expect((await post(line, server.baseUrl, { kind: 'pass' })).outcome.kind).toBe('accepted');
		expect(proxy.seen[0]).toContain(`POST http://${host}/`);
		expect(proxy.headers.at(-1)?.authorization).toMatch(/^Basic /);
		process.env.NO_PROXY = '127.0.0.1';
		const direct = await post(line, server.baseUrl, { kind: 'hangUp' });
		delete process.env.NO_PROXY;
		expect(direct.outcome.kind).toBe('accepted');
		expect(proxy.seen).toHaveLength(1);
	});
});
