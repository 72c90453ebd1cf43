import {
	identify,
	DELIVERY_HEADERS,
	DuplicateMemory,
	type DuplicateRules,
	type ClaimResult,
	type Identity,
} from '../../../nodes/BentoWebhookTrigger/duplicates';
import { normalize, type Recognized } from '../../../nodes/BentoWebhookTrigger/normalize';
import { stateOfKey } from '../../../nodes/BentoWebhookTrigger/state';
import { readHead, type HeaderValues } from '../../../nodes/shared/http/server/head';

const RULES: DuplicateRules = {
	ignored: true,
	repeatsReads: false,
	byExternalId: false,
	deliveryHeader: '',
	idWindow: 2000,
	bodyWindow: 100,
	stored: true,
};
const RECOGNIZED = normalize({}, {});

interface Sent {
	readonly method?: string;
	readonly url?: string;
	readonly headers?: HeaderValues;
	readonly body?: string;
	readonly recognized?: Partial<Recognized>;
}

function identityOf(sent: Sent, rules: Partial<DuplicateRules> = {}): Identity {
	const { method = 'POST', url = '/hook?a=1&b=2', headers = {}, body = '{}' } = sent;
	const head = readHead({
		method,
		originalUrl: url,
		headers,
		on: () => undefined,
		off: () => undefined,
		resume: () => undefined,
	});
	return identify(
		head,
		head.query,
		Buffer.from(body),
		{ ...RECOGNIZED, ...sent.recognized },
		{ ...RULES, ...rules },
	);
}

const keyOf = (sent: Sent, rules: Partial<DuplicateRules> = {}) => identityOf(sent, rules).key;

describe('What a request is known by', () => {
	it('is short and tells its kind only', () => {
		const kinds = [
			identityOf({ headers: { 'webhook-id': 'x' } }),
			identityOf({ recognized: { externalId: 'x' } }, { byExternalId: true }),
			identityOf({ recognized: { externalId: 'x' } }),
			identityOf({}),
		];
		expect(kinds).toEqual([
			{ key: expect.stringMatching(/^delivery-[\w-]{24}$/) as string, window: 2000 },
			{ key: expect.stringMatching(/^id-[\w-]{24}$/) as string, window: 2000 },
			{ key: expect.stringMatching(/^body-[\w-]{24}$/) as string, window: 2000 },
			{ key: expect.stringMatching(/^body-[\w-]{24}$/) as string, window: 100 },
		]);
	});

	it.each<[string, Sent]>([
		['another order of the query', { url: '/hook?b=2&a=1' }],
		['other headers', { headers: { 'x-request-id': 'new with every try', date: 'now' } }],
		['an empty delivery ID', { headers: { 'webhook-id': ' ' } }],
		['what is recognized', { recognized: { event: 'x', email: 'a@b.co', workflow: 'w' } }],
	])('isn’t changed by %s', (_name, sent) => {
		expect(keyOf(sent)).toBe(keyOf({}));
	});

	it.each<[string, Sent]>([
		['another method', { method: 'PUT' }],
		['another path', { url: '/hook/x?a=1&b=2' }],
		['another query', { url: '/hook?a=1&b=3' }],
		['another name in the query', { url: '/hook?a=1&c=2' }],
		['another order of one name’s values', { url: '/hook?a=2&a=1' }],
		['another body', { body: '{ }' }],
	])('is changed by %s', (_name, sent) => {
		expect(keyOf(sent)).not.toBe(keyOf({}));
		const twice = { url: '/hook?a=1&a=2' };
		expect(keyOf({ ...twice, ...sent })).not.toBe(keyOf(twice));
	});

	it('is the delivery ID, with its header, the path, and the topics, whatever the body says', () => {
		for (const name of DELIVERY_HEADERS) {
			const key = (id: string, more: Sent = {}) =>
				keyOf({ ...more, headers: { [name]: id, ...more.headers } });
			expect(key(' d-1 ', { body: name, recognized: { externalId: name } })).toBe(key('d-1'));
			expect(key('d-2')).not.toBe(key('d-1'));
			expect(key('d-1', { url: '/other' })).not.toBe(key('d-1'));
			expect(key('d-1', { headers: { 'x-shopify-topic': 'a' } })).not.toBe(key('d-1'));
		}
		const both = { 'webhook-id': 'd-2', 'idempotency-key': 'd-1' };
		expect(keyOf({ headers: both })).toBe(keyOf({ headers: { 'idempotency-key': 'd-1' } }));
	});

	it.each(['x-wc-webhook-topic', 'x-github-event', 'x-gitlab-event', 'x-own-topic', 'ce-type'])(
		'is changed by another value of %s',
		(name) => {
			const keys = ['a', 'b', ''].map((topic) => keyOf({ headers: { [name]: topic } }));
			expect(new Set([...keys, keyOf({})]).size).toBe(4);
		},
	);

	it('is the delivery ID under the chosen name only', () => {
		const chosen = { deliveryHeader: 'x-own' };
		const own = keyOf({ headers: { 'x-own': '1', 'webhook-id': '2' } }, chosen);
		expect(own).toBe(keyOf({ headers: { 'x-own': '1' }, body: 'x' }, chosen));
		const usual = (id: string) => keyOf({ headers: { 'webhook-id': id } }, chosen);
		expect(usual('2')).not.toBe(usual('3'));
	});

	it('is the external ID with event, workflow and action, where the builder says so', () => {
		const rules = { byExternalId: true };
		const one = { externalId: 'order-1', event: 'e', workflow: 'w', action: 'a' };
		const key = keyOf({ recognized: one }, rules);
		const same: Sent = { recognized: { ...one, email: 'x' }, headers: { 'webhook-id': '1' } };
		expect(keyOf({ ...same, body: 'x', url: '/' }, rules)).toBe(key);
		for (const part of ['externalId', 'event', 'workflow', 'action']) {
			expect(keyOf({ recognized: { ...one, [part]: 'other' } }, rules)).not.toBe(key);
		}
		expect(keyOf({ recognized: { ...one, externalId: null } }, rules)).toBe(keyOf({}, rules));
	});
});

describe('The memory of a node', () => {
	const id = (key: string, window = 1000) => ({ key, window });

	function first(memory: DuplicateMemory, key: string, now: number) {
		const claimed = memory.claim(id(key), now);
		if (claimed.kind === 'repeat') throw new Error('A repeat');
		return claimed.claim;
	}
	const stored = (memory: DuplicateMemory): { seen?: string } => {
		const staticData: { seen?: string } = {};
		memory.store(staticData);
		return staticData;
	};

	test('a late release never drops a newer claim of the same key', () => {
		const memory = new DuplicateMemory();
		const late = first(memory, 'a', 0);
		const newer = first(memory, 'a', 1000);
		late.release({ code: 'workflow_failed' });
		expect(memory.claim(id('a'), 1001).kind).toBe('repeat');
		newer.release({ code: 'workflow_failed' });
		expect(memory.claim(id('a'), 1002).kind).toBe('first');
	});

	test('a settled claim can’t be released any more', () => {
		const memory = new DuplicateMemory();
		const claim = first(memory, 'a', 0);
		claim.settle();
		claim.release({ code: 'workflow_failed' });
		expect(memory.claim(id('a'), 1)).toEqual({ kind: 'repeat', result: 'settled' });
	});

	test('only what is settled or committed is stored, and a release takes it out again', () => {
		const [one, other] = [new DuplicateMemory(), new DuplicateMemory()];
		const claims = ['a', 'b', 'c'].map((key) => first(one, key, 0));
		claims[0]?.settle();
		claims[1]?.commit();
		const before = stored(one);
		expect(before).toEqual({ seen: 'a@1000 b@1000' });
		claims[1]?.release({ code: 'workflow_failed' });
		// Another process had read it by then, and hands it back.
		one.adopt({ seen: `${before.seen} d@1000` }, 1);
		expect(stored(one)).toEqual({ seen: 'a@1000 d@1000' });
		expect(one.claim(id('b'), 2).kind).toBe('first');
		other.adopt(stored(one), 2);
		expect(['a', 'b', 'c', 'd'].map((key) => other.claim(id(key), 3).kind)).toEqual([
			'repeat',
			'first',
			'first',
			'repeat',
		]);
	});

	test('what is released leaves the others as they were', () => {
		const memory = new DuplicateMemory();
		const claims = ['a', 'b', 'c'].map((key) => first(memory, key, 0));
		for (const claim of claims) claim.commit();
		claims[1]?.release({ code: 'workflow_failed' });
		expect(stored(memory)).toEqual({ seen: 'a@1000 c@1000' });
	});

	test('keys end with their time; ten thousand are remembered, some hundreds stored', () => {
		const memory = new DuplicateMemory();
		for (let index = 0; index < 12_000; index += 1) first(memory, `k${index}`, 0).settle();
		expect(memory.size).toBe(10_000);
		expect(stored(memory).seen?.split(' ').length).toBeLessThanOrEqual(400);
		expect(stored(memory).seen).toContain('k11999@1000');
		expect(memory.isOver(999)).toBe(false);
		expect(memory.isOver(1000)).toBe(true);
		first(memory, 'new', 1000);
		expect(memory.size).toBe(1);
	});

	test('what else stands in static data does no harm', () => {
		const memory = new DuplicateMemory();
		for (const seen of [undefined, 7, {}, '', '@', 'a', 'a@', 'a@x', '@5', ' a@@1 ', 'x@1e9']) {
			memory.adopt({ seen }, 0);
		}
		expect(memory.size).toBe(0);
		expect(stored(memory)).toEqual({});
	});
});

describe('A claim', () => {
	const identity = { key: 'k', window: 1000 };
	const failed: ClaimResult = { code: 'workflow_failed' };

	it.each<[string, ClaimResult]>([
		['settles', 'settled'],
		['fails', failed],
	])('that %s tells all who wait for it, and those who ask later', async (_name, result) => {
		const memory = new DuplicateMemory();
		const first = memory.claim(identity, 0);
		if (first.kind === 'repeat') throw new Error('A repeat');
		const repeats = [memory.claim(identity, 1), memory.claim(identity, 2)];
		const heard = repeats.map(async (one) => (one.kind === 'repeat' ? await one.result : one));
		if (result === 'settled') first.claim.settle();
		else first.claim.release(result);
		// Only the first end counts.
		first.claim.settle();
		first.claim.release({ code: 'unexpected' });
		expect(await Promise.all(heard)).toEqual([result, result]);
		const later = memory.claim(identity, 3);
		expect(later).toMatchObject(
			result === 'settled' ? { kind: 'repeat', result: 'settled' } : { kind: 'first' },
		);
	});

	it('ends with its window', () => {
		const memory = new DuplicateMemory();
		memory.claim(identity, 0);
		expect(memory.claim(identity, 999).kind).toBe('repeat');
		expect(memory.claim(identity, 1000).kind).toBe('first');
		expect(memory.claim(identity, 1001).kind).toBe('repeat');
	});

	it('is stored once, however often it is committed', () => {
		const memory = new DuplicateMemory();
		const first = memory.claim(identity, 0);
		if (first.kind === 'repeat') throw new Error('A repeat');
		first.claim.commit();
		first.claim.commit();
		first.claim.settle();
		const staticData = {};
		memory.store(staticData);
		expect(staticData).toEqual({ seen: 'k@1000' });
	});

	it('that a newer one has taken the place of is never stored', () => {
		const memory = new DuplicateMemory();
		const old = memory.claim({ key: 'k', window: 1 }, 0);
		memory.claim({ key: 'k', window: 1000 }, 5);
		if (old.kind === 'first') old.claim.settle();
		const staticData = {};
		memory.store(staticData);
		expect(staticData).toEqual({});
	});
});

describe('Static data', () => {
	/** Has claimed and settled so many keys in order. */
	function settled(count: number): DuplicateMemory {
		const memory = new DuplicateMemory();
		for (let index = 0; index < count; index += 1) {
			const one = memory.claim({ key: `k${index}`, window: 1000 }, 0);
			if (one.kind === 'first') one.claim.settle();
		}
		return memory;
	}
	const seenBy = (memory: DuplicateMemory) => {
		const staticData: { seen?: string } = {};
		memory.store(staticData);
		return staticData.seen?.split(' ');
	};

	it.each([1, 199, 200, 399, 400, 401, 599, 600])('of %d keys has the newest', (count) => {
		const seen = seenBy(settled(count)) ?? [];
		expect(seen.length).toBe(count < 400 ? count : 200 + (count % 200));
		expect(seen.at(-1)).toBe(`k${count - 1}@1000`);
		expect(seen[0]).toBe(`k${count - seen.length}@1000`);
	});

	it('is written where something is new, and left alone else', () => {
		const writes: string[] = [];
		const staticData = {
			set seen(value: string) {
				writes.push(value);
			},
			get seen(): string | undefined {
				return writes.at(-1);
			},
		};
		const memory = new DuplicateMemory();
		memory.store(staticData);
		expect(writes).toEqual([]);
		memory.adopt({ seen: 'a@1000' }, 0);
		memory.store(staticData);
		memory.store(staticData);
		expect(writes).toEqual(['a@1000']);
	});

	it('that only forgot something is written empty', () => {
		const memory = new DuplicateMemory();
		const one = memory.claim({ key: 'a', window: 1000 }, 0);
		if (one.kind === 'first') one.claim.commit();
		const staticData = {};
		memory.store(staticData);
		if (one.kind === 'first') one.claim.release({ code: 'workflow_failed' });
		memory.store(staticData);
		expect(staticData).toEqual({ seen: '' });
	});

	it('of others is taken over but for what is known, over, released, or nonsense', () => {
		const memory = settled(1);
		memory.adopt({ seen: 'k0@5000 old@10 now@11 a@12 b@x c@12x @99 b@99999' }, 11);
		expect(seenBy(memory)).toEqual(['k0@1000', 'a@12', 'b@99999']);
		expect(memory.claim({ key: 'a', window: 1 }, 11)).toEqual({
			kind: 'repeat',
			result: 'settled',
		});
		expect(memory.claim({ key: 'a', window: 1 }, 12).kind).toBe('first');
		expect(memory.claim({ key: 'k0', window: 1 }, 1000).kind).toBe('first');
	});

	it('of others is read up to the newest four hundred', () => {
		const memory = new DuplicateMemory();
		memory.adopt({ seen: Array.from({ length: 500 }, (_, index) => `k${index}@9`).join(' ') }, 0);
		expect(memory.size).toBe(400);
		expect(memory.claim({ key: 'k99', window: 1 }, 1).kind).toBe('first');
		expect(memory.claim({ key: 'k100', window: 1 }, 1).kind).toBe('repeat');
	});

	it('is read once, so that what ended since doesn’t come back', () => {
		const memory = new DuplicateMemory();
		memory.adopt({ seen: 'a@10' }, 0);
		memory.claim({ key: 'b', window: 1 }, 20);
		expect(memory.size).toBe(1);
		memory.adopt({ seen: 'a@10' }, 0);
		expect(memory.size).toBe(1);
		memory.adopt({ seen: 'a@10 c@99' }, 0);
		expect(memory.size).toBe(3);
	});

	it('that hands back what was released is believed again after two hundred other releases', () => {
		const memory = new DuplicateMemory();
		const release = (key: string) => {
			const one = memory.claim({ key, window: 1000 }, 0);
			if (one.kind === 'repeat') throw new Error('A repeat');
			one.claim.commit();
			one.claim.release({ code: 'workflow_failed' });
		};
		release('a');
		for (let index = 0; index < 199; index += 1) release(`k${index}`);
		memory.adopt({ seen: 'a@1000 x@1000' }, 0);
		expect(seenBy(memory)).toEqual(['x@1000']);
		release('k199');
		memory.adopt({ seen: 'a@1000 k199@1000 y@1000' }, 0);
		expect(seenBy(memory)).toEqual(['x@1000', 'a@1000', 'y@1000']);
	});

	it('of others makes the oldest go too', () => {
		const memory = new DuplicateMemory();
		memory.claim({ key: 'old', window: 5 }, 0);
		memory.adopt({ seen: 'a@10' }, 5);
		expect(memory.size).toBe(1);
		expect(memory.isOver(9)).toBe(false);
		expect(memory.isOver(10)).toBe(true);
	});
});

describe('The states of trigger nodes', () => {
	it('belong to one node each, and go an hour after the last call, once nothing in them counts', () => {
		const hour = 3_600_000;
		const one = stateOfKey('one', 0);
		one.duplicates.claim({ key: 'k', window: 2 * hour }, 0);
		const idle = stateOfKey('idle', 0);
		expect(idle).not.toBe(one);
		expect(stateOfKey('other', hour + 1)).not.toBe(one);
		expect(stateOfKey('one', hour + 1)).toBe(one);
		expect(stateOfKey('idle', hour + 1)).not.toBe(idle);
		stateOfKey('third', 3 * hour);
		expect(stateOfKey('one', 3 * hour)).not.toBe(one);
		expect(new DuplicateMemory().isOver(0)).toBe(true);
	});
});
