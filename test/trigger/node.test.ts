import { existsSync, readFileSync } from 'fs';
import path from 'path';
import type { ICredentialTestFunctions, INodeProperties } from 'n8n-workflow';
import { BentoWebhookTrigger } from '../../nodes/BentoWebhookTrigger/BentoWebhookTrigger.node';
import { readPatterns } from '../../nodes/BentoWebhookTrigger/normalize';
import { readSecrets } from '../../nodes/BentoWebhookTrigger/state';
import { DEFAULTS, readSettings } from '../../nodes/BentoWebhookTrigger/settings';
import { LINE_NAMES, packageFolder, requireOf } from '../support/engine/packages';
import { send } from './support/client';
import { WITH_SECRET } from './support/presenting';
import { SECRET, startTrigger } from './support/triggerServer';

const node = new BentoWebhookTrigger();
const { description } = node;
/** As it is packed. */
const FOLDER = path.join(packageFolder('2x'), 'dist', 'nodes', 'BentoWebhookTrigger');

function json(file: string): Record<string, unknown> {
	return { ...(JSON.parse(readFileSync(file, 'utf8')) as object) };
}

function option(name: string): INodeProperties | undefined {
	const settings = description.properties.find((property) => property.name === 'settings');
	return settings?.options
		?.filter((entry): entry is INodeProperties => 'type' in entry)
		.find((entry) => entry.name === name);
}

describe('What the builder sees', () => {
	test('the defaults of the options are the values without them', () => {
		for (const [name, value] of Object.entries(DEFAULTS)) expect(option(name)?.default).toBe(value);
		const read = readSettings((name) => (name === 'authentication' ? 'none' : ''));
		expect(read).toMatchObject({
			ok: true,
			settings: {
				maxBytes: 1024 * 1024,
				acceptBrokenJson: true,
				loadPerson: 'no',
				duplicates: {
					ignored: true,
					byExternalId: false,
					idWindow: 86_400_000,
					bodyWindow: 600_000,
				},
			},
		});
	});

	test('options out of their range are brought into it', () => {
		const settings = {
			maxKilobytes: 1e9,
			idWindow: '0.4',
			bodyWindow: 0,
		};
		const values: Record<string, unknown> = { authentication: 'none', settings };
		expect(readSettings((name) => values[name] ?? '')).toMatchObject({
			settings: {
				maxBytes: 16_384 * 1024,
				duplicates: { idWindow: 60_000, bodyWindow: 0 },
			},
		});
	});

	test.each(WITH_SECRET)('%s: its header is no delivery ID', (authentication, present) => {
		for (const deliveryHeader of Object.keys(present(SECRET, 'me').headers ?? {})) {
			const values: Record<string, unknown> = {
				authentication,
				headerName: 'X-Bento-Secret',
				settings: { deliveryHeader: deliveryHeader.toUpperCase() },
			};
			const read = readSettings((name) => values[name] ?? '');
			expect(read.ok ? 'read' : read.problem).toMatch(
				/^'Delivery ID Header' is the header that contains the secret/,
			);
		}
	});

	test('the curl command to copy is a webhook of Bento with the default header', async () => {
		const valueOf = (name: string) => {
			const value = description.properties.find((one) => one.name === name)?.default;
			return typeof value === 'string' ? value : '';
		};
		const [, method, url, ...rest] =
			/^curl -X (\w+) "(.+?)" -H "(.+?): (.+?)" -H "(.+?): (.+?)" -d '(.+)'$/.exec(
				valueOf('curlTemplate'),
			) ?? [];
		const [secretHeader = '', secret, typeHeader = '', type = '', body = ''] = rest;
		expect([url, secret]).toEqual(['TEST-URL', 'YOUR-SECRET']);
		const server = await startTrigger();
		const headers = { [secretHeader]: SECRET, [typeHeader]: type };
		expect((await send(server.url, { method, headers, body })).status).toBe(200);
		await server.close();
		expect(server.started[0]).toMatchObject({ sender: 'bento', parseError: null });
		const payload = valueOf('payloadTemplate');
		const keys = [...payload.matchAll(/^ {2}"(\w+)"/gm)].map(([, key]) => key);
		expect(keys).toEqual(expect.arrayContaining(['details', 'external_id']));
		expect([...Object.keys({ ...(JSON.parse(body) as object) }), 'source_event']).toEqual(keys);
	});

	test('the methods are those of n8n\u2019s Webhook node, HEAD included', () => {
		const method = description.properties.find(({ name }) => name === 'httpMethod');
		const offered = method?.options?.flatMap((one) => ('value' in one ? [one.value] : []));
		expect(offered).toEqual(['DELETE', 'GET', 'HEAD', 'PATCH', 'POST', 'PUT']);
	});

	test('the panel names the button that is there', () => {
		const words = JSON.stringify([
			description.triggerPanel,
			description.eventTriggerDescription,
			description.properties,
		]);
		expect(words.match(/'Execute step'/g)?.length).toBeGreaterThan(8);
		expect(words).not.toMatch(/listen for (a )?test event|test step/i);
	});

	test('an authentication that does not exist is a problem, never “None”', () => {
		expect(readSettings(() => '')).toMatchObject({ ok: false });
		expect(readSettings(() => 'nOne')).toMatchObject({ ok: false });
	});

	test('n8n leaves the body to the node: version 1 and the hidden option that it looks at', () => {
		expect(description.version).toBe(1);
		const host = description.properties.find(({ name }) => name === 'options');
		expect(host).toMatchObject({ type: 'hidden', default: { binaryData: true } });
	});

	test('codex and icons', () => {
		const codex = json(path.join(FOLDER, 'BentoWebhookTrigger.node.json'));
		expect(codex.node).toBe(`n8n-nodes-bentonow.${description.name}`);
		const { icon } = description;
		if (typeof icon !== 'object') throw new Error('Not themed');
		const [light, dark] = [icon.light, icon.dark].map((file) =>
			path.join(FOLDER, file.slice('file:'.length)),
		);
		expect([light, dark].map((file) => existsSync(file ?? ''))).toEqual([true, true]);
		expect(readFileSync(light ?? '', 'utf8')).not.toBe(readFileSync(dark ?? '', 'utf8'));
	});

	test('the sample output has exactly the keys of the real one', async () => {
		const server = await startTrigger();
		await send(server.url, { headers: { 'x-bento-secret': SECRET }, body: { event: 'x' } });
		await server.close();
		const schema = json(path.join(FOLDER, '__schema__', 'v1.0.0.json'));
		expect(Object.keys({ ...(schema.properties as object) })).toEqual(
			Object.keys(server.started[0] ?? {}),
		);
	});

	test('the credential is tested without a network, and its problems quote nothing', async () => {
		const { credentialTest } = node.methods;
		const context = {} as ICredentialTestFunctions;
		const tested = async (data: Record<string, string>) =>
			await credentialTest.bentoWebhookSecretTest.call(context, {
				id: '1',
				name: 'x',
				type: 'y',
				data,
			});
		expect(await tested({ secret: SECRET })).toMatchObject({ status: 'OK' });
		const bad = await tested({ secret: 'hunter2' });
		expect(bad.status).toBe('Error');
		expect(bad.message).toContain('at least 16 characters');
		expect(bad.message).not.toContain('hunter2');
		expect((await tested({ secret: 'schlüssel-zum-glück' })).message).toContain('UTF-8');
		const unfit: Array<Record<string, string>> = [
			{ secret: `${SECRET}\nmore` },
			{ secret: 'x'.repeat(5000) },
			{ secret: SECRET, previousSecret: 'short' },
			{ secret: SECRET, userName: 'a:b' },
			{ secret: SECRET, userName: 'a\u0007' },
		];
		for (const data of unfit) expect(await tested(data)).toMatchObject({ status: 'Error' });
	});
});

describe.each(LINE_NAMES)('Webhook description on n8n %s', (line) => {
	interface Resolving {
		resolveWebhookDescriptionField?: (...args: unknown[]) => { resolved: boolean; value?: unknown };
	}

	test('gives the same by expression and by what n8n 2.x resolves itself', () => {
		const { resolveWebhookDescriptionField } = requireOf(line)('n8n-workflow') as Resolving;
		const [webhook] = description.webhooks ?? [];
		if (!webhook) throw new Error('No webhook');
		const parameters = {
			httpMethod: 'PUT',
			path: 'p',
			responseCode: 201,
			responseData: 'd',
			responseMode: 'lastNode',
		};
		for (const [field, value] of Object.entries(parameters)) {
			expect(webhook[field]).toBe(`={{$parameter["${field}"]}}`);
			// n8n 1.x has no such function and takes the expressions.
			if (line === '1x') expect(resolveWebhookDescriptionField).toBeUndefined();
			else
				expect(resolveWebhookDescriptionField?.({ parameters }, webhook, field)).toEqual({
					resolved: true,
					value,
				});
		}
	});
});

describe('Event filter', () => {
	test.each([
		['', null, true],
		['a', null, false],
		['a.b', 'a.b', true],
		['a.b', 'axb', false],
		['a.*', 'a.', true],
		['a.*', 'a', false],
		['*', 'anything', true],
		['*.won', 'opportunity.won', true],
		['a*a', 'a', false],
		['a*b*c', 'a-b-b-c', true],
		['a*b*c', 'a-c-b', false],
		['x, y\nz', 'z', true],
		['**', 'x', true],
	])('%j and %j: %s', (patterns, event, wanted) => {
		expect(readPatterns(patterns)(event)).toBe(wanted);
	});

	test('a pattern of many asterisks takes linear time', () => {
		const started = Date.now();
		expect(readPatterns('*a'.repeat(500))('a'.repeat(499))).toBe(false);
		expect(Date.now() - started).toBeLessThan(200);
	});
});

describe('Stored secrets', () => {
	test('a colon in the user name would move the border to the password', () => {
		expect(readSecrets({ secret: SECRET, userName: 'a:b' }, 'basic')).toMatchObject({ ok: false });
	});
});
