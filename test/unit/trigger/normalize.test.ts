import {
	readPatterns,
	normalize,
	type Recognized,
} from '../../../nodes/BentoWebhookTrigger/normalize';
import type { QueryValues } from '../../../nodes/shared/http/server/head';
import type { JsonValue } from '../../../nodes/shared/http/server/payload';

const UUID = '0b1C2d3e-4f50-6172-8394-a5b6c7d8e9f0';

/** What is recognized in a payload that says nothing. */
const NOTHING: Recognized = {
	sender: 'other',
	event: null,
	email: null,
	visitorUuid: null,
	externalId: null,
	eventId: null,
	workflow: null,
	action: null,
	actionOptions: { role: null, sendNotification: false },
	person: null,
	details: null,
	sourceEvent: null,
	opportunity: null,
	contact: null,
};

describe('a payload', () => {
	it.each<JsonValue>([
		null,
		7,
		'email',
		['email', 7, ['event']],
		{},
		{ email: '', event: ' ', id: '\n', person: 'Ann', details: [], source_event: null },
		{ email: null, event: true, type: {}, external_id: [], workflow: {}, contact: [1] },
		{ data: [{ email: 'a@b.co' }], payload: 'x', opportunity: 'x', id: 'no-uuid' },
	])('%j says nothing', (body) => {
		const sender = normalize(body, {}).sender;
		expect(normalize(body, {})).toEqual({ ...NOTHING, sender });
	});

	it.each<[JsonValue, Partial<Recognized>]>([
		[{ email: ' a@b.co ' }, { email: 'a@b.co' }],
		[{ user_email: 'w@b.co', user_id: 7 }, { email: 'w@b.co' }],
		[{ user_email: 'w@b.co', email: 'a@b.co' }, { email: 'a@b.co' }],
		[{ person: { email: 'p@b.co' } }, { email: 'p@b.co', person: { email: 'p@b.co' } }],
		[{ contact: { email: 'c@b.co' } }, { email: 'c@b.co', contact: { email: 'c@b.co' } }],
		[{ data: { email: 'd@b.co' } }, { email: 'd@b.co' }],
		[{ payload: { email: 'd@b.co' } }, { email: 'd@b.co' }],
		[{ data: { contact: { a: 1 } } }, { contact: { a: 1 } }],
		[{ contact: { b: 1 }, data: { contact: { a: 1 } } }, { contact: { b: 1 } }],
		[{ data: { opportunity: { a: 1 } } }, { opportunity: { a: 1 } }],
		[{ opportunity: { b: 1 }, payload: { opportunity: { a: 1 } } }, { opportunity: { b: 1 } }],
		[{ data: { a: 1 }, payload: { email: 'not@this.one' } }, {}],
		[
			{ email: '', person: { email: 'p@b.co' } },
			{ email: 'p@b.co', person: { email: 'p@b.co' } },
		],
		[{ external_id: 42 }, { externalId: '42' }],
		[{ externalId: 'x', external_id: null }, { externalId: 'x' }],
		[{ external_id: 'y', externalId: 'x' }, { externalId: 'y' }],
		[{ workflow: 'Trial ended' }, { workflow: 'Trial ended' }],
		[{ workflow: { name: 'Trial ended' } }, { workflow: 'Trial ended' }],
		[{ details: { plan: 'team' } }, { details: { plan: 'team' } }],
	])('%j says %j', (body, said) => {
		expect(normalize(body, {})).toEqual({ ...NOTHING, ...said });
	});

	it.each<[JsonValue, string]>([
		[{ event: 'a', event_type: 'b' }, 'a'],
		[{ event: { type: 'a', name: 'b' } }, 'a'],
		[{ event: { name: 'a' }, type: 'b' }, 'a'],
		[{ event_type: 'a', eventType: 'b' }, 'a'],
		[{ eventType: 'a', event_name: 'b' }, 'a'],
		[{ event_name: 'a', type: 'b' }, 'a'],
		[{ type: ' a ' }, 'a'],
		[{ event: 7 }, '7'],
	])('%j has the event %p', (body, event) => {
		expect(normalize(body, {})).toEqual({ ...NOTHING, event });
	});

	it.each<[JsonValue, string | null]>([
		[{ visitor_uuid: 'a', uuid: 'b', id: UUID }, 'a'],
		[{ uuid: 'b', id: UUID }, 'b'],
		[{ id: UUID, person: { uuid: 'c' } }, UUID],
		[{ id: UUID.replaceAll('-', '') }, UUID.replaceAll('-', '')],
		[{ id: `${UUID}0`, person: { uuid: 'c', id: 'd' } }, 'c'],
		[{ id: `x${UUID}` }, null],
		[{ id: UUID.replace('C', 'g') }, null],
		[{ id: 4711 }, null],
		[{ person: { id: 'd' } }, 'd'],
	])('%j is about the visitor %p', (body, uuid) => {
		expect(normalize(body, {}).visitorUuid).toBe(uuid);
	});

	it.each<[JsonValue, string]>([
		[{ source_event: { type: '$signup', details: { a: 1 } } }, 'bento'],
		[{ source_event: null }, 'bento'],
		[{ visitor: { email: 'v@b.co' } }, 'bento'],
		[{ event: 'bento.workflow' }, 'bento'],
		[{ event: 'my.bento.workflow' }, 'other'],
		[{ event: 'bento' }, 'other'],
		[{ workflow: 'x', email: 'a@b.co' }, 'bento'],
		[{ workflow: 'x' }, 'other'],
		[{ email: 'a@b.co' }, 'other'],
		[{ event: 'Opportunity.won' }, 'bolten'],
		[{ event: 'opportunity.won', source_event: {} }, 'bolten'],
		[{ event: 'an opportunity.won' }, 'other'],
		[{ event: 'opportunity' }, 'other'],
	])('%j comes from %s', (body, sender) => {
		expect(normalize(body, {}).sender).toBe(sender);
	});

	it('names the event that caused it, and the visitor as a person', () => {
		const details = { step: 3 };
		const body = { source_event: { type: ' $signup ', details }, visitor: { email: 'v@b.co' } };
		expect(normalize(body, {})).toEqual({
			...NOTHING,
			sender: 'bento',
			sourceEvent: { type: '$signup', details },
			email: 'v@b.co',
			person: { email: 'v@b.co' },
		});
		expect(normalize({ source_event: {} }, {}).sourceEvent).toEqual({ type: null, details: null });
		expect(normalize({ person: { a: 1 }, visitor: { b: 1 } }, {}).person).toEqual({ a: 1 });
	});
});

describe('a query of WP Fusion', () => {
	it('makes the ID the visitor’s, whatever it looks like', () => {
		const query = { wpf_action: 'update', role: ' customer ', send_notification: 'true' };
		expect(normalize({ id: 'v-1', event: 'opportunity.won' }, query)).toEqual({
			...NOTHING,
			sender: 'wpFusion',
			event: 'opportunity.won',
			action: 'update',
			actionOptions: { role: 'customer', sendNotification: true },
			visitorUuid: 'v-1',
		});
	});

	it.each<[QueryValues, boolean]>([
		[{ send_notification: '1' }, true],
		[{ send_notification: 'ON' }, true],
		[{ send_notification: 'yes' }, true],
		[{ send_notification: 'yes please' }, false],
		[{ send_notification: 'not 1' }, false],
		[{ send_notification: 'false' }, false],
		[{ send_notification: ['1', '1'] }, false],
		[{}, false],
	])('%j sends a notification: %p', (query, sends) => {
		expect(normalize({}, query)).toEqual({
			...NOTHING,
			actionOptions: { role: null, sendNotification: sends },
		});
	});

	it('counts for nothing where a name comes twice or is empty', () => {
		expect(normalize({}, { wpf_action: ['a', 'b'], role: ['c'] })).toEqual(NOTHING);
		expect(normalize({ id: 'v-1' }, { wpf_action: ' ' })).toEqual(NOTHING);
	});
});

describe('a list of events', () => {
	it.each(['', ' \n, ,', ',\n'])('that is empty (%j) accepts everything', (list) => {
		expect(['x', '', null].map((event) => readPatterns(list)(event))).toEqual([true, true, true]);
	});

	it.each<[string, string[], Array<string | null>]>([
		['a', ['a'], ['A', 'ab', 'ba', '', null]],
		['a, b\nc d', ['a', 'b', 'c d'], ['c', 'd', 'a, b', null]],
		['*', ['', 'x', '*'], [null]],
		['a*', ['a', 'ab', 'a*'], ['ba', '', 'A']],
		['*a', ['a', 'ba'], ['ab', 'b']],
		['a*a', ['aa', 'aba', 'aaa'], ['a', 'ab']],
		['a*b*c', ['abc', 'axbxc', 'abbc'], ['ac', 'acb', 'bc', 'ab']],
		['*b*', ['b', 'abc'], ['ac', '']],
		['a*bc*cd', ['abccd', 'abcxcd'], ['abcd']],
		['a*b*b', ['abb', 'axbxb'], ['ab', 'axb']],
		['ab*b*', ['abb', 'abxb'], ['ab', 'aab']],
		['a**b', ['ab', 'axb'], ['a', 'b']],
		['a.c', ['a.c'], ['abc']],
	])('%j accepts %j and not %j', (list, accepted, refused) => {
		const wants = readPatterns(list);
		expect(accepted.filter((event) => !wants(event))).toEqual([]);
		expect(refused.filter((event) => wants(event))).toEqual([]);
	});

	it('takes linear time for any pattern', () => {
		const began = performance.now();
		readPatterns('*a'.repeat(2000))('a'.repeat(1999) + 'b');
		expect(performance.now() - began).toBeLessThan(1000);
	});
});
