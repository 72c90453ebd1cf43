import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';
import { trackEvent } from '../../../nodes/BentoTrackEvent/operations/trackEvent';
import { RunMemory, type Site } from '../../../nodes/shared/run/memory';
import released from '../../fixtures/stored/0.1.0.json';

interface Try {
	readonly emails?: readonly string[];
	readonly parameters?: IDataObject;
	readonly run?: number;
	/** Gives what an agent's expressions see; undefined where no agent runs the node. */
	readonly agentInput?: () => unknown;
	/** As agents of version 3 run a tool: as a node of its own, with the call's ID among the arguments. */
	readonly callId?: string;
	/** Aborted when the execution is stopped. */
	readonly signal?: AbortSignal;
	readonly idempotent?: boolean;
	readonly site?: Site;
	/** Beside the email. */
	readonly more?: unknown;
}

const EMAILS = ['a@b.co', 'c@d.ef', 'g@h.ij', 'k@l.mn'];
const SITE: Site = { origin: 'https://app.bentonow.com', siteUuid: 'one' };

/** The few things that the memory asks n8n for, and the memory of one site. */
function open(
	store: IDataObject,
	{
		emails = EMAILS,
		parameters = {},
		run = 0,
		agentInput,
		callId,
		signal,
		idempotent = true,
		site = SITE,
		more,
	}: Try = {},
) {
	const items = emails.map((email) => ({ json: { email, more, toolCallId: callId } }));
	const tool = callId === undefined ? {} : { rewireOutputLogTo: 'ai_tool' };
	const part = {
		getContext: (type: string) => (type === 'node' ? store : {}),
		getInputData: (...asked: unknown[]) => (asked[1] !== 'ai_tool' || agentInput ? items : []),
		getNode: () => ({ type: 'n8n-nodes-bentonow.bento', parameters, ...tool }),
		getWorkflowDataProxy: () => ({ $runIndex: run }),
		getExecutionCancelSignal: () => signal,
		// Without an agent it's the item, which an expression may give another value of in every try.
		evaluateExpression: (text: string) =>
			text === '{{ $json }}' ? (agentInput?.() ?? { now: Math.random() }) : undefined,
	};
	const order = items.map((_, item) => item);
	const memory = new RunMemory(part as unknown as IExecuteFunctions, trackEvent);
	const records = memory.of(order, site, idempotent);
	return {
		at: records.at.bind(records),
		add: records.add.bind(records),
		during: records.during.bind(records),
		finish: memory.finish.bind(memory),
	};
}

/** What a first try left: two batches of two. */
function remembered(first: Try = {}): IDataObject {
	const store: IDataObject = {};
	const memory = open(store, first);
	memory.add({ first: 0, count: 2, previous: 'accepted' });
	memory.add({ first: 2, count: 2, previous: 'unknown' });
	memory.finish(false);
	return structuredClone(store);
}

function itself(name: string): object {
	const value: Record<string, unknown> = { name };
	value.self = value;
	return value;
}

function fail(): never {
	throw new Error('of the test');
}

describe('what a run keeps for its next try', () => {
	it('is found again, and contains no data', () => {
		const store = remembered();
		expect(JSON.stringify(store)).not.toContain('@');
		const memory = open(store);
		expect(memory.at(0)).toEqual({ count: 2, previous: 'accepted' });
		expect(memory.at(2)).toEqual({ count: 2, previous: 'unknown' });
		expect(memory.at(1)).toBeUndefined();
	});

	it('outlives a second try that adds to it', () => {
		const store = remembered();
		const second = open(store);
		second.add({ first: 2, count: 2, previous: 'accepted' });
		second.finish(false);
		expect(open(store).at(0)).toEqual({ count: 2, previous: 'accepted' });
		expect(open(store).at(2)).toEqual({ count: 2, previous: 'accepted' });
	});

	it('lets only a batch whose input has changed be resent', () => {
		const memory = open(remembered(), { emails: ['a@b.co', 'c@d.ef', 'other@h.ij', 'k@l.mn'] });
		expect(memory.at(0)).toBeDefined();
		expect(memory.at(2)).toBeUndefined();
	});

	it('depends on what determines the content, and nothing else', () => {
		const first = { parameters: { eventType: 'x', options: { batchSize: 2 } } };
		const at = (parameters: IDataObject) => open(remembered(first), { parameters }).at(0);
		expect(at({ eventType: 'x', options: { batchSize: 9, maxAttempts: 3 } })).toBeDefined();
		expect(at({ eventType: 'x', simplify: false })).toBeDefined();
		expect(at({ eventType: 'y' })).toBeUndefined();
		expect(at({ eventType: 'x', options: { normalizeFieldKeys: true } })).toBeUndefined();
	});

	it.each<[string, Site]>([
		['another site', { ...SITE, siteUuid: 'two' }],
		['another server', { ...SITE, origin: 'http://localhost:4400' }],
	])('belongs to the site that it was sent to: %s knows nothing of it', (_name, site) => {
		expect(open(remembered(), { site }).at(0)).toBeUndefined();
		expect(open(remembered({ site }), { site }).at(0)).toBeDefined();
	});

	it('reads what version 0.1.0 left, which named no site', () => {
		const emails = ['a@b.co', 'c@d.ef', 'g@h.ij', 'k@l.mn', 'o@p.qr'];
		const memory = open(released, {
			emails,
			run: 3,
			parameters: { eventType: 'x' },
			idempotent: false,
		});
		expect(memory.at(0)).toEqual({ count: 2, previous: 'accepted' });
		expect(memory.at(2)).toEqual({ count: 1, previous: 'unknown' });
		expect(memory.at(3)).toEqual({ count: 1, previous: 'accepted', outputs: [{ id: 7 }] });
		expect(memory.at(4)).toBeUndefined();
	});

	it('reads what a later version left, with parts that this one doesn’t know', () => {
		const store = remembered();
		const { bentoDelivered } = store as { bentoDelivered: { entries: unknown[][] } };
		for (const entry of bentoDelivered.entries) entry.push('more', { parts: 1 });
		expect(open(store).at(0)).toEqual({ count: 2, previous: 'accepted' });
	});

	it.each<[string, unknown, unknown]>([
		['numbers that JSON doesn’t know', 1n, 2n],
		['values that refer to themselves', itself('x'), itself('y')],
	])('tells items apart that differ in %s', (_name, more, other) => {
		expect(open(remembered({ more }), { more }).at(0)).toBeDefined();
		expect(open(remembered({ more }), { more: other }).at(0)).toBeUndefined();
	});

	it('belongs to one run of a loop, whose items may look the same', () => {
		expect(open(remembered(), { run: 1 }).at(0)).toBeUndefined();
	});

	it('belongs to the same arguments and input in every run of an agent’s tool', () => {
		const agentInput = () => ({ customer: 1 });
		const store = remembered({ agentInput });
		expect(open(store, { agentInput, run: 1 }).at(0)).toBeDefined();
		expect(open(store, { agentInput: () => ({ customer: 2 }), run: 1 }).at(0)).toBeUndefined();
	});

	it.each<[string, Try, Try]>([
		['2.2', { agentInput: () => ({}) }, { agentInput: () => ({}), run: 4 }],
		['3', { callId: 'call_1' }, { callId: 'call_2', run: 4 }],
	])('of a tool of agent %s outlasts the success of other calls', (_version, first, next) => {
		const store: IDataObject = {};
		const lost = open(store, { ...first, emails: ['a@b.co'], idempotent: false });
		lost.add({ first: 0, count: 1, previous: 'unknown' });
		lost.finish(false);
		const other = open(store, { ...next, emails: ['c@d.ef'], idempotent: false });
		expect(other.at(0)).toBeUndefined();
		other.finish(true);
		const failed = open(store, { ...next, emails: ['g@h.ij'], idempotent: false });
		failed.add({ first: 0, count: 1, previous: 'unknown' });
		failed.finish(false);
		const again = { ...next, run: 9, idempotent: false };
		const unknown = { count: 1, previous: 'unknown' };
		expect(open(store, { ...again, emails: ['a@b.co'] }).at(0)).toEqual(unknown);
		expect(open(store, { ...again, emails: ['g@h.ij'] }).at(0)).toEqual(unknown);
		expect(open(store, { ...again, emails: ['c@d.ef'] }).at(0)).toBeUndefined();
	});

	it('of a tool keeps what a call at the same time adds', () => {
		const store: IDataObject = {};
		const calls = EMAILS.map((email) => open(store, { callId: email, emails: [email] }));
		calls.forEach((call) => call.add({ first: 0, count: 1, previous: 'unknown' }));
		calls.forEach((call) => call.finish(false));
		for (const email of EMAILS) {
			expect(open(store, { callId: 'x', emails: [email] }).at(0)).toBeDefined();
		}
	});

	it.each<[string, () => unknown]>([
		['can’t be evaluated', fail],
		['has no JSON form', () => ({ toJSON: fail })],
		['is nothing that JSON knows', () => Symbol('x')],
	])('goes by the agent’s arguments alone where its input %s', (_name, agentInput) => {
		const store = remembered({ agentInput });
		expect(open(store, { agentInput, emails: ['a@b.co', 'c@d.ef', 'x@y.zz'] }).at(0)).toBeDefined();
		expect(open(store, { agentInput, emails: ['x@y.zz', 'c@d.ef'] }).at(0)).toBeUndefined();
		expect(open(store, { agentInput: () => '' }).at(0)).toBeUndefined();
	});

	it('gives back what single calls gave', () => {
		const store: IDataObject = {};
		const first = open(store);
		const outputs = [{ id: 7, tags: ['x'] }, {}];
		first.add({ first: 1, count: 1, previous: 'accepted', outputs });
		first.add({ first: 3, count: 1, previous: 'partial', outputs: [] });
		first.finish(false);
		const next = open(structuredClone(store));
		expect(next.at(1)).toEqual({ count: 1, previous: 'accepted', outputs });
		expect(next.at(3)).toEqual({ count: 1, previous: 'partial', outputs: [] });
		expect(next.at(0)).toBeUndefined();
		expect(next.at(99)).toBeUndefined();
	});

	it('counts content, not the order of the input: an item in another place is another one', () => {
		const emails = ['c@d.ef', 'a@b.co', 'g@h.ij', 'k@l.mn'];
		const memory = open(remembered(), { emails });
		expect(memory.at(0)).toBeUndefined();
		expect(memory.at(2)).toBeDefined();
		expect(open(remembered(), { emails: EMAILS.slice(0, 3) }).at(2)).toBeUndefined();
	});

	it.each<[string, unknown]>([
		['another shape', []],
		['another run’s number', { run: '0', entries: [] }],
		['a previous that nobody knows', { run: 0, entries: [[0, 2, 'sent', 'x', null]] }],
		['outputs that aren’t objects', { run: 0, entries: [[0, 2, 'accepted', 'x', [1]]] }],
		['a digest of something else', { run: 0, entries: [[0, 2, 'accepted', 'x', null]] }],
	])('takes nothing from %s', (_name, bentoDelivered) => {
		expect(open({ bentoDelivered } as IDataObject).at(0)).toBeUndefined();
	});

	it.each<[boolean, IDataObject | undefined]>([
		[true, undefined],
		[false, { count: 2, previous: 'unknown' }],
	])(
		'where idempotent is %s, knows what was in progress when n8n stopped it',
		async (idempotent, known) => {
			const store: IDataObject = {};
			const stop = new AbortController();
			const memory = open(store, { signal: stop.signal, idempotent });
			await memory.during(0, 1, () => Promise.resolve());
			memory.add({ first: 0, count: 1, previous: 'accepted' });
			void memory.during(1, 2, () => new Promise(() => undefined));
			stop.abort();
			const next = open(structuredClone(store));
			expect(next.at(0)).toEqual({ count: 1, previous: 'accepted' });
			expect(next.at(1)).toEqual(known);
		},
	);

	it('no longer listens once a try has ended', () => {
		const store: IDataObject = {};
		const stop = new AbortController();
		open(store, { signal: stop.signal }).finish(true);
		stop.abort();
		expect(store).toEqual({});
	});

	it('is forgotten after success', () => {
		const store = remembered();
		open(store).finish(true);
		expect(store).toEqual({});
	});

	it('is a few bytes per batch, and survives invalid data', () => {
		const store: IDataObject = { bentoDelivered: 'nonsense' };
		const memory = open(store, {
			emails: Array.from({ length: 1000 }, (_, item) => `p${item}@b.co`),
		});
		for (let first = 0; first < 1000; first += 10) {
			memory.add({ first, count: 10, previous: 'accepted' });
		}
		memory.finish(false);
		expect(JSON.stringify(store).length / 100).toBeLessThan(48);
	});
});
