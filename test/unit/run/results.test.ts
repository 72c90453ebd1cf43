import type { INode } from 'n8n-workflow';
import type { RecordResult, UnconfirmedReason } from '../../../nodes/shared/delivery/types';
import type { CallReport, Outcome } from '../../../nodes/shared/http/client/types';
import type { Problem } from '../../../nodes/shared/http/problem';
import {
	failed,
	invalidInput,
	meaningOf,
	toItems,
	toSeeWhich,
	unconfirmedNote,
} from '../../../nodes/shared/run/results';

/** What an item says of what became of it, word for word. */

const EVENTS = { one: 'event', many: 'events' };

function report(outcome: Outcome, more: Partial<CallReport> = {}): CallReport {
	return {
		reads: false,
		outcome,
		attempts: 1,
		unanswered: 0,
		gaveUp: undefined,
		mayHaveArrived: false,
		...more,
	};
}

const REFUSED = report({ kind: 'refused', reason: 'invalid', status: 422, words: 'No' });
const BUSY = report({ kind: 'busy', status: 503, words: '', from: 'bento' } as Outcome);

const sent = { batch: 2, attempts: 3, sent: 1200, shared: false } as const;
const FEW: UnconfirmedReason = {
	kind: 'counts',
	results: 1199,
	failed: undefined,
	words: undefined,
};

describe('the status of an item that didn’t fail', () => {
	it.each<[string, RecordResult, object]>([
		[
			'accepted',
			{ kind: 'accepted', batch: 2, attempts: 3, answer: {} },
			{ status: 'accepted', batch: 2, attempts: 3 },
		],
		[
			'unconfirmed',
			{ kind: 'unconfirmed', ...sent, reason: { kind: 'empty' }, answer: '' },
			{
				status: 'unconfirmed',
				batch: 2,
				attempts: 3,
				note: 'Bento took the 1,200 events in this batch with an empty response, which confirms nothing',
			},
		],
		...(['accepted', 'unconfirmed'] as const).map((previous): [string, RecordResult, object] => [
			`remembered as ${previous}`,
			{ kind: 'remembered', previous },
			{ status: previous, note: 'Sent in an earlier attempt of this run' },
		]),
	])('%s', (_name, result, status) => {
		expect(meaningOf(result, EVENTS)).toEqual({ status });
	});
});

describe('the problem of an item', () => {
	const uncertain: Problem = {
		code: 'UNKNOWN',
		mayHaveArrived: true,
		message: "It wasn't sent again, because Bento may have it from an earlier attempt",
		advice: 'Check in Bento whether it arrived before you send it again',
	};
	const counted = { kind: 'countedFailed', ...sent, results: 1197, failed: 3 } as const;
	const some: Partial<Problem> = {
		code: 'UNCONFIRMED',
		mayHaveArrived: true,
		message: 'Bento counted some events of the batch as failed',
	};
	const all: Partial<Problem> = { code: 'REJECTED', message: 'Bento counted the event as failed' };

	it.each<[string, RecordResult, Partial<Problem>]>([
		['remembered as unknown', { kind: 'remembered', previous: 'unknown' }, uncertain],
		['remembered in part', { kind: 'remembered', previous: 'partial' }, uncertain],
		[
			'counted as failed, alone',
			{ ...counted, all: true },
			{ ...all, advice: 'Bento gives no reason. Check the values and the subscriber in Bento' },
		],
		[
			'counted as failed, alone, with a reason',
			{ ...counted, all: true, words: 'No' },
			{
				...all,
				detail: "Bento's response: No",
				advice: 'Correct the values that Bento names, and run the node again',
			},
		],
		[
			'in a batch with some that failed',
			{ ...counted, all: false },
			{
				...some,
				advice:
					"Bento counted 3 of the 1,200 events in this batch as failed and doesn't say which. Set 'Batch Size' to 1 to see which",
			},
		],
		[
			'in a shared request with some that failed, with words',
			{ ...counted, all: false, shared: true, failed: undefined, words: 'No' },
			{
				...some,
				detail: "Bento's response: No",
				advice:
					"Bento counted 0 of the 1,200 events in this request, which held events of other executions too, as failed and doesn't say which. Turn off 'Combine Executions' and set 'Batch Size' to 1 to see which",
			},
		],
		[
			'not confirmed',
			{ kind: 'notConfirmed', ...sent, reason: { kind: 'noCounts' } },
			{
				code: 'UNCONFIRMED',
				mayHaveArrived: true,
				message: "Bento didn't confirm the event",
				detail:
					"Bento's response doesn't say how many of the 1,200 events in this batch it accepted",
				advice:
					"Bento may have it. Check in Bento before you send it again, or set 'If Unconfirmed' to Continue",
			},
		],
		[
			'too large',
			{ kind: 'oversize', bytes: 1_200_000, limit: 1_000_000 },
			{
				code: 'TOO_LARGE',
				message: 'The event is too large for one request',
				advice: 'It takes 1,200,000 bytes of JSON, and 1,000,000 fit. Send less data in it',
			},
		],
		[
			'not JSON',
			{ kind: 'unserializable' },
			{
				code: 'INVALID_INPUT',
				message: "The event can't be written as JSON",
				advice: 'Remove values that refer to themselves, functions, and the like',
			},
		],
	])('%s', (_name, result, problem) => {
		expect(meaningOf(result, EVENTS)).toEqual({ problem });
	});

	it.each<[string, RecordResult, Partial<Problem>]>([
		[
			'refused',
			{ kind: 'refused', batch: 1, report: REFUSED },
			{ message: 'Bento rejected the event' },
		],
		[
			'undelivered',
			{ kind: 'undelivered', batch: 1, report: REFUSED },
			{ message: 'Bento rejected the data' },
		],
		...(
			[
				['batch', 'Bento rejected the batch of this event'],
				[
					'halted',
					'Bento rejected the batch of this event, and the run stopped before it was split',
				],
				['tooMany', 'Bento rejected too many events of this batch to look at each one'],
			] as const
		).map(([why, message]): [string, RecordResult, Partial<Problem>] => [
			`unsorted: ${why}`,
			{ kind: 'unsorted', batch: 1, why, report: REFUSED },
			{ message },
		]),
	])('%s is explained by its call', (_name, result, problem) => {
		expect(meaningOf(result, EVENTS)).toMatchObject({
			problem: { code: 'REJECTED', detail: "Bento's response: No", httpCode: '422', ...problem },
		});
	});

	it.each<[string, CallReport, Partial<Problem>]>([
		[
			'an earlier batch failed',
			{ ...BUSY, mayHaveArrived: true },
			{ code: 'NOT_SENT', message: "The event wasn't sent because an earlier batch failed" },
		],
		[
			'an earlier batch was refused',
			REFUSED,
			{ code: 'NOT_SENT', message: "The event wasn't sent because an earlier batch failed" },
		],
		[
			'the execution was stopped',
			report({ kind: 'stopped' }, { attempts: 0 }),
			{ code: 'NOT_SENT', message: "The event wasn't sent because the execution was stopped" },
		],
		[
			'nothing can be sent at all',
			{ ...REFUSED, attempts: 0 },
			{ code: 'REJECTED', message: 'Bento rejected the data' },
		],
		[
			'its turn would have come too late',
			report({ kind: 'noTurn', executions: 2 }, { attempts: 0 }),
			{ code: 'RATE_LIMITED', message: "The wait for Bento's rate limit took too long" },
		],
		[
			'an earlier one’s turn would have come too late, after other attempts',
			report({ kind: 'noTurn', executions: 2 }),
			{ code: 'NOT_SENT', message: "The event wasn't sent because an earlier batch failed" },
		],
	])('held, as %s', (_name, of, problem) => {
		const meaning = meaningOf({ kind: 'held', report: of }, EVENTS);
		expect(meaning).toMatchObject({ problem });
		expect('problem' in meaning && meaning.problem.mayHaveArrived).toBeFalsy();
	});
});

describe('why a batch isn’t confirmed', () => {
	const note = (reason: UnconfirmedReason, count = 2, shared = false) =>
		unconfirmedNote(
			{ kind: 'notConfirmed', batch: 1, attempts: 1, sent: count, shared, reason },
			EVENTS,
		);

	it.each<[UnconfirmedReason, string]>([
		[
			{ kind: 'empty' },
			'Bento took the 2 events in this batch with an empty response, which confirms nothing',
		],
		[
			{ kind: 'notJson' },
			"Bento took the 2 events in this batch with a response that isn't JSON, which confirms nothing",
		],
		[
			{ kind: 'noCounts' },
			"Bento's response doesn't say how many of the 2 events in this batch it accepted",
		],
		[
			{ kind: 'tracking' },
			"Bento's tracking webhook took the 2 events in this batch, but confirms nothing",
		],
		[
			{ kind: 'counts', results: 2, failed: 0, words: 'Slow' },
			"Bento counted all of the 2 events in this batch as accepted, but reports errors. Bento's response: Slow",
		],
		[
			{ kind: 'counts', results: 2, failed: undefined, words: 'Slow' },
			"Bento counted all of the 2 events in this batch as accepted, but reports errors. Bento's response: Slow",
		],
		[
			{ kind: 'counts', results: 2, failed: 1, words: undefined },
			"Bento counted 1 of the 2 events in this batch as failed and doesn't say which",
		],
		[
			{ kind: 'counts', results: 1, failed: 0, words: undefined },
			"Bento counted 1 of the 2 events in this batch as accepted and doesn't say which",
		],
		[
			{
				kind: 'counts',
				results: undefined,
				failed: undefined,
				words: undefined,
			},
			"Bento counted 0 of the 2 events in this batch as accepted and doesn't say which",
		],
	])('%j', (reason, words) => {
		expect(note(reason)).toBe(words);
	});

	it('tells that other executions were in the request', () => {
		expect(note(FEW, 1200, true)).toBe(
			"Bento counted 1,199 of the 1,200 events in this request, which held events of other executions too, as accepted and doesn't say which",
		);
		expect(toSeeWhich(false)).toBe("Set 'Batch Size' to 1 to see which");
	});
});

describe('an input that can’t be sent', () => {
	const correct = 'Correct the value, or the expression that gives it';

	it.each([
		[
			{ field: 'Email', text: 'is missing' },
			{ message: "'Email' is missing", advice: correct },
		],
		[
			{ field: 'Details', key: 'plan', text: 'is wrong' },
			{ message: "'Details' is wrong", detail: "'Details > plan' is wrong", advice: correct },
		],
		[
			{ field: 'Email', text: 'is wrong', detail: 'no node', advice: 'Do this' },
			{ message: "'Email' is wrong", detail: 'n8n says: no node', advice: 'Do this' },
		],
		[
			{ field: 'Details', key: 'plan', text: 'is wrong', detail: 'no node' },
			{
				message: "'Details' is wrong",
				detail: "'Details > plan' is wrong. n8n says: no node",
				advice: correct,
			},
		],
	])('%j', (issue, problem) => {
		expect(invalidInput([issue])).toEqual([{ code: 'INVALID_INPUT', ...problem }]);
	});

	it('has a problem even if nobody knows which', () => {
		expect(invalidInput([])).toEqual([
			{ code: 'INVALID_INPUT', message: 'The input is missing', advice: correct },
		]);
	});

	it('has each of its problems', () => {
		const two = invalidInput([
			{ field: 'Email', text: 'is missing' },
			{ field: 'Tag', text: 'is missing' },
		]);
		expect(two.map(({ message }) => message)).toEqual(["'Email' is missing", "'Tag' is missing"]);
	});
});

describe('output items', () => {
	const [only] = invalidInput([{ field: 'Email', text: 'is missing' }]);
	const lost: Problem = {
		code: 'UNKNOWN',
		message: 'Lost',
		advice: 'Look',
		mayHaveArrived: true,
		httpCode: '504',
	};
	const node = (onError: INode['onError']) => ({ onError }) as INode;

	it('are in the order of the input, each with its pair', () => {
		const results = [
			failed(2, [only], { email: 'c' }),
			{ kind: 'done', item: 0, outputs: [{ a: 1 }, { a: 2 }] } as const,
		];
		expect(toItems(node('continueErrorOutput'), results)).toEqual([
			{ json: { a: 1 }, pairedItem: { item: 0 } },
			{ json: { a: 2 }, pairedItem: { item: 0 } },
			{
				json: {
					error: "'Email' is missing",
					message:
						'Correct the value, or the expression that gives it. Code: INVALID_INPUT, not received',
				},
				pairedItem: { item: 2 },
			},
		]);
	});

	it('say whom they are about, and their code, where nothing is routed', () => {
		const [one, other] = toItems(node('continueRegularOutput'), [
			failed(0, [only], { email: 'c' }),
			failed(1, [lost], {}),
		]);
		expect(one?.json).toMatchObject({
			email: 'c',
			code: 'INVALID_INPUT',
			httpStatus: null,
			mayHaveArrived: false,
		});
		expect(other?.json).toEqual({
			error: 'Lost',
			message: 'Look. Code: UNKNOWN, HTTP 504, may have been received',
			code: 'UNKNOWN',
			httpStatus: 504,
			mayHaveArrived: true,
		});
	});

	it('of several problems, have them all, and each piece of advice once', () => {
		const problems = invalidInput([
			{ field: 'Email', text: 'is missing' },
			{ field: 'Details', key: 'plan', text: 'is wrong' },
			{ field: 'Tag', text: 'is wrong', detail: 'no node' },
		]);
		const [one] = toItems(node('continueErrorOutput'), [failed(0, problems, {})]);
		expect(one?.json).toEqual({
			error: "'Email' is missing",
			message:
				"'Email' is missing. 'Details > plan' is wrong. 'Tag' is wrong. n8n says: no node. Correct the value, or the expression that gives it. Code: INVALID_INPUT, not received",
		});
	});
});
