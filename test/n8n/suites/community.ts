import assert from 'assert/strict';
import { z } from 'zod';
import { packageName } from '../support/paths';
import type { World } from '../support/world';

const installed = z.array(
	z
		.object({
			packageName: z.string(),
			installedVersion: z.string(),
			installedNodes: z.array(z.object({ name: z.string(), type: z.string() }).passthrough()),
			failedLoading: z.boolean().optional(),
		})
		.passthrough(),
);

/** The node types that the package brings, by the name that n8n gives them. */
const expectedNodes = ['bento', 'bentoTrackEvent', 'bentoWebhookTrigger'];
const expectedCredentials = ['bentoApi', 'bentoWebhookSecretApi'];

/** Item 1: the tarball, installed as a community package through n8n's own route. */
export async function communityInstall(world: World): Promise<void> {
	const { check, heading } = world.reporter;
	heading(`n8n ${world.line}: the package as a community package`);

	await check(
		'Settings > Community nodes installs the tarball, and it works immediately',
		async () => {
			const reply = await world.client.session.send('POST', '/rest/community-packages', {
				name: packageName,
				version: world.tarball.version,
			});
			assert.equal(reply.status, 200, JSON.stringify(reply.body));
			const [entry] = await world.client.session.call(installed, 'GET', '/rest/community-packages');
			assert.equal(entry?.packageName, packageName);
			assert.equal(entry.installedVersion, world.tarball.version);
			assert.deepEqual(
				entry.installedNodes.map(({ type }) => type).sort(),
				expectedNodes.map(full),
			);
		},
	);

	await check('n8n offers every node with its icons, texts and credentials', async () => {
		const types = await ownTypes(world);
		for (const name of expectedNodes) {
			const type = types.get(full(name));
			assert.ok(type, `${name} is missing`);
			assert.match(String(type.displayName), /^Bento/);
			assert.ok(String(type.description).length > 20);
			assert.ok(String(type.subtitle).length > 0, `${name} has no subtitle`);
			for (const credential of z.array(z.object({ name: z.string() })).parse(type.credentials)) {
				assert.ok(expectedCredentials.includes(credential.name), credential.name);
			}
		}
		assert.ok(types.has(full('bentoTrackEventTool')), 'an AI agent has no Track Event tool');
	});

	await check('every operation is an action in the node list', async () => {
		const type = (await ownTypes(world)).get(full('bentoTrackEvent'));
		const properties = z
			.array(z.object({ name: z.string(), options: z.unknown() }).passthrough())
			.parse(type?.properties)
			.filter(({ name }) => name === 'operation');
		const actions = properties.flatMap(({ options }) =>
			z.array(z.object({ action: z.string() })).parse(options),
		);
		assert.equal(actions.length, 7);
	});

	await check('icons of nodes and credentials are served, light and dark', async () => {
		const credentials = await world.client.types('credentials');
		const own = credentials.filter(({ name }) => expectedCredentials.includes(String(name)));
		assert.equal(own.length, expectedCredentials.length);
		const types = [...(await ownTypes(world)).values()];
		for (const { name, iconUrl } of [...types, ...own]) {
			const { light, dark } = z.object({ light: z.string(), dark: z.string() }).parse(iconUrl);
			assert.notEqual(light, dark);
			for (const icon of [light, dark]) {
				const answer = await fetch(`${world.instance.origin}/${icon}`);
				assert.equal(answer.status, 200, `${String(name)}: ${icon}`);
				assert.match(await answer.text(), /<svg/);
			}
		}
	});

	await check('it is there again after a restart, and n8n logs no complaint about it', async () => {
		await world.restart();
		const types = await ownTypes(world);
		for (const name of expectedNodes) assert.ok(types.has(full(name)), `${name} is missing`);
		const [entry] = await world.client.session.call(installed, 'GET', '/rest/community-packages');
		assert.notEqual(entry?.failedLoading, true);
		const complaints = world.instance.log.filter(
			(line) => /bento/i.test(line) || /cannot find module|zod/i.test(line),
		);
		assert.deepEqual(complaints, []);
	});
}

function full(name: string): string {
	return `${packageName}.${name}`;
}

async function ownTypes(world: World): Promise<Map<string, Record<string, unknown>>> {
	const types = await world.client.types('nodes');
	const own = types.filter(({ name }) => String(name).startsWith(`${packageName}.`));
	return new Map(own.map((type) => [String(type.name), type]));
}
