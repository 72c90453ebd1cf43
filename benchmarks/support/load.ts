import { Agent } from 'http';
import { send, type Sent } from '../../test/trigger/support/client';
import { figuresOf, percentile, type Figures } from './stats';

export interface Load {
	/** The request with a number, so that all can be different. */
	readonly sent: (index: number) => Sent;
	readonly requests: number;
	/** How many are in progress at any time, each over a connection of its own that is kept open. */
	readonly atOnce: number;
	/** The statuses that a response may have, so that nothing else is measured by mistake; any if not given. */
	readonly accepts?: readonly number[];
}

export interface Rounds extends Load {
	/** What is compared. */
	readonly urls: readonly string[];
	/** Rounds that aren't counted, in which hot code gets compiled. */
	readonly warmUp: number;
	readonly rounds: number;
	/** Runs after each turn, outside of its time. */
	readonly rest?: () => Promise<void>;
}

/** Requests per second and the 99th percentile in ms of each URL; every round begins with a different one. */
export async function inRounds(
	given: Rounds,
): Promise<Array<{ readonly rate: Figures; readonly p99: Figures }>> {
	const { urls, warmUp, rounds, requests, sent, rest } = given;
	const found = urls.map((url) => ({ url, rates: [] as number[], p99s: [] as number[] }));
	for (let round = 0; round < warmUp + rounds; round += 1) {
		const first = round % found.length;
		const offset = round * requests;
		for (const one of [...found.slice(first), ...found.slice(0, first)]) {
			const { rate, p99 } = await load(one.url, {
				...given,
				sent: (index) => sent(offset + index),
			});
			await rest?.();
			if (round < warmUp) continue;
			one.rates.push(rate);
			one.p99s.push(p99);
		}
	}
	return found.map(({ rates, p99s }) => ({ rate: figuresOf(rates), p99: figuresOf(p99s) }));
}

/** Sends the requests and returns how many responses came per second, and the 99th percentile in ms. */
export async function load(url: string, given: Load): Promise<{ rate: number; p99: number }> {
	const { sent, requests, atOnce, accepts } = given;
	const agent = new Agent({ keepAlive: true, maxSockets: atOnce });
	const times: number[] = [];
	let next = 0;
	const began = performance.now();
	await Promise.all(
		Array.from({ length: atOnce }, async () => {
			while (next < requests) {
				const index = next++;
				const start = performance.now();
				const answer = await send(url, { ...sent(index), agent });
				times.push(performance.now() - start);
				if (accepts?.includes(answer.status) === false) {
					throw new Error(`${url} answered ${answer.status}: ${answer.text}`);
				}
			}
		}),
	);
	const seconds = (performance.now() - began) / 1000;
	agent.destroy();
	times.sort((one, other) => one - other);
	return { rate: requests / seconds, p99: percentile(times, 0.99) };
}
