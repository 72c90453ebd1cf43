import { fork } from 'child_process';
import { placePackages } from '../../test/support/engine/packages';
import type { Sent } from '../../test/trigger/support/client';
import { SECRET, startTrigger } from '../../test/trigger/support/triggerServer';
import { load } from '../support/load';
import { line, type Line } from '../support/report';

const EARLY = 4_000;
const LATE = 20_000;
const AT_ONCE = 64;

/** In MB; what the trigger remembers of 16,000 requests is in it. */
const MOST_MORE = 8;

/** What is alive, in MB, after the first and after many more requests. */
interface Alive {
	readonly early: number;
	readonly late: number;
}

/** What many requests leave in memory, in a fresh process: right ones, repeats, wrong ones, and those without a secret. */
export async function triggerMemory(): Promise<Line[]> {
	const child = fork(__filename, [], { execArgv: ['--expose-gc'] });
	const { early, late } = await new Promise<Alive>((resolve) => {
		child.once('message', (message) => resolve(message as Alive));
	});
	return [
		line('Webhook, memory after 20,000 requests', 'MB', late, 'after 4,000', early, {
			text: `at most ${MOST_MORE} MB more`,
			holds: () => late - early <= MOST_MORE,
		}),
	];
}

function alive(): number {
	global.gc?.();
	return process.memoryUsage().heapUsed / 1_000_000;
}

async function measure(): Promise<void> {
	placePackages();
	const server = await startTrigger({ record: false });
	const secrets = [SECRET, SECRET, `${SECRET}!`, undefined];
	const send = async (first: number, requests: number) => {
		const sent = (index: number): Sent => {
			const secret = secrets[index % secrets.length];
			// Two in a row have the same ID, so the second is a repeat.
			const id = Math.floor((first + index) / 2);
			return {
				...(secret !== undefined && { headers: { 'x-bento-secret': secret } }),
				body: { event: 'x', external_id: `id-${id}`, filler: 'x'.repeat(900) },
			};
		};
		await load(server.url, { sent, requests, atOnce: AT_ONCE });
	};
	await send(0, EARLY);
	const early = alive();
	await send(EARLY, LATE - EARLY);
	const late = alive();
	await server.close();
	process.send?.({ early, late } satisfies Alive);
	process.exit();
}

if (require.main === module) void measure();
