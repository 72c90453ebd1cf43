import assert from 'assert/strict';
import { expect } from 'expect';
import { RESOURCES } from '../../../nodes/Bento/resources';
import { CASES } from '../../bento/cases';
import type { N8nClient } from '../support/client';
import { outputOf } from '../support/executions';
import { packageName } from '../support/paths';
import { chain, manual, node } from '../support/workflows';
import type { World } from '../support/world';
import { words } from './trackEvent';

/** The Bento node, each operation in a workflow of its own, with the values and outcomes of the engine's tests. */
export async function bentoRuns(world: World): Promise<void> {
	const { bento, client } = world;
	const { check, heading } = world.reporter;
	heading(`n8n ${world.line}: Bento`);

	for (const { value: resource, name, operations } of RESOURCES) {
		await check(
			`${name}: ${operations.map((operation) => operation.name).join(', ')}`,
			async () => {
				for (const { value: operation } of operations) {
					const title = `${resource}.${operation}`;
					const tried = CASES[title];
					assert.ok(tried, `${title} has no case`);
					bento.reset();
					bento.state.enterprise = true;
					const parameters = { resource, operation, ...tried.parameters };
					const credentials = await world.bentoCredential();
					const draft = chain(
						title,
						manual(),
						oneItem(tried.item ?? {}),
						node('Bento', 'bento', parameters, { credentials }),
					);
					const execution = await client.run(await client.createWorkflow(draft));
					assert.equal(execution.status, 'success', `${title}: ${words(execution)}`);
					const found = outputOf(execution, 'Bento');
					assert.equal(found.length, 1, title);
					expect(found[0]?.json).toEqual(tried.gives);
					tried.leaves?.(bento.state);
				}
			},
		);
	}

	await check('every dropdown lists what the account has, and finds it by its name', async () => {
		bento.reset();
		bento.state.enterprise = true;
		const credentials = await world.bentoCredential();
		const methods = await listMethods(client);
		assert.equal(methods.length, 6, String(methods));
		for (const methodName of methods) {
			const all = await client.listEntries('bento', methodName, credentials);
			const [first] = all;
			assert.ok(first, `${methodName} lists nothing`);
			const found = await client.listEntries('bento', methodName, credentials, first.name);
			assert.ok(
				found.some(({ value }) => value === first.value),
				methodName,
			);
		}
	});
}

/** The methods that fill the node's dropdowns, from the description that n8n hands to its editor. */
async function listMethods(client: N8nClient): Promise<string[]> {
	const types = await client.types('nodes');
	const own = JSON.stringify(types.find(({ name }) => name === `${packageName}.bento`));
	const found = own.matchAll(/"searchListMethod":"(\w+)"/g);
	return [...new Set([...found].map(([, method = '']) => method))];
}

function oneItem(json: object) {
	const parameters = { mode: 'raw', jsonOutput: JSON.stringify(json), options: {} };
	return node('Item', 'n8n-nodes-base.set', parameters, { typeVersion: 3.4 });
}
