import { startBentoServer, type BentoServer, type BentoServerOptions } from '../bentoServer';
import { later } from './later';

interface Stand extends BentoServerOptions {
	readonly enterprise?: boolean;
}

/**
 * Gives all tests of a file one stand-in for Bento, which forgets each of them after it. Only for the top level of a file:
 * it starts before the first test and closes after the last.
 */
export function useBento({ enterprise = false, ...options }: Stand = {}): BentoServer {
	let started: BentoServer | undefined;
	const server = later(() => started);
	beforeAll(async () => {
		started = await startBentoServer(options);
	});
	beforeEach(() => {
		server.state.enterprise = enterprise;
	});
	afterEach(() => server.reset());
	afterAll(() => server.close());
	return server;
}
