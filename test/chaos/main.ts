/** `npm run chaos`: the account of the shipped node beside the server's, under every fault, with both guarantees. */
import { parseArgs } from 'util';
import { startBentoServer } from '../bentoServer';
import { placePackages } from '../support/engine/packages';
import { runChaos, type Account, type Guarantee } from './run';

const GUARANTEES: readonly Guarantee[] = ['atLeastOnce', 'atMostOnce'];

function readArguments(): { readonly events: number; readonly seed: number } {
	const { values } = parseArgs({
		options: {
			events: { type: 'string', default: '100000' },
			seed: { type: 'string', default: String(Math.floor(Math.random() * 2 ** 31)) },
		},
	});
	const events = Number(values.events);
	const seed = Number(values.seed);
	if (!Number.isInteger(events) || events < 1) throw new Error('--events must be a whole number');
	if (!Number.isInteger(seed)) throw new Error('--seed must be a whole number');
	return { events, seed };
}

function print(guarantee: Guarantee, account: Account, seconds: number): void {
	const { accepted, unconfirmed, failed, held, doubled, owned, requests, faults } = account;
	const said = `${accepted} accepted, ${unconfirmed} unconfirmed, ${failed} failed, ${owned} perhaps twice`;
	console.log(
		`${guarantee}, ${requests} requests, ${faults} with a fault, ${seconds.toFixed(1)} s`,
	);
	console.log(`  the node says:  ${said}`);
	console.log(`  the server has: ${held} events, ${doubled} of them twice or more`);
}

async function main(): Promise<void> {
	const { events, seed } = readArguments();
	console.log(`${events} events, seed ${seed}: a third of all requests meets a fault`);
	placePackages();
	const server = await startBentoServer();
	for (const guarantee of GUARANTEES) {
		const startedAt = Date.now();
		const account = await runChaos(server, { events, seed, guarantee });
		print(guarantee, account, (Date.now() - startedAt) / 1000);
		if (account.mismatch !== undefined) throw new Error(account.mismatch);
	}
	await server.close();
}

main().then(
	// n8n-core's 1.x line starts intervals that nothing outside a server stops.
	() => process.exit(0),
	(error: unknown) => {
		console.error(error instanceof Error ? error.message : error);
		process.exit(1);
	},
);
