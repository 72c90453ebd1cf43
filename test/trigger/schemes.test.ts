import { readFileSync } from 'fs';
import path from 'path';
import { NodeHelpers, type INodeProperties } from 'n8n-workflow';
import { BentoWebhookTrigger } from '../../nodes/BentoWebhookTrigger/BentoWebhookTrigger.node';
import { ROOT } from '../support/root';
import { send } from './support/client';
import { PRESENTING, WITH_SECRET } from './support/presenting';
import { SECRET, startTrigger } from './support/triggerServer';

const { description } = new BentoWebhookTrigger();

/** The rows of the docs' table: the first cell of each, and all of it. */
const ROWS = new Map(
	readFileSync(path.join(ROOT, 'docs', 'webhook-trigger.md'), 'utf8')
		.split('\n## ')
		.find((section) => section.startsWith('Authentication\n'))
		?.split('\n')
		.filter((line) => line.startsWith('| '))
		.map((line) => [/^\| (.*?) (?:\(default\) )?\|/.exec(line)?.[1] ?? '', line]),
);

function shown(authentication: string): INodeProperties[] {
	const values = { authentication, responseMode: 'onReceived' };
	return description.properties.filter((property) =>
		NodeHelpers.displayParameter(values, property, { typeVersion: 1 }, description),
	);
}

const property = description.properties.find(({ name }) => name === 'authentication');
const options = (property?.options ?? []).flatMap((option) => ('value' in option ? [option] : []));

test('every authentication is in the tests, and every one in the tests exists', () => {
	const values = PRESENTING.map(([authentication]) => authentication);
	expect(options.map(({ value }) => value).sort()).toEqual(values.sort());
});

describe.each(options)('$name', ({ name, value }) => {
	const authentication = String(value);
	const [, present] = PRESENTING.find(([one]) => one === authentication) ?? [];

	test('has one notice with numbered steps that begin with the secret', () => {
		const notices = shown(authentication).filter(({ name: one }) => one === 'stepsNotice');
		expect(notices).toHaveLength(1);
		const steps = [...(notices[0]?.displayName ?? '').matchAll(/<li>(\d)\. (.*?)<\/li>/g)];
		expect(steps.map(([, number]) => Number(number))).toEqual(steps.map((_, index) => index + 1));
		expect(steps.length).toBeGreaterThan(3);
		expect(steps[0]?.[2]?.includes('Create a secret')).toBe(authentication !== 'none');
		expect(notices[0]?.displayName).toContain(
			"Test URL (under Webhook URLs), click 'Execute step'",
		);
		expect(notices[0]?.displayName).toContain('A copy of this node has the same Path');
	});

	test('has a row in the table of docs/webhook-trigger.md, with what carries the secret', () => {
		const row = ROWS.get(name) ?? `the table of docs/webhook-trigger.md needs a row for ${name}`;
		expect(row).toContain(`| ${name}`);
		const sent = present?.(SECRET, 'me');
		const carrier = Object.keys(sent?.headers ?? {})[0] ?? sent?.query?.split('=')[0] ?? '';
		const own = authentication === 'basic' ? 'user name' : carrier;
		expect(row.toLowerCase()).toContain(own);
	});

	test('shows the parameter that names its carrier, and no other', () => {
		const names = shown(authentication).map(({ name: one }) => one);
		const mine = ['header', 'query'].filter((kind) => names.includes(`${kind}Name`));
		expect(mine).toEqual(['header', 'query'].filter((kind) => kind === authentication));
	});
});

test.each(WITH_SECRET)(
	'%s: what carries the secret isn\u2019t in the item, whichever scheme the node has',
	async (_authentication, present) => {
		for (const [own, presentOwn] of WITH_SECRET) {
			const server = await startTrigger({
				parameters: { authentication: own },
				credentials: { bentoWebhookSecretApi: { secret: SECRET, userName: 'me' } },
			});
			const [mine, other] = [presentOwn(SECRET, 'me'), present('another sender\u2019s', 'you')];
			const headers = { ...other.headers, ...mine.headers };
			const query = [other.query, mine.query].filter((part) => part !== undefined)[0];
			expect((await send(server.url, { headers, query, body: {} })).status).toBe(
				own === 'query' && other.query !== undefined ? 401 : 200,
			);
			await server.close();
			const [item] = server.started;
			const text = JSON.stringify([item?.headers, item?.query]);
			for (const name of Object.keys(headers)) expect(text).not.toContain(name);
			expect(text).not.toMatch(/access_key|secret removed/);
		}
	},
);

test('a name of one\u2019s own carries the secret, and isn\u2019t in the item either', async () => {
	const own: Array<[Record<string, string>, Record<string, string>, string]> = [
		[{ authentication: 'header', headerName: 'X-Own' }, { 'x-own': SECRET }, ''],
		[{ authentication: 'query', queryName: 'own' }, {}, `own=${encodeURIComponent(SECRET)}`],
	];
	for (const [parameters, headers, query] of own) {
		const server = await startTrigger({ parameters });
		expect((await send(server.url, { headers, query, body: {} })).status).toBe(200);
		await server.close();
		expect(JSON.stringify(server.started)).not.toMatch(/x-own|"own"|secret removed/);
	}
});
