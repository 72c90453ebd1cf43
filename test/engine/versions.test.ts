import type { IDataObject, INodeParameters } from 'n8n-workflow';
import { engineLine } from '../support/engine/lines';
import { LINE_NAMES } from '../support/engine/packages';
import { prepareWorkflow, runWorkflow, type RunOptions } from '../support/engine/run';
import { toolOf } from '../support/engine/tool';
import { useBento } from '../support/useBento';

/** n8n stores no defaults, so what a stored node means depends on its version. */

const NODE = 'Bento';

const server = useBento();

/** An operation with fields, and the names of what it calls them. */
interface Operation {
	readonly type: 'bento' | 'bentoTrackEvent';
	readonly parameters: INodeParameters;
	readonly fields: string;
}

const tracks = (resource: string, operation: string, more: INodeParameters = {}): Operation => ({
	type: 'bentoTrackEvent',
	parameters: { resource, operation, email: 'a@b.co', ...more },
	fields: 'fields',
});

const UPDATE_FIELDS = tracks('subscriber', 'updateFields');
const OPTIONAL: Readonly<Record<string, Operation>> = {
	'Track Event': tracks('event', 'trackEvent', { eventType: 'x' }),
	'Track Purchase': tracks('event', 'trackPurchase', {
		uniqueKey: 'K',
		currency: 'USD',
		amount: 1,
		amountUnit: 'minor',
	}),
	Subscribe: tracks('subscriber', 'subscribe'),
	'Create or Update': {
		type: 'bento',
		parameters: { resource: 'subscriber', operation: 'createOrUpdate', email: 'a@b.co' },
		fields: 'customFields',
	},
};
const EVERY = Object.entries({ ...OPTIONAL, 'Update Fields': UPDATE_FIELDS });

const ROWS = { assignments: [{ id: '1', name: 'plan', value: 'rows', type: 'string' }] };
const SCHEMA = [{ id: 'plan', displayName: 'Plan', removed: false }];
const MAPPING = { mappingMode: 'defineBelow', value: { plan: '={{ $json.p }}' }, schema: SCHEMA };
const ITEM = { p: 'mapped', plan: 'alike' };

function stored(
	{ type, parameters }: Operation,
	typeVersion: number,
	more: INodeParameters = {},
): RunOptions {
	return {
		nodes: [{ name: NODE, type, typeVersion, parameters: { ...parameters, ...more } }],
		items: [ITEM],
		credentials: { bentoApi: server.credentials },
	};
}

/** The fields in what Bento got; a subscriber has them beside the email. */
function written({ type }: Operation): unknown {
	const body = server.requests[0]?.body as Record<string, IDataObject[]>;
	const [record] = (type === 'bento' ? body.subscribers : body.events) ?? [];
	if (type === 'bentoTrackEvent') return record?.fields;
	const { email, ...fields } = record ?? {};
	expect(email).toBe('a@b.co');
	return Object.keys(fields).length === 0 ? undefined : fields;
}

describe.each(LINE_NAMES)('On engine %s', (line) => {
	it.each(['bento', 'bentoTrackEvent'])('%s is added in version 1.1', async (name) => {
		const { loader } = await engineLine(line);
		expect(loader.nodeTypes[name]?.type.description).toMatchObject({
			version: [1, 1.1],
			defaultVersion: 1.1,
		});
	});

	it.each(EVERY)('%s has a default for each version', async (_name, operation) => {
		const modes = [1, 1.1].map(async (typeVersion) => {
			const { workflow } = await prepareWorkflow(line, stored(operation, typeVersion));
			return workflow.getNode(NODE)?.parameters[`${operation.fields}Mode`];
		});
		expect(await Promise.all(modes)).toEqual(['rows', 'account']);
	});

	it.each(EVERY)(
		'%s of version 1 that names no choice sends its rows',
		async (_name, operation) => {
			const more = { [operation.fields]: ROWS };
			const run = await runWorkflow(line, stored(operation, 1, more));
			expect(run.error).toBeUndefined();
			expect(written(operation)).toEqual({ plan: 'rows' });
		},
	);

	it.each(EVERY)(
		'%s of version 1.1 that names none sends its mapping',
		async (_name, operation) => {
			const more = { [`${operation.fields}Map`]: MAPPING, [operation.fields]: ROWS };
			const run = await runWorkflow(line, stored(operation, 1.1, more));
			expect(run.error).toBeUndefined();
			expect(written(operation)).toEqual({ plan: 'mapped' });
		},
	);

	it.each(EVERY)('%s of either version sends what it names', async (_name, operation) => {
		const { fields } = operation;
		const both = { [`${fields}Map`]: MAPPING, [fields]: ROWS };
		for (const [typeVersion, mode, plan] of [
			[1, 'account', 'mapped'],
			[1.1, 'rows', 'rows'],
		] as const) {
			server.reset();
			const more = { ...both, [`${fields}Mode`]: mode };
			expect((await runWorkflow(line, stored(operation, typeVersion, more))).error).toBeUndefined();
			expect(written(operation)).toEqual({ plan });
		}
	});

	const untouched: INodeParameters[] = [
		{ mappingMode: 'defineBelow', value: null },
		{ mappingMode: 'defineBelow', value: {}, schema: [], matchingColumns: [] },
		{ mappingMode: 'defineBelow', value: {}, schema: [{ ...SCHEMA[0], removed: true }] },
		{ mappingMode: 'autoMapInputData', value: null, schema: [] },
	];

	it.each(Object.entries(OPTIONAL))(
		'%s without a mapping sends no fields',
		async (_name, operation) => {
			for (const mapping of [undefined, ...untouched]) {
				server.reset();
				const more = mapping === undefined ? {} : { [`${operation.fields}Map`]: mapping };
				const run = await runWorkflow(line, stored(operation, 1.1, more));
				expect(run.error).toBeUndefined();
				expect(written(operation)).toBeUndefined();
			}
		},
	);

	it('Update Fields without a mapping says so, as it does without rows', async () => {
		for (const typeVersion of [1, 1.1]) {
			const run = await runWorkflow(line, stored(UPDATE_FIELDS, typeVersion));
			expect(run.error?.message).toContain("'Custom Fields' is empty");
		}
		expect(server.requests).toEqual([]);
	});

	it('a model fills in a mapped field', async () => {
		const value = { plan: "={{ $fromAI('Plan', 'The plan', 'string') }}" };
		const more = { fieldsMap: { ...MAPPING, value } };
		const { call } = await toolOf(line, stored(UPDATE_FIELDS, 1.1, more));
		await call({ Plan: 'said' });
		expect(written(UPDATE_FIELDS)).toEqual({ plan: 'said' });
	});

	it('Create or Update joins lists in a mapping and says so, and refuses what isn’t flat', async () => {
		const operation = OPTIONAL['Create or Update'] ?? UPDATE_FIELDS;
		const mapped = (plan: string) => ({ customFieldsMap: { ...MAPPING, value: { plan } } });
		const lists = stored(operation, 1.1, mapped('={{ ["a", "b"] }}'));
		const joined = await runWorkflow(line, lists);
		expect(written(operation)).toEqual({ plan: 'a, b' });
		const hints = (joined.of(NODE)[0]?.hints ?? []).map(({ message }) => message);
		expect(hints.join()).toContain('joined with commas: plan');
		const nested = stored(operation, 1.1, mapped('={{ { "a": 1 } }}'));
		expect((await runWorkflow(line, nested)).error?.message).toMatch(
			/^'Custom Fields' must be text/,
		);
	});
});
