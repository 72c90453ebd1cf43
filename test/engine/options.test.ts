import type { INodeParameters, INodeProperties } from 'n8n-workflow';
import { RESOURCES as EVENTS } from '../../nodes/BentoTrackEvent/operations';
import { RESOURCES } from '../../nodes/Bento/resources';
import { optionsProperty } from '../../nodes/shared/operation/options';
import { branchesOn } from '../support/engine/bento';
import { CASES } from '../bento/cases';
import { LINE_NAMES } from '../support/engine/packages';
import { useBento } from '../support/useBento';

/** Switches, dropdowns, and options by expression, on the engines of both lines. */

const server = useBento({ enterprise: true });

type Items = ReadonlyArray<Record<string, string | number | boolean | null>>;

const run = branchesOn(server);

const EVENT: Readonly<Record<string, INodeParameters>> = {
	addTag: { tag: 'vip' },
	removeTag: { tag: 'vip' },
	trackEvent: { eventType: 'x' },
	trackPurchase: { uniqueKey: 'K', currency: 'USD', amount: 1, amountUnit: 'minor' },
	updateFields: { fieldsMode: 'json', fieldsJson: { plan: 'pro' } },
};

interface Switch {
	readonly title: string;
	readonly label: string;
	readonly type: string;
	readonly item: Items[number];
	readonly set: (value: string | boolean) => INodeParameters;
}

/** Every boolean that an expression may give, of every operation of both nodes. */
const SWITCHES: Switch[] = [
	...RESOURCES.map((resource) => ({ resource, type: 'bento' })),
	...EVENTS.map((resource) => ({ resource, type: 'bentoTrackEvent' })),
].flatMap(({ resource, type }) =>
	resource.operations.flatMap((operation) => {
		const known = CASES[`${resource.value}.${operation.value}`];
		const base: INodeParameters = {
			resource: resource.value,
			operation: operation.value,
			...(known?.parameters ?? { email: 'a@b.co', ...EVENT[operation.value] }),
		};
		const item = { ...known?.item, email: 'ann@example.com' } as Items[number];
		const all = [...operation.properties, optionsProperty(operation)];
		return switchesIn(all).map(({ property, within }): Switch => ({
			title: `${type} ${resource.value}.${operation.value} ${property.name}`,
			label: property.displayName,
			type,
			item,
			set: (value) => {
				const shown = Object.entries(property.displayOptions?.show ?? {}).flatMap(
					([name, values]) =>
						name in base || name === '@version' ? [] : [[name, values?.[0] as string]],
				);
				const given = within === undefined ? {} : (base[within] as INodeParameters | undefined);
				const own = { [property.name]: value };
				const placed = within === undefined ? own : { [within]: { ...given, ...own } };
				return { ...base, ...(Object.fromEntries(shown) as INodeParameters), ...placed };
			},
		}));
	}),
);

/** One operation for each switch: what an expression gives is read by one piece of code. */
const EACH_ONCE = [
	...new Map(SWITCHES.map((one) => [one.title.replace(/ \S+ /, ' '), one])).values(),
];

function switchesIn(properties: readonly INodeProperties[]) {
	const found: Array<{ property: INodeProperties; within: string | undefined }> = [];
	for (const property of properties) {
		if (isSwitch(property)) found.push({ property, within: undefined });
		if (property.type !== 'collection') continue;
		for (const option of property.options ?? []) {
			if ('type' in option && isSwitch(option)) {
				found.push({ property: option, within: property.name });
			}
		}
	}
	return found;
}

function isSwitch({ type, noDataExpression }: INodeProperties): boolean {
	return type === 'boolean' && noDataExpression !== true;
}

/** What Bento was asked for, without what differs between any two runs. */
const asked = () =>
	server.requests.map(({ method, path, query, body }) => ({ method, path, query, body }));

const timeless = (value: unknown): unknown => {
	const text = JSON.stringify(value).replace(/\d{4}-\d\d-\d\dT[\d:.]+Z|\d+\.\d s/g, 'now');
	return JSON.parse(text.replaceAll(', up to now of waiting for a turn', ''));
};

describe.each(LINE_NAMES)('on n8n %s', (line) => {
	it('there are switches to try', () => {
		expect(SWITCHES.length).toBeGreaterThan(40);
		expect(EACH_ONCE.length).toBeGreaterThan(10);
	});

	it.each(line === '2x' ? SWITCHES : EACH_ONCE)(
		'$title given as text means what it says',
		async ({ type, label, item, set }) => {
			const refused = await run(line, type, set('={{ "perhaps" }}'), [item]);
			expect(refused.failed).toMatchObject([{ error: `'${label}' must be true or false` }]);
			expect(server.requests).toEqual([]);
			for (const value of [true, false]) {
				const plain = await run(line, type, set(value), [item]);
				const wanted = { ...plain, asked: asked() };
				server.reset();
				server.state.enterprise = true;
				const text = await run(line, type, set(`={{ "${String(value).toUpperCase()}" }}`), [item]);
				expect(timeless({ ...text, asked: asked() })).toEqual(timeless(wanted));
				server.reset();
				server.state.enterprise = true;
			}
		},
	);

	const event = (options: INodeParameters): INodeParameters => ({
		operation: 'trackEvent',
		email: '={{ $json.email }}',
		eventType: 'x',
		options,
	});
	const people = (...values: ReadonlyArray<string | number | boolean>): Items =>
		values.map((value, index) => ({ email: `p${index}@example.com`, value }));

	it.each([
		[
			[false, 'true', false],
			['p0@example.com', 'p2@example.com'],
		],
		[['true', false, '1'], ['p1@example.com']],
	])('Dry Run counts for each item: %j', async (values, sent) => {
		const items = people(...values);
		const { passed, hints } = await run(
			line,
			'bentoTrackEvent',
			event({ dryRun: '={{ $json.value }}' }),
			items,
		);
		expect(server.events.map(({ email }) => email)).toEqual(sent);
		expect(passed.map(({ status }) => status)).toEqual(
			values.map((value) => (value === false ? 'accepted' : 'dryRun')),
		);
		expect(hints.join()).toContain('Dry run:');
	});

	it('Source and Delivery Guarantee count for each item', async () => {
		const options = { deliverThrough: 'trackingWebhook', source: '={{ $json.value }}' };
		await run(line, 'bentoTrackEvent', event(options), people('shop', 'crm', 'shop'));
		const events = (source: string) =>
			server.requests.filter(({ path }) => path.includes(`/${source}/`)).map(({ body }) => body);
		expect(events('shop')).toHaveLength(1);
		expect(JSON.stringify(events('shop'))).toContain('p0@');
		expect(JSON.stringify(events('shop'))).toContain('p2@');
		expect(JSON.stringify(events('crm'))).toContain('p1@');
		server.reset();
		server.failWhen(() => ({ kind: 'resetAfter' }));
		const lost = await run(
			line,
			'bentoTrackEvent',
			event({ deliveryGuarantee: '={{ $json.value }}', maxAttempts: 2, firstWait: 1 }),
			people('atMostOnce', 'atLeastOnce'),
		);
		expect(lost.failed).toHaveLength(2);
		expect(server.requests.map(({ body }) => /p\d/.exec(JSON.stringify(body))?.[0])).toEqual([
			'p0',
			'p1',
			'p1',
		]);
	});

	it.each(['maxAttempts', 'batchSize', 'timeout', 'maxParallelBatches'])(
		'%s holds for the run and refuses to differ',
		async (name) => {
			const parameters = event({ [name]: '={{ $json.value }}' });
			const { passed, failed } = await run(line, 'bentoTrackEvent', parameters, people(3, 4, 3));
			expect(passed).toHaveLength(2);
			const property = optionsProperty(EVENTS[0]?.operations[0] ?? fail()).options ?? [];
			const label = property.find((one) => one.name === name);
			const text = label && 'displayName' in label ? label.displayName : '';
			expect(failed).toMatchObject([{ error: `'${text}' must be the same for all items` }]);
		},
	);

	it.each([
		['Delivery Guarantee', { options: { deliveryGuarantee: '={{ $json.value }}' } }],
		['Send Via', { options: { deliverThrough: '={{ $json.value }}' } }],
		['If Unconfirmed', { options: { ifUnconfirmed: '={{ $json.value }}' } }],
		['Specify Details', { detailsMode: '={{ $json.value }}' }],
		['Specify Details', { detailsMode: 'yaml' }],
		['Specify Custom Fields', { fieldsMode: 'table' }],
	])('an unknown choice fails: %s %j', async (label, parameters) => {
		const all = { ...event({}), ...parameters } as INodeParameters;
		for (const value of ['atMost', '']) {
			const { failed } = await run(line, 'bentoTrackEvent', all, people(value));
			expect(failed).toMatchObject([
				{ error: expect.stringMatching(`^'${label}' (isn't one|can't be an)`) as unknown },
			]);
		}
		expect(server.requests).toEqual([]);
	});
});

function fail(): never {
	throw new Error('There is no operation');
}
