import type { IDataObject, INodeParameters } from 'n8n-workflow';
import { LINE_NAMES } from '../support/engine/packages';
import { runWorkflow } from '../support/engine/run';
import { useBento } from '../support/useBento';

/** What a model writes in the wrong place is never dropped without a word. */

const NODE = 'Bento';
const VALUES = { plan: 'pro' };

const server = useBento();

const EVENT: INodeParameters = {
	resource: 'event',
	operation: 'trackEvent',
	email: 'a@b.co',
	eventType: 'x',
};
const IMPORT: INodeParameters = {
	resource: 'subscriber',
	operation: 'createOrUpdate',
	email: 'a@b.co',
};

describe.each(LINE_NAMES)('On engine %s', (line) => {
	async function run(type: string, parameters: INodeParameters, items: IDataObject[] = [{}]) {
		const node = { name: NODE, type, typeVersion: 1.1, parameters };
		const ran = await runWorkflow(line, {
			nodes: [node],
			items,
			credentials: { bentoApi: server.credentials },
		});
		const [task] = ran.of(NODE);
		return { ...ran, hints: (task?.hints ?? []).map(({ message }) => message) };
	}

	it.each([
		['bentoTrackEvent', EVENT, { detailsJson: VALUES }, 'Details (JSON)', 'Specify Details'],
		[
			'bentoTrackEvent',
			EVENT,
			{ fieldsJson: '{"plan":"pro"}' },
			'Custom Fields (JSON)',
			'Specify Custom Fields',
		],
		[
			'bentoTrackEvent',
			EVENT,
			{ fields: { assignments: [{ id: 'a', name: 'plan', value: 'pro', type: 'string' }] } },
			'Custom Fields',
			'Specify Custom Fields',
		],
		[
			'bento',
			IMPORT,
			{ customFieldsJson: VALUES },
			'Custom Fields (JSON)',
			'Specify Custom Fields',
		],
	])(
		'%s hints at a value of a choice that is not made: %j %j',
		async (type, base, more, label, choice) => {
			const { error, hints } = await run(type, { ...base, ...more });
			expect(error).toBeUndefined();
			expect(hints).toContain(
				`'${label}' has a value that isn't used. Choose it under '${choice}' [Item 0]`,
			);
			expect(JSON.stringify(server.requests[0]?.body)).not.toContain('pro');
		},
	);

	it('hints at nothing where the choice is made', async () => {
		const { hints } = await run('bentoTrackEvent', {
			...EVENT,
			detailsMode: 'json',
			detailsJson: VALUES,
			fieldsMode: 'json',
			fieldsJson: VALUES,
		});
		expect(hints.filter((hint) => hint.includes("isn't used"))).toEqual([]);
		expect(server.events[0]).toMatchObject({ details: VALUES, fields: VALUES });
	});

	it.each([
		['bentoTrackEvent', { ...EVENT, details: VALUES }, 'Details'],
		['bentoTrackEvent', { ...EVENT, fieldsMode: 'rows', fields: VALUES }, 'Custom Fields'],
		['bento', { ...IMPORT, customFieldsMode: 'rows', customFields: VALUES }, 'Custom Fields'],
	])('%s takes no object in place of rows', async (type, parameters, label) => {
		const { error } = await run(type, parameters);
		expect(error?.message).toContain(`'${label}' must be rows`);
		expect(error).toMatchObject({
			description: expect.stringContaining(`'Specify ${label}' to Using JSON`) as string,
		});
		expect(server.requests).toEqual([]);
	});

	it('hints at cart items that n8n has emptied', async () => {
		const { hints } = await run('bentoTrackEvent', {
			resource: 'event',
			operation: 'trackPurchase',
			email: 'a@b.co',
			uniqueKey: 'K',
			currency: 'USD',
			amount: 1,
			amountUnit: 'minor',
			additionalFields: { cartItems: [{ product_name: 'Plan' }] },
		});
		expect(hints.join()).toContain("'Cart Items' was added without rows");
	});

	// n8n 1.x stops at an object in place of rows itself.
	const emptied = [[{ name: 'order', value: 1042 }], ...(line === '2x' ? [{ order: 1042 }] : [])];
	it.each(emptied.map((one) => [one] as const))(
		'hints at personalizations that n8n has emptied: %j',
		async (personalizations) => {
			const { hints } = await run('bento', {
				resource: 'email',
				operation: 'send',
				confirm: true,
				toEmail: 'a@b.co',
				from: { __rl: true, mode: 'email', value: 'hello@example.com' },
				subject: 'Hi',
				content: 'Hi',
				additionalFields: { personalizations },
			});
			expect(hints.join()).toContain("'Personalizations' was added without rows");
		},
	);
});
