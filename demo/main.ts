/**
 * `npm start`: n8n's own engine loads the built package and Bento Track Event delivers a file of orders.
 * Without arguments they go to a stand-in for Bento on this machine; `--to bento` sends them to the real one.
 */
import { demoTrigger } from './trigger';
import { readArguments } from './arguments';
import { deliverFile } from './deliver';
import { readRecords } from './records';
import { toBento } from './realBento';
import { sampleOrders } from './sampleOrders';
import { placePackages } from '../test/support/engine/packages';

async function main(): Promise<void> {
	const chosen = readArguments(process.argv.slice(2));
	placePackages();
	const records = chosen.file === undefined ? sampleOrders() : readRecords(chosen.file);
	if (chosen.to === 'bento') return await toBento(records, chosen.yes);
	console.log(
		`\n1. Bento Track Event: ${records.length.toLocaleString('en-US')} records to a stand-in for Bento\n`,
	);
	await deliverFile(records);
	if (chosen.file !== undefined) return;
	console.log('\n2. Bento Webhook Trigger: what starts a workflow, and what is rejected\n');
	await demoTrigger((line) => console.log(line));
}

main().catch((error: unknown) => {
	console.error(`\n${error instanceof Error ? error.message : String(error)}`);
	process.exitCode = 1;
});
