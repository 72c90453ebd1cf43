import type { INodeParameters, NodeParameterValueType } from 'n8n-workflow';
import { branchesOn, NODE } from '../support/engine/bento';
import { LINE_NAMES } from '../support/engine/packages';
import { runWorkflow } from '../support/engine/run';
import { useBento } from '../support/useBento';

/** What values of another kind than the panel's mean, on the engines of both lines. */

const server = useBento();
const run = branchesOn(server);

const event = (parameters: INodeParameters) => ({
	operation: 'trackEvent',
	email: '={{ $json.email }}',
	eventType: 'x',
	...parameters,
});
const ANN = { email: 'ann@example.com' };
const json = (value: unknown) => value as NodeParameterValueType;

describe.each(LINE_NAMES)('on n8n %s', (line) => {
	it.each([true, 'true', 'TRUE', ' true ', '1', 1, 'yes', 'on'])(
		'Dry Run is on for %j, fixed or by an expression',
		async (dry) => {
			for (const dryRun of [dry, '={{ $json.dry }}']) {
				const parameters = event({ options: { dryRun: json(dryRun) } });
				const { passed } = await run(line, 'bentoTrackEvent', parameters, [{ ...ANN, dry }]);
				expect(passed).toMatchObject([{ status: 'dryRun' }]);
			}
			expect(server.events).toEqual([]);
		},
	);

	it.each(['maybe', '', null, 2, [], '={{ $json.nothing }}'])(
		'Dry Run that can’t be read sends nothing: %j',
		async (dryRun) => {
			const parameters = event({ options: { dryRun: json(dryRun) } });
			const { failed } = await run(line, 'bentoTrackEvent', parameters, [ANN]);
			expect(failed).toMatchObject([{ error: "'Dry Run' must be true or false" }]);
			expect(server.events).toEqual([]);
		},
	);

	it('dates and missing keys in JSON and whole items are what they are in rows', async () => {
		const fields =
			'={{ { plan: $json.plan, seen: DateTime.fromISO("2026-11-20T08:30:00Z").toUTC() } }}';
		await run(line, 'bentoTrackEvent', event({ fieldsMode: 'json', fieldsJson: fields }), [ANN]);
		const seen = new Date('2026-11-20T08:30:00Z');
		const whole = [{ ...ANN, seen: seen as unknown as string, plan: undefined }];
		await run(line, 'bentoTrackEvent', event({ fieldsMode: 'wholeItem' }), whole);
		expect(server.events.map((one) => one.fields)).toEqual([
			{ seen: '2026-11-20T08:30:00.000Z' },
			{ email: 'ann@example.com', seen: '2026-11-20T08:30:00.000Z' },
		]);
	});

	it.each(['', null, undefined])('Set Field never empties a field for %j', async (plan) => {
		const parameters = {
			resource: 'subscriber',
			operation: 'addField',
			email: '={{ $json.email }}',
			field: json({ mode: 'key', value: 'plan' }),
			fieldValue: '={{ $json.plan }}',
		};
		const { failed } = await run(line, 'bento', parameters, [{ ...ANN, plan }]);
		expect(failed).toMatchObject([{ error: "'Field Value' is missing" }]);
	});

	it.each([
		['\u200Bann@example.com', 'ann@example.com'],
		['an\u00ADn@example.com', 'ann@example.com'],
		["'ann@example.com'", 'ann@example.com'],
		['\uFEFFann@example.com\u200F', 'ann@example.com'],
		['ann\u0000@example.com', undefined],
		['ann@example..com', undefined],
		['an..n@example.com', undefined],
		['ann@-example.com', undefined],
		['ann@example.com?', undefined],
	])('an unsubscribe of %j concerns %j', async (email, meant) => {
		const { failed } = await run(
			line,
			'bentoTrackEvent',
			{ operation: 'unsubscribe', email: '={{ $json.email }}' },
			[{ email }],
		);
		expect(server.events.map((one) => one.email)).toEqual(meant === undefined ? [] : [meant]);
		expect(failed).toHaveLength(meant === undefined ? 1 : 0);
	});

	it('a number as a date is refused with all that it may have been', async () => {
		const parameters = event({ date: '={{ $json.created }}' });
		const { failed } = await run(line, 'bentoTrackEvent', parameters, [
			{ ...ANN, created: 1764345600 },
			{ ...ANN, created: '45992' },
		]);
		for (const item of failed) {
			expect(item.error).toContain('DateTime.fromSeconds()');
			expect(item.error).toContain(".toDateTime('excel')");
		}
		expect(server.events).toEqual([]);
	});

	it('points out a date from the wrong unit, and a unique key that came before', async () => {
		const early = event({ date: '={{ DateTime.fromMillis($json.created) }}' });
		const { hints } = await run(line, 'bentoTrackEvent', early, [{ ...ANN, created: 1764345600 }]);
		expect(hints.join()).toContain('before 2000');
		const purchase = {
			operation: 'trackPurchase',
			email: '={{ $json.email }}',
			uniqueKey: 'order-1',
			currency: 'USD',
			amount: '49.00',
			amountUnit: 'major',
		};
		const { hints: told } = await run(line, 'bentoTrackEvent', purchase, [ANN, ANN, ANN]);
		expect(told.join()).toContain('Bento counts each key only once [Items 1, 2]');
	});

	it.each(['DEFAULT', 'Pacific', 'UTC+2', 'Mars/Phobos'])(
		'a workflow time zone that doesn’t exist fails the item: %s',
		async (timezone) => {
			const result = await runWorkflow(line, {
				nodes: [
					{
						name: NODE,
						type: 'bentoTrackEvent',
						parameters: event({ date: '2026-11-20 08:30:00' }),
						onError: 'continueErrorOutput',
					},
				],
				items: [ANN],
				credentials: { bentoApi: server.credentials },
				timezone,
			});
			expect(result.json(NODE)).toEqual([]);
			expect(JSON.stringify(result.json(NODE, 1))).toContain("time zone doesn't exist");
		},
	);
});
