import { createServer } from 'net';

const handedOut = new Set<number>();

/** A port on 127.0.0.1 that was free a moment ago and that this process hasn't handed out before. */
export async function freePort(): Promise<number> {
	const port = await new Promise<number>((resolve, reject) => {
		const server = createServer();
		server.once('error', reject);
		server.listen(0, '127.0.0.1', () => {
			const address = server.address();
			const found = typeof address === 'object' && address !== null ? address.port : 0;
			server.close(() => resolve(found));
		});
	});
	if (port === 0 || handedOut.has(port)) return await freePort();
	handedOut.add(port);
	return port;
}
