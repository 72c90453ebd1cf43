import type { BentoServer } from '.';
import { call, send } from './rawClient';
import { serve } from './serve';

const running: BentoServer[] = [];
afterEach(async () => {
	for (const server of running.splice(0)) await server.close();
});

async function start(...args: string[]): Promise<{ server: BentoServer; lines: string[] }> {
	const lines: string[] = [];
	const server = await serve(args, (line) => lines.push(line));
	running.push(server);
	return { server, lines };
}

it('prints what goes into the credential, and the tracking URL', async () => {
	const { server, lines } = await start('--port', '0');
	const { publishableKey, secretKey, siteUuid, baseUrl } = server.credentials;
	expect(lines).toHaveLength(1);
	for (const value of [publishableKey, secretKey, siteUuid, baseUrl]) {
		expect(lines[0]).toContain(`   ${value}\n`);
	}
	expect(lines[0]).toContain(`${server.origin}/webhooks/${siteUuid}/generic/track`);
});

it('prints a line for each request, without its query', async () => {
	const { server, lines } = await start('--port=0');
	await send(server, { events: [{ type: 'x', email: 'a@b.co' }] });
	await call(server, 'GET', '/fetch/tags');
	expect(lines.slice(1)).toEqual([
		'POST /api/v1/batch/events  42 bytes  200',
		'GET /api/v1/fetch/tags  200',
	]);
});

it('lets search when asked to', async () => {
	const { server } = await start('--port', '0', '--enterprise');
	expect((await call(server, 'GET', '/fetch/search')).status).toBe(200);
});

it('says what is wrong with a port', async () => {
	const { server } = await start('--port', '0');
	const taken = new URL(server.origin).port;
	await expect(start('--port', taken)).rejects.toThrow(`Port ${taken} is taken`);
	await expect(start('--port', 'x')).rejects.toThrow('--port must be a number');
	await expect(start('--prot', '1')).rejects.toThrow("Unknown option '--prot'");
});
