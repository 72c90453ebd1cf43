import type { NodeRun } from '../test/support/engine/run';

const NODE = 'Bento Track Event';
const MAX_LISTED = 10;

/** Prints in a few lines what became of the records, and returns how many failed. */
export function report(run: NodeRun): number {
	const accepted = run.json(NODE).filter(({ status }) => status === 'accepted').length;
	for (const { message } of run.of(NODE).at(-1)?.hints ?? []) console.log(`  ${message}`);
	const failed = listFailed(run);
	console.log(`  accepted ${accepted}, failed ${failed}`);
	if (run.error) throw run.error;
	return failed;
}

/** Lists the first few records that failed, and returns how many did. */
export function listFailed(run: NodeRun): number {
	const failed = run
		.json(NODE)
		.flatMap(({ error }, item) => (typeof error === 'string' ? [{ item, error }] : []));
	for (const { item, error } of failed.slice(0, MAX_LISTED)) {
		console.log(`  record ${item + 1}: ${error}`);
	}
	if (failed.length > MAX_LISTED) console.log(`  … and ${failed.length - MAX_LISTED} more`);
	return failed.length;
}
