import type { INodeProperties, INodePropertyCollection, INodePropertyOptions } from 'n8n-workflow';
import { Bento } from '../../nodes/Bento/Bento.node';
import { RESOURCES as BENTO } from '../../nodes/Bento/resources';
import { BentoTrackEvent } from '../../nodes/BentoTrackEvent/BentoTrackEvent.node';
import { RESOURCES as EVENTS } from '../../nodes/BentoTrackEvent/operations';
import type { InputValues, Operation } from '../../nodes/shared/operation/types';
import { CASES } from '../bento/cases';
import { engineLine } from '../support/engine/lines';

/** What holds for every panel of the action nodes: what it offers is taken, and what it shows is what holds. */

const LONGEST = 140;

type Entry = INodeProperties | INodePropertyCollection | INodePropertyOptions;

const EVENT_CASES: Readonly<Record<string, InputValues>> = {
	addTag: { email: 'ada@example.com', tag: 'customer' },
	removeTag: { email: 'ada@example.com', tag: 'customer' },
	subscribe: { email: 'ada@example.com' },
	trackEvent: { email: 'ada@example.com', eventType: 'x', inputMode: 'mapFields' },
	trackPurchase: {
		email: 'ada@example.com',
		uniqueKey: '1',
		currency: 'USD',
		amount: 49,
		amountUnit: 'major',
	},
	unsubscribe: { email: 'ada@example.com' },
	updateFields: { email: 'ada@example.com', fieldsMode: 'json', fieldsJson: '{"plan":"team"}' },
};

const EVERY = [
	...EVENTS.flatMap(({ operations }) =>
		operations.map((operation) => [operation.value, operation, EVENT_CASES] as const),
	),
	...BENTO.flatMap(({ value, operations }) =>
		operations.map((operation) => {
			const title = `${value}.${operation.value}`;
			return [title, operation, { [title]: CASES[title]?.parameters ?? {} }] as const;
		}),
	),
];

/** A run of its own. */
function context() {
	return { timeZone: 'UTC', now: '2026-11-28T00:00:00.000Z' };
}

/** The issues of an item with these values; none if it can be sent. */
function issuesOf(operation: Operation, values: InputValues): readonly string[] {
	const planned = operation.plan(values, context());
	return planned.ok ? [] : planned.issues.map(({ field }) => field);
}

/** What an item with these values becomes: a record, or the requests of a call. */
async function resultOf(operation: Operation, values: InputValues): Promise<unknown> {
	if (operation.kind === 'batch') return operation.plan(values, context());
	const planned = operation.plan(values, context());
	if (!planned.ok) return planned;
	const requests: unknown[] = [];
	await planned.plan(async (request) => {
		requests.push(request);
		return await Promise.resolve({
			reads: true,
			outcome: { kind: 'accepted', status: 200, content: 'json', body: { data: [] } } as const,
			attempts: 1,
			unanswered: 0,
			gaveUp: undefined,
			mayHaveArrived: false,
		});
	});
	return requests;
}

function choicesIn({ type, options = [] }: INodeProperties): unknown[] {
	if (type !== 'options') return type === 'boolean' ? [true, false] : [];
	return options.flatMap((option) => ('value' in option ? [option.value] : []));
}

function everyProperty(properties: readonly Entry[]): INodeProperties[] {
	return properties.flatMap((entry) => {
		const inside =
			'values' in entry ? entry.values : 'options' in entry ? (entry.options ?? []) : [];
		return 'type' in entry ? [entry, ...everyProperty(inside)] : everyProperty(inside);
	});
}

/** The parameter's own choices, and those of the collections, each as values to add to an item's. */
function choicesOf(operation: Operation): Array<readonly [string, InputValues]> {
	const { properties, options } = operation;
	const inCollections = properties
		.filter(({ type }) => type === 'collection')
		.map(({ name, options: inner = [] }) => [name, inner] as const);
	const nested = [...inCollections, ['options', options] as const].flatMap(([name, inner]) =>
		inner.flatMap((one) =>
			'type' in one
				? choicesIn(one).map(
						(value) => [one.displayName, { [name]: { [one.name]: value } }] as const,
					)
				: [],
		),
	);
	const own = properties
		.filter(({ name }) => name !== 'confirm')
		.flatMap((one) =>
			choicesIn(one).map((value) => [one.displayName, { [one.name]: value }] as const),
		);
	return [...own, ...nested];
}

describe.each(EVERY)('%s', (title, operation, cases) => {
	const values: InputValues = { ...cases[title], $item: { type: 'x', email: 'ada@example.com' } };

	it('takes every choice that it offers', () => {
		for (const [label, choice] of choicesOf(operation)) {
			expect([label, choice, issuesOf(operation, { ...values, ...choice })]).toEqual([
				label,
				choice,
				expect.not.arrayContaining([label]),
			]);
		}
	});

	it('does without a parameter what it does with the default that it shows', async () => {
		const usual = await resultOf(operation, values);
		for (const one of [...operation.properties, ...operation.options]) {
			if (one.required || one.default === '' || one.name in values) continue;
			if (one.displayOptions?.show?.['@version'] || one.type === 'hidden') continue;
			// The reader, not the operation, makes rows of these.
			if (one.type === 'assignmentCollection') continue;
			const shown = operation.options.includes(one)
				? { options: { [one.name]: one.default } }
				: { [one.name]: one.default };
			expect([one.name, await resultOf(operation, { ...values, ...shown })]).toEqual([
				one.name,
				usual,
			]);
		}
	});

	it('asks for what is required before what is optional', () => {
		const labels = operation.properties.filter(({ type }) => type !== 'notice');
		const collections = labels.findIndex(({ type }) => type === 'collection');
		const after = collections === -1 ? [] : labels.slice(collections);
		expect(after.filter(({ required }) => required === true)).toEqual([]);
	});
});

describe.each([
	['Bento', new Bento(), BENTO],
	['Bento Track Event', new BentoTrackEvent(), EVENTS],
])('%s', (_name, node, resources) => {
	it('has no description longer than a panel shows well', () => {
		for (const { name, type, description = '', options = [] } of everyProperty(
			node.description.properties,
		)) {
			const texts = options.flatMap((option) =>
				'value' in option ? [option.description ?? ''] : [],
			);
			if (type === 'hidden' || name === 'options') continue;
			for (const text of [description, ...texts]) {
				expect([name, text, text.length <= LONGEST]).toEqual([name, text, true]);
			}
		}
	});

	it.each(['2x', '1x'] as const)(
		'shows operations on the canvas by their names, on engine %s',
		async (line) => {
			const { Workflow } = await engineLine(line);
			const { subtitle = '' } = node.description;
			for (const resource of resources) {
				for (const operation of resource.operations) {
					const parameters = { resource: resource.value, operation: operation.value };
					const one = {
						id: '1',
						name: 'Node',
						type: 'x',
						typeVersion: 1.1,
						position: [0, 0] as [number, number],
						parameters,
					};
					const nodeTypes = { getByName: () => node, getByNameAndVersion: () => node };
					const workflow = new Workflow({
						nodes: [one],
						connections: {},
						active: false,
						nodeTypes,
					});
					const shown = workflow.expression.getSimpleParameterValue(one, subtitle, 'internal', {});
					expect(String(shown)).toMatch(new RegExp(`^${operation.name}(: ${resource.name})?$`));
				}
			}
		},
	);
});
