import type { INode, NodeExecutionHint } from 'n8n-workflow';
import type { RecordResult, Totals } from '../../../nodes/shared/delivery/types';
import type { CallReport } from '../../../nodes/shared/http/client/types';
import type { Problem } from '../../../nodes/shared/http/problem';
import {
	accountOf,
	addHints,
	failedRunError,
	invalidItemsError,
	noteHints,
	runHints,
	type RunAccount,
} from '../../../nodes/shared/run/report';
import { failed, type FailedItem } from '../../../nodes/shared/run/results';
import { runContext } from '../../support/runContext';

/** What a run tells as a whole, word for word. */

const EVENTS = { one: 'event', many: 'events' };
const NODE: INode = {
	id: '1',
	name: 'Bento',
	type: 'x.bento',
	typeVersion: 1,
	position: [0, 0],
	parameters: {},
};

const MISSING: Problem = {
	code: 'INVALID_INPUT',
	message: "'Email' is missing",
	advice: 'Correct it',
};
const OTHER: Problem = { code: 'INVALID_INPUT', message: "'Tag' is missing", advice: 'Correct it' };
const REJECTED: Problem = {
	code: 'REJECTED',
	message: 'Bento rejected the event',
	detail: "Bento's response: No",
	advice: 'Correct it',
	httpCode: '422',
	requestId: 'r-1',
};

const of = (
	items: readonly number[],
	...problems: readonly [Problem, ...Problem[]]
): FailedItem[] => items.map((item) => failed(item, problems, {}));

describe('the error before anything is sent', () => {
	it.each<[string, FailedItem[], number, string, string, number | undefined]>([
		[
			'of the only item',
			of([0], MISSING),
			1,
			"'Email' is missing. The event wasn't sent",
			'Correct it. Code: INVALID_INPUT, not received',
			0,
		],
		[
			'of one item of several',
			of([2], MISSING),
			3,
			"'Email' is missing. None of the 3 events was sent",
			'Item 2: Correct it. n8n counts items from 0. Code: INVALID_INPUT, not received',
			2,
		],
		[
			'of several with the same problem',
			of([0, 2], MISSING),
			3,
			"'Email' is missing [Items 0, 2]. None of the 3 events was sent",
			'Correct it. n8n counts items from 0. Code: INVALID_INPUT, not received',
			undefined,
		],
		[
			'of several with different problems',
			[...of([2], OTHER), ...of([0], MISSING)],
			3,
			"'Tag' is missing. None of the 3 events was sent",
			"[Item 2] 'Tag' is missing. [Item 0] 'Email' is missing. Correct it. n8n counts items from 0. Code: INVALID_INPUT, not received",
			2,
		],
		[
			'of one item with two problems',
			of([0], MISSING, OTHER),
			1,
			"'Email' is missing. The event wasn't sent",
			"'Email' is missing. 'Tag' is missing. Correct it. Code: INVALID_INPUT, not received",
			0,
		],
	])('%s', (_name, items, total, message, description, itemIndex) => {
		const error = invalidItemsError(NODE, items, total, EVENTS);
		expect(error).toMatchObject({ message, description });
		expect(error.context.itemIndex).toBe(itemIndex);
	});

	it('lists ten problems and counts the others', () => {
		const items = Array.from({ length: 13 }, (_, item) =>
			failed(item, [{ ...MISSING, message: `Problem ${item}` }], {}),
		);
		const { description = '' } = invalidItemsError(NODE, items, 13, EVENTS);
		expect(description).toContain("[Item 9] Problem 9. 3 more problems aren't listed");
		expect(description).not.toContain('Problem 10');
		const eleven = invalidItemsError(NODE, items.slice(0, 11), 13, EVENTS).description ?? '';
		expect(eleven).toContain("1 more problem isn't listed");
		const ten = invalidItemsError(NODE, items.slice(0, 10), 13, EVENTS).description ?? '';
		expect(ten).not.toContain('listed');
	});

	it('counts an item once, and all items with the same message in the headline', () => {
		const words: Problem = { ...MISSING, detail: "'Email > x' is missing" };
		const items = [...of([2], MISSING, MISSING), ...of([1], words)];
		const { message } = invalidItemsError(NODE, items, 3, EVENTS);
		expect(message).toBe("'Email' is missing [Items 1, 2]. None of the 3 events was sent");
	});
});

describe('the error of a run', () => {
	it('says how many were accepted, and has the status of the response', () => {
		const error = failedRunError(NODE, of([1], REJECTED), 3, 2, EVENTS);
		expect(error).toMatchObject({
			name: 'NodeApiError',
			httpCode: '422',
			message: 'Bento rejected the event. 2 of 3 events were accepted',
		});
		expect(error.description).toBe(
			"Item 1: Bento's response: No. Correct it. Request ID: r-1. n8n counts items from 0. Code: REJECTED, HTTP 422, not received",
		);
	});

	it.each([
		[0, 1, '0 of 1 event was accepted'],
		[1, 2, '1 of 2 events was accepted'],
		[0, 2, '0 of 2 events were accepted'],
		[1999, 2000, '1,999 of 2,000 events were accepted'],
	])('%d of %d', (accepted, total, account) => {
		const { message } = failedRunError(NODE, of([0], OTHER), total, accepted, EVENTS);
		expect(message).toBe(`'Tag' is missing. ${account}`);
	});

	it('gives a reason once for requests with different IDs', () => {
		const items = [...of([0], REJECTED), ...of([1], { ...REJECTED, requestId: 'r-2' })];
		const { message } = failedRunError(NODE, items, 2, 0, EVENTS);
		expect(message).toBe('Bento rejected the event [Items 0, 1]. 0 of 2 events were accepted');
	});

	it('has a message even without a problem', () => {
		expect(failedRunError(NODE, [], 2, 0, EVENTS).message).toBe(
			'The run failed. 0 of 2 events were accepted',
		);
	});
});

const TOTALS: Totals = {
	batches: 1,
	requests: 1,
	retries: 0,
	possiblyDoubled: 0,
	shared: 0,
	waited: 0,
};

function account(results: readonly RecordResult[], more: Partial<RunAccount> = {}): RunAccount {
	const total = results.length;
	return {
		noun: EVENTS,
		total,
		results,
		totals: TOTALS,
		milliseconds: 1234,
		repeatsMatter: true,
		...more,
	};
}

function report(mayHaveArrived: boolean): CallReport {
	const outcome = { kind: 'unreached', code: 'ENOTFOUND' } as const;
	return { reads: false, outcome, attempts: 1, unanswered: 0, gaveUp: undefined, mayHaveArrived };
}

const ACCEPTED: RecordResult = { kind: 'accepted', batch: 1, attempts: 1, answer: {} };
const COUNTS = { kind: 'counts', results: 1, failed: 1, words: undefined } as const;
const UNCONFIRMED: RecordResult = {
	kind: 'unconfirmed',
	batch: 1,
	attempts: 1,
	sent: 2,
	shared: false,
	reason: COUNTS,
	answer: {},
};

describe('the account of a run', () => {
	const only = { totals: { ...TOTALS, requests: 0 } };

	it.each<[string, RecordResult, string]>([
		['accepted', ACCEPTED, '1 of 1 event accepted'],
		['accepted earlier', { kind: 'remembered', previous: 'accepted' }, '1 of 1 event accepted'],
		['unconfirmed', UNCONFIRMED, '0 of 1 event accepted, 1 unconfirmed'],
		[
			'unconfirmed earlier',
			{ kind: 'remembered', previous: 'unconfirmed' },
			'0 of 1 event accepted, 1 unconfirmed',
		],
		[
			'not confirmed',
			{ kind: 'notConfirmed', batch: 1, attempts: 1, sent: 2, shared: false, reason: COUNTS },
			'0 of 1 event accepted, 1 unconfirmed',
		],
		[
			'unknown earlier',
			{ kind: 'remembered', previous: 'unknown' },
			'0 of 1 event accepted, 1 unknown: Bento may have received them',
		],
		[
			'known in part',
			{ kind: 'remembered', previous: 'partial' },
			'0 of 1 event accepted, 1 unknown: Bento may have received them',
		],
		[
			'undelivered, perhaps',
			{ kind: 'undelivered', batch: 1, report: report(true) },
			'0 of 1 event accepted, 1 unknown: Bento may have received them',
		],
		[
			'undelivered',
			{ kind: 'undelivered', batch: 1, report: report(false) },
			'0 of 1 event accepted, 1 failed',
		],
		[
			'refused',
			{ kind: 'refused', batch: 1, report: report(false) },
			'0 of 1 event accepted, 1 rejected',
		],
		[
			'refused after a lost response',
			{ kind: 'refused', batch: 1, report: report(true) },
			'0 of 1 event accepted, 1 unknown: Bento may have received them',
		],
		[
			'unsorted',
			{ kind: 'unsorted', batch: 1, why: 'batch', report: report(false) },
			'0 of 1 event accepted, 1 rejected',
		],
		[
			'counted as failed',
			{
				kind: 'countedFailed',
				batch: 1,
				attempts: 1,
				sent: 1,
				shared: false,
				results: 0,
				failed: 1,
				all: true,
			},
			'0 of 1 event accepted, 1 rejected',
		],
		['held', { kind: 'held', report: report(true) }, '0 of 1 event accepted, 1 not sent'],
		['too large', { kind: 'oversize', bytes: 2, limit: 1 }, '0 of 1 event accepted, 1 not sent'],
	])('%s', (_name, result, words) => {
		expect(accountOf(account([result], only))).toBe(words);
	});

	it('counts what couldn’t be sent', () => {
		expect(accountOf(account([ACCEPTED, ACCEPTED], { ...only, total: 1002 }))).toBe(
			'2 of 1,002 events accepted, 1,000 not sent',
		);
	});

	it('says what it took', () => {
		const totals = { ...TOTALS, batches: 2, requests: 3, retries: 1, shared: 1, waited: 2000 };
		expect(accountOf(account([ACCEPTED], { totals }))).toBe(
			'1 of 1 event accepted (2 batches, 3 requests, 1 shared with other executions, 1 retry, 1.2 s, up to 2.0 s of waiting for a turn)',
		);
		expect(accountOf(account([ACCEPTED], { totals: { ...TOTALS, waited: 49 } }))).toBe(
			'1 of 1 event accepted (1 batch, 1 request, 0 retries, 1.2 s)',
		);
		expect(accountOf(account([ACCEPTED], { totals: { ...TOTALS, waited: 50 } }))).toMatch(
			/up to 0\.1 s of waiting for a turn\)$/,
		);
	});
});

describe('the hints of a run', () => {
	const told = (given: RunAccount) =>
		runHints(given).map(({ type, message, location }) => [type, location, message]);

	it('are the account alone if all went well', () => {
		expect(told(account([ACCEPTED]))).toEqual([
			['info', 'outputPane', '1 of 1 event accepted (1 batch, 1 request, 0 retries, 1.2 s)'],
		]);
	});

	it('say why items are unconfirmed, and how to see which', () => {
		expect(told(account([ACCEPTED, UNCONFIRMED])).slice(1)).toEqual([
			[
				'warning',
				'outputPane',
				"Bento counted 1 of the 2 events in this batch as failed and doesn't say which. Set 'Batch Size' to 1 to see which",
			],
		]);
		const empty: RecordResult = { ...UNCONFIRMED, reason: { kind: 'empty' } };
		expect(told(account([empty]))[1]?.[2]).toBe(
			'Bento took the 2 events in this batch with an empty response, which confirms nothing',
		);
	});

	it('say what may have arrived twice, where that matters', () => {
		const totals = { ...TOTALS, possiblyDoubled: 2 };
		expect(told(account([ACCEPTED], { totals }))[1]?.[2]).toBe(
			"2 events may have arrived twice, because the response to an earlier request got lost. With 'Delivery Guarantee' set to At Most Once, nothing is sent twice",
		);
		expect(told(account([ACCEPTED], { totals, repeatsMatter: false }))).toHaveLength(1);
	});

	it('give each note once, with its items', () => {
		const notes = new Map([['A note', [0, 2]]]);
		expect(noteHints(notes).map(({ message }) => message)).toEqual(['A note [Items 0, 2]']);
	});

	it('are left out where n8n takes none', () => {
		const hint: NodeExecutionHint = { message: 'x', location: 'outputPane', type: 'info' };
		const seen: string[] = [];
		const context = runContext({ onHint: (message) => seen.push(message) });
		addHints(context, []);
		addHints(context, [hint]);
		expect(seen).toEqual(['x']);
		Reflect.deleteProperty(context, 'addExecutionHints');
		expect(() => addHints(context, [hint])).not.toThrow();
	});
});
