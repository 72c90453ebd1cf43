import type { INodeParameters } from 'n8n-workflow';
import { branchesOn } from '../support/engine/bento';
import { located } from '../bento/located';
import { LINE_NAMES } from '../support/engine/packages';
import { useBento } from '../support/useBento';

/** Items with columns of a spreadsheet, and broadcasts for several items, on the engines of both lines. */

const server = useBento();
const run = branchesOn(server);

const imports = () => JSON.stringify(server.requests.map(({ body }) => body));
const MAPPING = {
	mappingMode: 'autoMapInputData',
	value: null,
	schema: [
		{ id: 'first_name', displayName: 'First Name', removed: true },
		{ id: 'plan', displayName: 'Plan' },
	],
};
const WHOLE = { resource: 'subscriber', operation: 'createOrUpdate', inputMode: 'wholeItem' };

describe.each(LINE_NAMES)('on n8n %s', (line) => {
	it.each([
		['bento', { resource: 'subscriber', operation: 'createOrUpdate', customFieldsMap: MAPPING }],
		['bentoTrackEvent', { operation: 'trackEvent', eventType: 'x', fieldsMap: MAPPING }],
	])('%s: Map Automatically takes titles, and names what matches nothing', async (type, more) => {
		const parameters = { ...more, email: '={{ $json.Email }}' } as unknown as INodeParameters;
		const item = { Email: 'ann@example.com', 'First Name': 'Ann', Plan: 'pro', Zip: '1', Note: '' };
		const { hints } = await run(line, type, parameters, [item]);
		expect(imports()).toContain('"first_name":"Ann"');
		expect(imports()).toContain('"plan":"pro"');
		expect(imports()).not.toContain('Zip');
		expect(hints.join()).toContain('no field of your Bento site has the name: "Zip".');
	});

	it('a whole item with titles is a subscriber, and names the fields that it may create', async () => {
		const item = {
			' Email ': ' Ann@example.com',
			Tags: '["a", "b"]',
			'First Name': 'Ann',
			row_number: 2,
			' ': 'x',
			plan: 'pro',
		};
		const { failed, hints } = await run(line, 'bento', WHOLE, [item]);
		expect(failed).toEqual([]);
		expect(server.requests[0]?.body).toMatchObject({
			subscribers: [{ email: 'Ann@example.com', tags: 'a,b', plan: 'pro' }],
		});
		expect(hints.join()).toContain(
			'if your Bento site doesn\'t have them: "First Name", "row_number", " ".',
		);
	});

	it('an item without an email is told what to rename', async () => {
		const { failed } = await run(line, 'bento', WHOLE, [{ Mail: 'ann@example.com' }]);
		expect(failed[0]).toMatchObject({ error: "'Email' is missing" });
		expect(JSON.stringify(failed[0])).toContain('Rename its column');
	});

	it('a whole item with titles and dates is an event', async () => {
		const seen = new Date('2026-11-20T08:30:00Z') as unknown as string;
		const item = { Type: 'x', Email: 'ann@example.com', fields: { seen, gone: undefined } };
		const parameters = { operation: 'trackEvent', inputMode: 'eventObjects' };
		const { failed } = await run(line, 'bentoTrackEvent', parameters, [item]);
		expect(failed).toEqual([]);
		expect(server.events).toMatchObject([
			{ type: 'x', email: 'ann@example.com', fields: { seen: '2026-11-20T08:30:00.000Z' } },
		]);
	});

	it('a row of a CSV is a purchase', async () => {
		const row = {
			type: '$purchase',
			email: 'ann@example.com',
			'details.unique.key': 'A-1',
			'details.value.currency': ' usd ',
			'details.value.amount': '4900',
		};
		const parameters = { operation: 'trackEvent', inputMode: 'eventObjects' };
		const rows = [
			row,
			{ ...row, 'details.unique.key': ' ' },
			{ ...row, 'details.value.amount': '49.00' },
		];
		const { failed } = await run(line, 'bentoTrackEvent', parameters, rows);
		expect(server.events).toMatchObject([
			{ details: { unique: { key: 'A-1' }, value: { currency: 'USD', amount: 4900 } } },
		]);
		expect(failed).toHaveLength(2);
	});

	it('the advice for several tags works', async () => {
		const parameters = (tag: string) => ({ operation: 'addTag', email: 'a@b.co', tag });
		const item = { interests: 'Product news, Events' };
		const { failed } = await run(line, 'bentoTrackEvent', parameters('={{ $json.interests }}'), [
			item,
		]);
		expect(JSON.stringify(failed)).toContain(".split(',')");
		const split = parameters("={{ $json.interests.split(',')[1] }}");
		await run(line, 'bentoTrackEvent', split, [item]);
		expect(server.events).toMatchObject([{ details: { tag: 'Events' } }]);
	});

	it('a date that is none never empties a field', async () => {
		const invalid = "={{ { seen: DateTime.fromISO('none') } }}";
		const event = { operation: 'trackEvent', email: 'a@b.co', eventType: 'x', fieldsMode: 'json' };
		await run(line, 'bentoTrackEvent', { ...event, fieldsJson: invalid }, [{}]);
		expect(JSON.stringify(server.events)).not.toContain('null');
	});

	describe('Broadcast > Send or Schedule', () => {
		const SEND: INodeParameters = {
			resource: 'broadcast',
			operation: 'schedule',
			confirm: true,
			broadcastName: '={{ $json.name }}',
			subject: 'Hi',
			from: located('hello@example.com'),
			content: '={{ $json.content }}',
		};
		const NEWS = { name: 'A', content: 'News' };

		it.each([
			[{}, "'Audience' isn't chosen"],
			[{ audience: 'selected' }, "'Audience' has no segment and no tags"],
			[{ additionalFields: { excludeTags: 'trial' } }, "'Audience' isn't chosen"],
			// n8n 1.110 says nothing itself about an expression there, and the newest takes it away.
			[{ audience: '={{ "everyone" }}' }, /^'Audience' (isn't one of|can't be an expression)/],
			[
				{ audience: 'everyone', additionalFields: { includeTags: 'vip' } },
				"'Include Tags (Text)' is set, but 'Audience' is Everyone",
			],
		])('never goes to everyone by accident: %j', async (more, error) => {
			const { failed } = await run(line, 'bento', { ...SEND, ...more }, [NEWS]);
			expect(failed).toHaveLength(1);
			expect(failed[0]?.error).toMatch(error);
			expect(server.requests).toEqual([]);
		});

		it.each([
			[{ audience: 'everyone' }, 'everyone'],
			[{ segment: located('71') }, 'selected'],
			[{ additionalFields: { includeTags: 'vip' } }, 'selected'],
		])('says what was asked of Bento: %j', async (more, audience) => {
			const parameters = { ...SEND, ...more } as INodeParameters;
			const { passed, failed } = await run(line, 'bento', parameters, [NEWS]);
			expect(failed).toEqual([]);
			expect(passed).toMatchObject([
				{ approved: true, audience, send_at: expect.any(String) as unknown },
			]);
		});

		it('goes out once for items with the same content', async () => {
			const items = [NEWS, { name: 'B', content: 'News' }, { name: 'C', content: 'More' }];
			const { failed } = await run(line, 'bento', { ...SEND, audience: 'everyone' }, items);
			expect(server.requests).toHaveLength(2);
			expect(failed).toHaveLength(1);
			expect(JSON.stringify(failed)).toContain('Execute Once');
		});

		it('hints at a page of HTML in a plain broadcast', async () => {
			const page = [{ name: 'A', content: '<table><tr><td>Hi</td></tr></table>' }];
			const parameters = { ...SEND, audience: 'everyone' };
			const { hints } = await run(line, 'bento', parameters, page);
			expect(hints.join()).toContain('choose Raw');
			const plain = await run(line, 'bento', parameters, [{ name: 'A', content: '<p>Hi</p>' }]);
			expect(plain.hints).toEqual([]);
		});
	});
});
