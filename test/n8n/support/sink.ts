import assert from 'assert/strict';
import { once } from 'events';
import { createServer } from 'http';
import { z } from 'zod';
import type { BentoServer } from '../../bentoServer';

const batch = z.object({ events: z.array(z.object({ email: z.string() })) });
const MARK = '"email":';

/** A Bento that takes events as fast as HTTP allows, and reads them when it is asked for them. */
export interface Sink {
	/** What to put into a Bento API credential. */
	readonly credentials: BentoServer['credentials'];
	/**
	 * The email addresses of all events, in order.
	 *
	 * @throws when a response counted other events than its request had
	 */
	emails(): string[];
	close(): void;
}

/**
 * Starts one. To read a thousand events takes the stand-in as long as all that the node does about them, and the sender
 * waits meanwhile: beside a run without Bento, that time would count as the node's.
 *
 * @param onBatch told about every request before it gets its response
 */
export async function startSink(onBatch: () => void): Promise<Sink> {
	const batches: Array<{ readonly body: Buffer; readonly counted: number }> = [];
	const server = createServer((request, response) => {
		const chunks: Buffer[] = [];
		request.on('data', (chunk: Buffer) => chunks.push(chunk));
		request.on('end', () => {
			const body = Buffer.concat(chunks);
			const counted = marksIn(body);
			batches.push({ body, counted });
			onBatch();
			response.setHeader('content-type', 'application/json');
			response.end(JSON.stringify({ results: counted, failed: 0 }));
		});
	});
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	const address = server.address();
	assert.ok(typeof address === 'object' && address !== null);
	return {
		credentials: {
			publishableKey: 'pk_sink',
			secretKey: 'sk_sink',
			siteUuid: '00000000-0000-4000-8000-000000000001',
			baseUrl: `http://127.0.0.1:${address.port}/api/v1`,
		},
		emails: () =>
			batches.flatMap(({ body, counted }) => {
				const { events } = batch.parse(JSON.parse(body.toString('utf8')));
				assert.equal(events.length, counted);
				return events.map(({ email }) => email);
			}),
		close() {
			server.closeAllConnections();
			server.close();
		},
	};
}

/** How many events a body has, without reading it. */
function marksIn(body: Buffer): number {
	let count = 0;
	for (let at = body.indexOf(MARK); at >= 0; at = body.indexOf(MARK, at + MARK.length)) count += 1;
	return count;
}
