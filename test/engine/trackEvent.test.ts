import http from 'http';
import { runWorkflow } from '../support/engine/run';
import { LINE_NAMES } from '../support/engine/packages';

describe.each(LINE_NAMES)('Bento Track Event on engine %s', (line) => {
	it('works', async () => {
		const bodies: string[] = [];
		const server = http.createServer((request, response) => {
			let body = '';
			request.on('data', (chunk) => (body += chunk));
			request.on('end', () => {
				bodies.push(request.url + ' ' + JSON.stringify(request.headers) + body);
				const n = JSON.parse(body).events.length;
				response.setHeader('content-type', 'application/json');
				response.end(JSON.stringify({ results: n, failed: 0 }));
			});
		});
		await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
		const port = (server.address() as { port: number }).port;
		const run = await runWorkflow(line, {
			nodes: [
				{
					name: 'Track',
					type: 'bentoTrackEvent',
					parameters: {
						email: '={{ $json.email }}',
						eventType: 'x',
						details: {
							assignments: [{ id: '1', name: 'a.b', value: '={{ $json.n }}', type: 'number' }],
						},
					},
				},
			],
			items: [
				{ email: 'a@b.co', n: 1 },
				{ email: 'c@d.co', n: 2 },
			],
			credentials: {
				bentoApi: {
					publishableKey: 'pk_1',
					secretKey: 'sk_1',
					siteUuid: 'site',
					baseUrl: `http://127.0.0.1:${port}/api/v1`,
				},
			},
		});
		console.log(
			bodies,
			JSON.stringify(run.json('Track')),
			run.error,
			run.of('Track')[0]?.hints,
			JSON.stringify(run.items('Track')[0]),
		);
		server.close();
	});
});
