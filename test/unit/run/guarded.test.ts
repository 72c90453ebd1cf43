import type {
	IDataObject,
	IExecuteFunctions,
	INodeExecutionData,
	INodeProperties,
} from 'n8n-workflow';
import { RESOURCES as BENTO } from '../../../nodes/Bento/resources';
import { RESOURCES as TRACK_EVENT } from '../../../nodes/BentoTrackEvent/operations';
import { optionsProperty } from '../../../nodes/shared/operation/options';
import type { Operation, Resource } from '../../../nodes/shared/operation/types';
import { runOperation } from '../../../nodes/shared/run/run';
import { runContext } from '../../support/runContext';

/**
 * Under Continue, n8n takes an error that leaves a node for a success of all its items. So whatever a value is, nothing
 * leaves `execute`, and every input item has its output.
 */

const itself: Record<string, unknown> = { email: 'a@b.co' };
itself.self = itself;

function fail(): never {
	throw new Error('of the test');
}

/** Throws at whatever is done with it. */
const hostile: object = new Proxy(
	{},
	{ get: fail, has: fail, ownKeys: fail, getPrototypeOf: fail, getOwnPropertyDescriptor: fail },
);

/** Made anew for each use, since some keep what was done with them. */
const ODD: ReadonlyArray<readonly [string, () => unknown]> = [
	['refers to itself', () => itself],
	['a symbol', () => Symbol('x')],
	['a BigInt', () => 10n ** 30n],
	['throws at anything', () => hostile],
	['contains what throws', () => ({ x: hostile, value: hostile })],
	['throws as JSON', () => ({ toJSON: fail })],
	['a date that isn’t one', () => new Date(Number.NaN)],
	['like a date of luxon', () => ({ toISO: fail, toJSON: fail })],
	['undefined', () => undefined],
	['without a prototype', () => Object.create(null) as object],
];

const EXPRESSION = '={{ odd }}';

interface Place {
	readonly title: string;
	readonly resource: Resource;
	readonly operation: Operation;
	readonly name: string;
	readonly raw: unknown;
}

/** Options that many operations have are read in one way, so one operation of each kind tries them. */
const tried = new Set<string>();
function untriedOptions(operation: Operation): INodeProperties {
	const own = new Set(operation.options.map(({ name }) => name));
	const { options = [], ...property } = optionsProperty(operation);
	const untried = options.filter(({ name }) => {
		const key = `${operation.kind} ${name}`;
		const isNew = own.has(name) || !tried.has(key);
		tried.add(key);
		return isNew;
	});
	return { ...property, options: untried };
}

/** Every place of a parameter that can contain an expression, including in collections. */
function placesOf(resource: Resource, operation: Operation): Place[] {
	return [...operation.properties, untriedOptions(operation)].flatMap((property) => {
		const { type, name, options = [] } = property;
		if (type === 'notice') return [];
		const place = (raw: unknown, part = ''): Place => {
			const title = `${resource.value}.${operation.value}.${name}${part}`;
			return { title, resource, operation, name, raw };
		};
		if (type === 'collection') {
			return options.map((option) => place({ [option.name]: EXPRESSION }, `.${option.name}`));
		}
		if (type !== 'assignmentCollection') return [place(EXPRESSION)];
		const row = { id: '1', name: 'x', type: 'string', value: EXPRESSION };
		return [place(EXPRESSION), place({ assignments: [row] }, ' > x')];
	});
}

const PLACES = [BENTO, TRACK_EVENT].flatMap((resources) =>
	resources.flatMap((resource) =>
		resource.operations.flatMap((operation) => placesOf(resource, operation)),
	),
);

/** A value that a parameter accepts, as far as its kind tells. */
function usual({ name, type, default: initial }: INodeProperties): unknown {
	if (name === 'confirm') return true;
	if (/email$/i.test(name)) return 'a@b.co';
	if (type === 'resourceLocator') return { __rl: true, mode: 'id', value: '1' };
	return type === 'string' && initial === '' ? 'x' : initial;
}

interface Odd {
	readonly place: Place;
	readonly value: () => unknown;
	readonly items?: INodeExecutionData[];
	readonly timezone?: string;
}

/** What a run asks n8n for; Bento takes everything. */
function context({ place, value, items, timezone }: Odd): IExecuteFunctions {
	const { resource, operation, name, raw } = place;
	const properties = [...operation.properties, optionsProperty(operation)];
	const parameters: Record<string, unknown> = {
		...Object.fromEntries(properties.map((property) => [property.name, usual(property)])),
		resource: resource.value,
		operation: operation.value,
		[name]: raw,
	};
	return runContext({ parameters, items, evaluate: value, timezone });
}

/** What is wrong with how a run ended; undefined if every item has its output. */
async function complaint(odd: Odd, resources: readonly Resource[]): Promise<string | undefined> {
	try {
		const [output = []] = await runOperation(context(odd), resources);
		const paired = output.map(({ pairedItem }) =>
			typeof pairedItem === 'object' && 'item' in pairedItem ? pairedItem.item : -1,
		);
		const unexpected = output.some(({ json }) => json.error === 'The node stopped unexpectedly');
		// Options that hold for the run may fail all of it.
		if (unexpected && odd.place.name !== 'options')
			return `failed all items: ${JSON.stringify(output[0]?.json)}`;
		return paired.includes(0) && paired.includes(1) ? undefined : `items ${paired.join()}`;
	} catch (error) {
		return `threw ${String(error)}`;
	}
}

const nodeOf = ({ resource }: Place) => (BENTO.includes(resource) ? BENTO : TRACK_EVENT);

it('there are many places for an odd value', () => {
	expect(PLACES.length).toBeGreaterThan(250);
});

it.each(ODD)('a value that is %s leaves no item without its output', async (_name, value) => {
	const wrong: string[] = [];
	for (const place of PLACES) {
		const said = await complaint({ place, value }, nodeOf(place));
		if (said !== undefined) wrong.push(`${place.title}: ${said}`);
	}
	expect(wrong).toEqual([]);
});

it.each(ODD)('an item that is or contains one that is %s fails alone', async (_name, value) => {
	const wrong: string[] = [];
	const modes = PLACES.filter(({ name }) => /mode$/i.test(name));
	expect(modes.length).toBeGreaterThan(3);
	for (const place of modes) {
		for (const mode of ['eventObjects', 'items', 'item', 'wholeItem', 'map', 'auto', 'json']) {
			for (const json of [value(), { email: 'a@b.co', type: 'x', fields: value(), x: value() }]) {
				const items = [{ json: json as IDataObject }, { json: { email: 'c@d.ef', type: 'x' } }];
				const odd = { place: { ...place, raw: mode }, value, items };
				const said = await complaint(odd, nodeOf(place));
				if (said !== undefined) wrong.push(`${place.title} ${mode}: ${said}`);
			}
		}
	}
	expect(wrong).toEqual([]);
});

it('in a time zone that doesn’t exist, no item is without its output', async () => {
	const wrong: string[] = [];
	for (const place of PLACES) {
		const odd = { place, value: () => '2026-11-20', timezone: 'DEFAULT' };
		const said = await complaint(odd, nodeOf(place));
		if (said !== undefined) wrong.push(`${place.title}: ${said}`);
	}
	expect(wrong).toEqual([]);
});
