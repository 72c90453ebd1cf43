import type { Verdict } from './verdict';

/** Requests whose workflow may still start or not, because their person is being loaded. */
const working = new Map<string, Promise<Verdict>>();

/** Decides on a request, so that its repeats can wait for the verdict. */
export async function decideFirst(request: string, work: () => Promise<Verdict>): Promise<Verdict> {
	const verdict = work();
	working.set(request, verdict);
	try {
		return await verdict;
	} finally {
		if (working.get(request) === verdict) working.delete(request);
	}
}

/**
 * What a repeat is told. A sender that lost patience while the first was worked on must not hear that all is
 * well when it then isn't, so a repeat shares what becomes of the first.
 */
export async function decideRepeat(request: string): Promise<Verdict> {
	const first = await working.get(request);
	return first?.kind === 'reject' ? first : { kind: 'skip', why: 'duplicate' };
}
