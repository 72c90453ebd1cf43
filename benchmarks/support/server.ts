import { fork, type ChildProcess } from 'child_process';
import path from 'path';
import { startBentoServer } from '../../test/bentoServer';

export interface Keys {
	readonly publishableKey: string;
	readonly secretKey: string;
	readonly siteUuid: string;
	readonly baseUrl: string;
}

/** The stand-in in a process of its own, so that it shares no event loop with what is measured. */
export async function serverWith(latencyMs: number): Promise<{ keys: Keys; stop: () => void }> {
	const child: ChildProcess = fork(path.join(__dirname, 'server.js'), [String(latencyMs)]);
	const keys = await new Promise<Keys>((resolve) => {
		child.once('message', (message) => resolve(message as Keys));
	});
	return { keys, stop: () => child.kill() };
}

/** Runs in the child: keeps nothing, so that its memory doesn't grow. */
async function serve(): Promise<void> {
	const server = await startBentoServer({
		latencyMs: Number(process.argv[2]),
		onRequest: () => {
			server.events.length = 0;
			server.requests.length = 0;
		},
	});
	server.keepBodies = false;
	process.send?.(server.credentials);
	process.once('disconnect', () => process.exit());
}

if (require.main === module) void serve();
