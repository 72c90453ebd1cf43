import { mayHaveArrived } from '../../../nodes/shared/http/client/call';
import { explain } from '../../../nodes/shared/http/client/explain';
import { NO_CODE } from '../../../nodes/shared/http/client/transport';
import type { CallReport, Outcome, RefusalReason } from '../../../nodes/shared/http/client/types';
import { aftermath } from '../../../nodes/shared/http/problem';

/** The problem, with everything but its headline as one text. */
function explained(outcome: Outcome, more: Partial<CallReport> = {}) {
	const { reads = false, unanswered = 0 } = more;
	const problem = explain({
		outcome,
		reads,
		attempts: 1,
		unanswered,
		mayHaveArrived: mayHaveArrived(reads, outcome, unanswered),
		gaveUp: undefined,
		...more,
	});
	return { ...problem, description: aftermath(problem) };
}

function refused(reason: RefusalReason, more: { words?: string; code?: string } = {}): Outcome {
	return { kind: 'refused', reason, status: 400, words: '', ...more };
}

function busy(more: Partial<Extract<Outcome, { kind: 'busy' }>> = {}): Outcome {
	const { status = 503, from = 'bento', words = '', mayHaveArrived = false } = more;
	return { kind: 'busy', status, from, words, retryAfter: undefined, mayHaveArrived };
}

const lost: Outcome = { kind: 'unknown', reason: 'lost', code: 'ECONNRESET' };
const unreached: Outcome = { kind: 'unreached', code: 'ECONNREFUSED' };
const stopped: Outcome = { kind: 'stopped' };
const OPEN = 'Bento may have received the data. Check in Bento before you send it again';

const REASONS: RefusalReason[] = [
	'blocked',
	'certificate',
	'credentials',
	'forbidden',
	'hostNotAllowed',
	'invalid',
	'notFound',
	'other',
	'proxy',
	'redirected',
	'tooLarge',
	'unconfigured',
	'unsafePath',
];

describe('an explanation', () => {
	it('has a headline without a period and whole sentences of advice, for every reason', () => {
		const all = REASONS.map((reason) => explained(refused(reason)));
		for (const { message, description } of all) {
			expect(message).toMatch(/^[A-Zn].+[a-z]$/);
			expect(description).toMatch(/^[A-Z].+[^.]$/);
		}
		expect(new Set(all.map(({ message }) => message)).size).toBe(REASONS.length);
	});

	it.each<[Outcome, Partial<ReturnType<typeof explained>>]>([
		[refused('invalid'), { message: 'Bento rejected the data', httpCode: '400' }],
		[
			{ ...stopped },
			{ message: 'The execution was stopped before this was sent', description: '' },
		],
		[
			{ kind: 'accepted', status: 200, content: 'empty', body: '' },
			{ message: 'Bento accepted the request', description: '', httpCode: '200' },
		],
		[lost, { message: 'The connection closed before Bento responded', httpCode: undefined }],
		[{ ...lost, reason: 'timeout' }, { message: "Bento didn't respond in time" }],
		[{ ...lost, reason: 'cutOff' }, { message: "Bento's response was incomplete" }],
		[{ ...lost, reason: 'stopped' }, { message: 'The execution was stopped during a request' }],
		[unreached, { message: "Bento couldn't be reached", httpCode: undefined }],
		[
			{ kind: 'noTurn', executions: 3 },
			{ message: "The wait for Bento's rate limit took too long", httpCode: undefined },
		],
		[busy({ status: 429 }), { message: "Bento's rate limit was reached", httpCode: '429' }],
		[busy(), { message: 'Bento is currently unavailable', httpCode: '503' }],
		[
			busy({ status: 429, from: 'proxy' }),
			{ message: "A proxy between n8n and Bento couldn't pass the request on" },
		],
		[{ ...refused('certificate'), status: undefined } as Outcome, { httpCode: undefined }],
	])('of %j is %j', (outcome, words) => {
		expect({ httpCode: undefined, ...explained(outcome) }).toMatchObject(words);
	});

	it.each<[Outcome, RegExp]>([
		[busy({ status: 429 }), /collect events.*collect-events.*'Total Time Limit' under Options$/],
		[
			{ kind: 'noTurn', executions: 3 },
			/^3 executions were waiting for a turn\. .*collect-events.*'Total Time Limit' under Options$/,
		],
		[{ kind: 'noTurn', executions: 1 }, /^No other execution was waiting\. /],
		[busy(), /^Check status\.bentonow\.com and try again later\. .*proxy/],
		[busy({ from: 'proxy' }), /^Check HTTPS_PROXY.*NO_PROXY are called directly$/],
		[refused('proxy'), /^Check HTTPS_PROXY.*NO_PROXY are called directly$/],
		[unreached, /^Network code: ECONNREFUSED\. Check your n8n.*NO_PROXY.*Nothing was sent$/],
	])('of %j advises: %p', (outcome, advice) => {
		expect(explained(outcome).description).toMatch(advice);
	});

	it.each<[Outcome, string]>([
		[refused('invalid', { words: 'email is invalid' }), "Bento's response: email is invalid."],
		[refused('proxy', { words: 'No entry!' }), "The proxy's response: No entry!"],
		[refused('unconfigured', { words: "'Secret Key' is missing" }), "'Secret Key' is missing."],
		[refused('unsafePath', { words: "An ID can't be '..'" }), "An ID can't be '..'."],
		[refused('certificate', { code: 'CERT_X', words: 'no' }), 'Network code: CERT_X.'],
		[busy({ words: 'Really busy?' }), "Bento's response: Really busy?"],
		[busy({ words: 'Cut …', from: 'proxy' }), "The proxy's response: Cut …"],
		[lost, 'Network code: ECONNRESET.'],
	])('of %j begins with what was said', (outcome, said) => {
		expect(explained(outcome).description.startsWith(`${said} `)).toBe(true);
	});

	it.each<Outcome>([
		{ ...lost, code: NO_CODE },
		refused('certificate', { code: NO_CODE }),
		refused('invalid'),
		busy(),
	])('of %j doesn’t quote what nobody said', (outcome) => {
		expect(explained(outcome).description).toMatch(/^(Your|Bento|Correct|Check) (?!.*response:)/);
		expect(explained(outcome).description).not.toContain('code');
	});

	it.each<[Partial<CallReport>, string]>([
		[{ gaveUp: 'attempts', attempts: 1 }, 'Stopped after 1 attempt. Check status'],
		[{ gaveUp: 'attempts', attempts: 5 }, 'Stopped after 5 attempts. Check status'],
		[
			{ gaveUp: 'time', attempts: 2 },
			"Stopped after 2 attempts because another one would exceed 'Total Time Limit'. Check status",
		],
		[{ gaveUp: 'guarantee' }, 'Not retried to avoid duplicates. Check status'],
		[{}, 'Check status'],
	])('says of %j: %s', (report, beginning) => {
		expect(explained(busy(), report).description.startsWith(beginning)).toBe(true);
		const second = `Bento's response: no. ${beginning}`;
		expect(explained(busy({ words: 'no' }), report).description.startsWith(second)).toBe(true);
	});

	it.each<[Outcome, number, number]>([
		[lost, 0, 1],
		[lost, 2, 1],
		[busy({ mayHaveArrived: true }), 0, 1],
		[busy(), 0, 0],
		[busy(), 1, 1],
		[stopped, 1, 1],
		[refused('invalid'), 0, 0],
		[refused('invalid'), 1, 1],
		[unreached, 0, 0],
		[{ kind: 'accepted', status: 200, content: 'empty', body: '' }, 1, 0],
	])('of %j after %d unanswered attempts warns of duplicates: %d', (outcome, unanswered, times) => {
		const { description } = explained(outcome, { unanswered });
		expect(description.split(OPEN)).toHaveLength(times + 1);
		if (times > 0) expect(description.endsWith(OPEN)).toBe(true);
	});

	it.each<[Outcome, string]>([
		[
			lost,
			'Network code: ECONNRESET. Try again later. If it happens again, check the network of your n8n instance',
		],
		[{ ...lost, reason: 'stopped' }, 'Network code: ECONNRESET'],
		[
			busy({ status: 500, mayHaveArrived: true }),
			'Check status.bentonow.com and try again later. If n8n uses a proxy, check that it can reach Bento',
		],
	])('of %j never says that Bento may have what was only read', (outcome, description) => {
		expect(explained(outcome, { reads: true, unanswered: 1 }).description).toBe(description);
	});

	it.each([
		['Site is not approved', true],
		['Author is not approved.', true],
		['Enterprise only', false],
	])('of a 403 as JSON that says %j tells of the approval: %p', (words, approval) => {
		const outcome: Outcome = { kind: 'refused', reason: 'forbidden', status: 403, words };
		const { message, description } = explained(outcome);
		expect(message).toBe(
			approval
				? "Bento hasn't approved the site or the sender yet"
				: "Bento doesn't allow the request",
		);
		expect(description).toContain(`Bento's response: ${words.replace(/\.$/, '')}. Check`);
		expect(description).not.toContain('User-Agent');
	});

	it('of a 401 names what makes keys stop working all at once', () => {
		const { description } = explained(refused('credentials'));
		expect(description).toContain('stop working if the user leaves the team');
		expect(description).not.toContain('its own keys');
	});

	it('says that nothing was sent only if that is true of all attempts', () => {
		expect(explained(unreached).description).toContain('Nothing was sent');
		expect(explained(unreached, { unanswered: 1 }).description).not.toContain('Nothing was sent');
	});

	it('has Bento’s request ID for its support, in no headline', () => {
		const problem = explained({ ...busy(), requestId: '8f2a-LHR' } as Outcome);
		expect(problem.description).toMatch(/Request ID: 8f2a-LHR$/);
		expect(problem.message).not.toContain('8f2a');
	});
});
