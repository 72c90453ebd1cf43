import assert from 'assert/strict';
import { expect } from 'expect';
import { RESOURCES } from '../../../nodes/Bento/resources';
import { CASES } from '../../bento/cases';
import { outputOf } from '../support/client';
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
}

function oneItem(json: object) {
	const parameters = { mode: 'raw', jsonOutput: JSON.stringify(json), options: {} };
	return node('Item', 'n8n-nodes-base.set', parameters, { typeVersion: 3.4 });
}
