import type { NodeRun } from '../test/support/engine/run';

/** Tells what became of every record, in a few lines, and gives the number that failed. */
export function report(run: NodeRun): number {
	const node = 'Bento Track Event';
	const results = run.json(node);
	const failed = results.flatMap((json, item) => ('error' in json ? [{ item, json }] : []));
	const accepted = results.filter(({ status }) => status === 'accepted').length;
	for (const { message } of run.of(node).at(-1)?.hints ?? []) console.log(`  ${message}`);
	console.log(`  accepted ${accepted}, failed ${failed.length}`);
	for (const { item, json } of failed.slice(0, 10)) {
		console.log(`  record ${item + 1}: ${typeof json.error === 'string' ? json.error : ''}`);
	}
	if (failed.length > 10) console.log(`  … and ${failed.length - 10} more`);
	if (run.error) throw run.error;
	return failed.length;
}
