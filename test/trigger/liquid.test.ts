import { Liquid } from 'liquidjs';
import { BentoWebhookTrigger } from '../../nodes/BentoWebhookTrigger/BentoWebhookTrigger.node';
import { send } from './support/client';
import { SECRET, startTrigger, type TriggerServer } from './support/triggerServer';

const property = new BentoWebhookTrigger().description.properties.find(
	({ name }) => name === 'payloadTemplate',
);
const template = typeof property?.default === 'string' ? property.default : '';
const UUID = 'd4c1f6a02b3e4f5a9c8b7d6e5f4a3b2c';

const NASTY = [
	'O"Brien", "admin": true, "x": "',
	"O'Brien",
	'two\nlines\r\nand a\ttab',
	'back\\slash \\" \\u0022',
	'👩‍🚀 Zoë ☃',
	'{{ visitor.email }} {% raw %}',
	'</script>&amp;',
	'',
];

/** The payload that the panel offers, as a real Liquid engine renders it. */
describe('The payload to paste', () => {
	let server: TriggerServer;
	beforeAll(async () => (server = await startTrigger()));
	afterAll(async () => await server.close());

	async function itemOf(scope: object) {
		const body: unknown = await new Liquid().parseAndRender(template, scope);
		const headers = { 'x-bento-secret': SECRET, 'content-type': 'application/json' };
		await send(server.url, { headers, body: String(body) });
		return server.started.at(-1);
	}

	test.each(NASTY)('a name like %j neither breaks it nor adds keys', async (name) => {
		const item = await itemOf({
			workflow: { name },
			visitor: { uuid: UUID, email: 'mika@example.net', first_name: name, tags: `vip,${name}` },
			event: { type: name, details: { [name]: name } },
		});
		const shown = name.trim() === '' ? null : name.trim();
		expect(item).toMatchObject({
			parseError: null,
			sender: 'bento',
			event: 'bento.workflow.step_reached',
			email: 'mika@example.net',
			visitorUuid: UUID,
			workflow: shown,
			person: { first_name: name, tags: `vip,${name}` },
			sourceEvent: { type: shown, details: { [name]: name } },
		});
		expect(Object.keys({ ...(item?.body as object) })).toEqual([
			'event',
			'workflow',
			'id',
			'email',
			'external_id',
			'details',
			'person',
			'source_event',
		]);
	});

	test('missing values leave gaps, not broken JSON', async () => {
		for (const scope of [{}, { visitor: { email: 'mika@example.net', first_name: null } }]) {
			const item = await itemOf(scope);
			expect(item).toMatchObject({
				parseError: null,
				workflow: null,
				visitorUuid: null,
				person: { first_name: '', tags: '' },
				sourceEvent: { type: null, details: null },
			});
		}
	});

	test('lists and numbers stay what they are', async () => {
		const item = await itemOf({ visitor: { tags: ['a', 'b"c'], first_name: 7 } });
		expect(item).toMatchObject({ person: { first_name: 7, tags: ['a', 'b"c'] } });
	});

	test('is read-only, no expression, and every variable goes through the filter without quotes', () => {
		expect(property?.typeOptions?.editorIsReadOnly).toBe(true);
		expect(property?.noDataExpression).toBe(true);
		expect(template.startsWith('=')).toBe(false);
		const variables = template.match(/.?\{\{[^}]*\}\}.?/g) ?? [];
		expect(variables).toHaveLength(7);
		for (const variable of variables) expect(variable).toMatch(/^ \{\{ .* \| json \}\},?$/);
	});

	test('an id at the top wins over one inside person', async () => {
		const headers = { 'x-bento-secret': SECRET };
		await send(server.url, { headers, body: { id: UUID, person: { id: 'field', uuid: 'field' } } });
		expect(server.started.at(-1)).toMatchObject({ visitorUuid: UUID });
		await send(server.url, { headers, body: { id: 17, person: { uuid: UUID } } });
		expect(server.started.at(-1)).toMatchObject({ visitorUuid: UUID });
	});
});
