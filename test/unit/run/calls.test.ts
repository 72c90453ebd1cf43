import type { IDataObject } from 'n8n-workflow';
import { deleteTag } from '../../../nodes/Bento/resources/tag/delete';
import type { CallReport, Outcome } from '../../../nodes/shared/http/client/types';
import type {
	CallOperation,
	Execute,
	OperationResult,
} from '../../../nodes/shared/operation/types';
import { inParallel, runCalls } from '../../../nodes/shared/run/calls';
import { runContext } from '../../support/runContext';

/** What a run makes of the results of single calls: items, problems, and what another try knows. */

const GET = { method: 'GET', path: '/fetch/things' } as const;
const POST = { method: 'POST', path: '/fetch/things' } as const;

/** Every kind of route has an operation that may be repeated, and one that may not. */
function operation(given: Partial<CallOperation> = {}): CallOperation {
	return { ...deleteTag, route: GET, idempotent: true, notFound: undefined, ...given };
}

function refused(reason: 'forbidden' | 'invalid' | 'notFound', status: number): Outcome {
	return { kind: 'refused', reason, status, words: 'No', separable: false } as Outcome;
}

const UNREACHED: Outcome = { kind: 'unreached', code: 'ENOTFOUND' };

function report(outcome: Outcome, mayHaveArrived = false): CallReport {
	return {
		reads: true,
		outcome,
		attempts: 1,
		unanswered: 0,
		gaveUp: undefined,
		mayHaveArrived,
	};
}

const ITEMS: OperationResult = { kind: 'items', items: [{ id: 1 }, { id: 2 }] };

interface Scene {
	readonly of?: CallOperation;
	readonly options?: IDataObject;
	readonly store?: IDataObject;
	readonly continues?: boolean;
	readonly allValid?: boolean;
}

/** Runs one call for each entry, and returns what became of them. */
async function run(
	plans: readonly Execute[],
	{ of = operation(), options = {}, allValid = true, ...scene }: Scene = {},
) {
	const items = plans.map((_, item) => ({ json: { email: `p${item}@b.co` } }));
	const planned = plans.map((plan, item) => ({
		item,
		plan,
		options,
		about: { email: `p${item}@b.co` },
	}));
	return await runCalls(runContext({ ...scene, items }), of, planned, allValid);
}

/** The only problem of the only item. */
async function problem(result: OperationResult, of = operation()) {
	const [only] = await run([() => Promise.resolve(result)], { of });
	if (only?.kind !== 'failed') throw new Error(`The item is ${only?.kind ?? 'missing'}`);
	expect(only.about).toEqual({ email: 'p0@b.co' });
	expect(only.problems).toHaveLength(1);
	return only.problems[0];
}

describe('the problem of a call', () => {
	it('that Bento refuses in a 2xx has Bento’s words', async () => {
		expect(await problem({ kind: 'refused', words: 'Name is taken' })).toEqual({
			code: 'REJECTED',
			message: 'Bento rejected the data',
			detail: "Bento's response: Name is taken",
			advice: 'Correct the values that Bento names, and run the node again',
		});
		expect(await problem({ kind: 'refused', words: '' })).toMatchObject({ detail: '' });
	});

	it('whose list doesn’t end says how to get a part', async () => {
		expect(await problem({ kind: 'endless', pages: 10_000 })).toEqual({
			code: 'UNEXPECTED',
			message: "The list from Bento doesn't end, so it wasn't returned in part",
			advice: expect.stringMatching(/^It goes on after 10,000 pages\. .*'Limit'/) as string,
		});
	});

	it('that throws is uncertain', async () => {
		const [first] = await run([() => Promise.reject(new Error('of the test'))]);
		expect(first).toMatchObject({
			kind: 'failed',
			problems: [
				{
					code: 'UNEXPECTED',
					mayHaveArrived: true,
					message: 'The request stopped unexpectedly',
					detail: 'of the test',
					advice: 'Bento may have received it. Check in Bento before you send it again',
				},
			],
		});
	});

	it.each([
		['a write', operation({ route: POST, idempotent: false }), true],
		['a repeatable write', operation({ route: POST }), true],
		['a read that leaves something', operation({ idempotent: false }), true],
		['a read', operation(), undefined],
	])('with an unexpected response to %s', async (_name, of, mayHaveArrived) => {
		const found = await problem({ kind: 'unexpected' }, of);
		expect(found.code).toBe('UNEXPECTED');
		expect(found.mayHaveArrived).toBe(mayHaveArrived);
	});

	it('that is forbidden is explained by the operation, if it has words for it', async () => {
		const failed = { kind: 'failed', report: report(refused('forbidden', 403)) } as const;
		const blocked = 'Only on the Enterprise plan';
		expect((await problem(failed, operation({ blocked }))).message).toBe(blocked);
		expect((await problem(failed)).message).toBe("Bento doesn't allow the request");
		const other = { kind: 'failed', report: report(refused('invalid', 422)) } as const;
		expect((await problem(other, operation({ blocked }))).message).toBe('Bento rejected the data');
		const gone = { kind: 'failed', report: report(UNREACHED) } as const;
		expect((await problem(gone, operation({ blocked }))).message).toBe("Bento couldn't be reached");
	});
});

describe('a record that Bento doesn’t have', () => {
	const notFound = { message: 'Bento has no such thing', otherwise: 'fail' } as const;
	const none: OperationResult = { kind: 'none', report: report(refused('notFound', 404)) };

	it('is a problem with its status and Bento’s words', async () => {
		expect(await problem(none, operation({ notFound }))).toEqual({
			code: 'NOT_FOUND',
			message: 'Bento has no such thing',
			detail: "Bento's response: No",
			advice: "Check the value, or set 'If Not Found' in Options to Continue",
			httpCode: '404',
		});
	});

	it('is a problem without them if the response was a 200', async () => {
		expect(await problem({ kind: 'none' })).toEqual({
			code: 'NOT_FOUND',
			message: "The record wasn't found in Bento",
			detail: '',
			advice: "Check the values, and 'API Base URL' in the Bento API credential",
		});
	});

	it.each([
		['continue', 'fail', 'done'],
		['fail', 'continue', 'failed'],
		[undefined, 'fail', 'failed'],
		[undefined, 'continue', 'done'],
	] as const)('with If Not Found %s, default %s, is %s', async (ifNotFound, otherwise, kind) => {
		const of = operation({ notFound: { ...notFound, otherwise } });
		const options = ifNotFound === undefined ? {} : { ifNotFound };
		const [only] = await run([() => Promise.resolve(none)], { of, options });
		expect(only?.kind).toBe(kind);
		if (only?.kind === 'done') expect(only.outputs).toEqual([{ found: false, email: 'p0@b.co' }]);
	});

	it('fails if the operation has no such option, or the call failed in another way', async () => {
		const options = { ifNotFound: 'continue' };
		expect((await run([() => Promise.resolve(none)], { options }))[0]?.kind).toBe('failed');
		const of = operation({ notFound });
		const unexpected: OperationResult = { kind: 'unexpected' };
		const [only] = await run([() => Promise.resolve(unexpected)], { of, options });
		expect(only?.kind).toBe('failed');
	});
});

describe('several calls', () => {
	const options = { maxParallelRequests: 1 };
	const failing: Execute = () => Promise.resolve({ kind: 'refused', words: 'No' });

	it('after a failure, the rest isn’t sent unless the node continues', async () => {
		const third = jest.fn<Promise<OperationResult>, []>(() => Promise.resolve(ITEMS));
		const plans = [() => Promise.resolve(ITEMS), failing, third];
		const stopped = await run(plans, { options, continues: false });
		expect(stopped.map(({ kind }) => kind)).toEqual(['done', 'failed', 'failed']);
		expect(stopped[2]).toMatchObject({
			item: 2,
			problems: [
				{ code: 'NOT_SENT', message: expect.stringContaining('an earlier one failed') as string },
			],
		});
		expect(stopped[1]).toMatchObject({ problems: [{ code: 'REJECTED' }] });
		expect(third).not.toHaveBeenCalled();
		const continued = await run(plans, { options });
		expect(continued.map(({ kind }) => kind)).toEqual(['done', 'failed', 'done']);
	});

	it('none make no result', async () => {
		expect(await run([])).toEqual([]);
	});
});

describe('what another try knows', () => {
	const of = operation({ route: POST, idempotent: false });
	const never: Execute = () => Promise.reject(new Error('It was called again'));
	const failing: Execute = () => Promise.resolve({ kind: 'refused', words: 'No' });

	/** Runs the same items twice, the second time with calls that must not be made for those that are known. */
	async function twice(first: readonly Execute[], again: readonly Execute[], scene: Scene = {}) {
		const store: IDataObject = {};
		await run(first, { of, store, ...scene });
		return { store, results: await run(again, { of, store, ...scene }) };
	}

	it('is the result of what was done, with its outputs', async () => {
		const { results } = await twice([() => Promise.resolve(ITEMS), failing], [never, failing]);
		expect(results[0]).toEqual({ kind: 'done', item: 0, outputs: [{ id: 1 }, { id: 2 }] });
		expect(results[1]).toMatchObject({ problems: [{ code: 'REJECTED' }] });
	});

	it.each<[string, Execute]>([
		['threw', () => Promise.reject(new Error('x'))],
		['got an unexpected response', () => Promise.resolve({ kind: 'unexpected' })],
		[
			'lost its response',
			() => Promise.resolve({ kind: 'failed', report: report(UNREACHED, true) }),
		],
	])('is that Bento may have it, if a call %s', async (_name, first) => {
		const { results } = await twice([first], [never]);
		expect(results[0]).toMatchObject({ problems: [{ code: 'UNKNOWN', mayHaveArrived: true }] });
	});

	it.each<[string, Execute]>([
		['was refused', failing],
		['wasn’t sent', () => Promise.resolve({ kind: 'failed', report: report(UNREACHED) })],
		[
			'changed nothing',
			() => Promise.resolve({ kind: 'failed', report: report(UNREACHED, true), nothingDone: true }),
		],
		['was a dry run', () => Promise.resolve({ ...ITEMS, isPreview: true })],
	])('is nothing, if a call %s', async (_name, first) => {
		const again = jest.fn<Promise<OperationResult>, []>(() => Promise.resolve(ITEMS));
		// An invalid item beside it, so that the try isn't a success as a whole.
		await twice([first], [again], { allValid: false });
		expect(again).toHaveBeenCalledTimes(1);
	});

	it('is nothing of a repeatable write that may have arrived', async () => {
		const again = jest.fn<Promise<OperationResult>, []>(() => Promise.resolve(ITEMS));
		const lost: Execute = () =>
			Promise.resolve({ kind: 'failed', report: report(UNREACHED, true) });
		await twice([lost], [again], { of: operation({ route: POST }) });
		expect(again).toHaveBeenCalledTimes(1);
	});

	it('is nothing after a success, unless an item was invalid', async () => {
		const done: Execute = () => Promise.resolve(ITEMS);
		const store: IDataObject = {};
		await run([done], { of, store, allValid: true });
		expect(store).toEqual({});
		await run([done], { of, store, allValid: false });
		expect(Object.keys(store)).toHaveLength(1);
		await run([failing], { of, store: {}, allValid: true });
	});

	it('is nothing of reads', async () => {
		const store: IDataObject = {};
		await run([() => Promise.resolve(ITEMS), failing], { store });
		expect(store).toEqual({});
	});
});

describe('inParallel', () => {
	it('starts in order, keeps to the bound, and returns results by position', async () => {
		const started: number[] = [];
		let running = 0;
		let most = 0;
		const results = await inParallel([5, 1, 3, 1, 2], 2, async (ms) => {
			started.push(ms);
			running += 1;
			most = Math.max(most, running);
			await new Promise((resolve) => setTimeout(resolve, ms * 4));
			running -= 1;
			return ms * 10;
		});
		expect(results).toEqual([50, 10, 30, 10, 20]);
		expect(started).toEqual([5, 1, 3, 1, 2]);
		expect(most).toBe(2);
	});

	it('does nothing for an empty list', async () => {
		expect(await inParallel([], 4, () => Promise.reject(new Error('never')))).toEqual([]);
	});
});
