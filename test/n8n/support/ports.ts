import { createServer, type Server } from 'net';

const handedOut = new Set<number>();

/** A port on 127.0.0.1 that was free a moment ago and that this process hasn't handed out before. */
export async function freePort(): Promise<number> {
	const server = createServer();
	const port = await listen(server);
	await new Promise((resolve) => server.close(resolve));
	if (port === 0 || handedOut.has(port)) return await freePort();
	handedOut.add(port);
	return port;
}

/** Lets a server listen on loopback, and returns its port. */
export async function listen(server: Server): Promise<number> {
	await new Promise<void>((resolve, reject) => {
		server.once('error', reject);
		server.listen(0, '127.0.0.1', resolve);
	});
	const address = server.address();
	return typeof address === 'object' && address !== null ? address.port : 0;
}
