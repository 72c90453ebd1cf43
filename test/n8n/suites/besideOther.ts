import assert from 'assert/strict';
import { join } from 'path';
import { installFolder } from '../support/packaging';
import { manifests } from '../support/paths';
import { chain, manual, node, orders } from '../support/workflows';
import type { World } from '../support/world';
import { trackEvent, words } from './trackEvent';

/** Item 7: Bento's own package beside ours, both with one stored credential. */
export async function besideOtherPackage(world: World): Promise<void> {
	const { check, heading } = world.reporter;
	heading(`n8n ${world.line}: beside Bento's own package`);

	await check(
		'both packages work with one stored credential, whoever defines its type',
		async () => {
			const credentials = await world.bentoCredential();
			installFolder(join(manifests, 'stubs', 'n8n-nodes-bento'), world.userFolder);
			await world.restart();
			const names = (await world.client.types('nodes')).map(({ name }) => String(name));
			assert.ok(names.includes('n8n-nodes-bento.bento'), 'the stub is not there');
			assert.ok(names.includes('n8n-nodes-bentonow.bentoTrackEvent'), 'ours is not there');

			world.bento.reset();
			const other = node(
				'Other',
				'n8n-nodes-bento.bento',
				{ email: 'o@example.com' },
				{ credentials },
			);
			const workflows = [
				chain('The other package', manual(), other),
				chain('This package', manual(), ...orders(3), trackEvent(credentials)),
			];
			for (const workflow of workflows) {
				const execution = await world.client.run(await world.client.createWorkflow(workflow));
				assert.equal(execution.status, 'success', words(execution));
			}
			const sent = world.bento.events.map(({ type }) => type).sort();
			assert.deepEqual(sent, ['order_placed', 'order_placed', 'order_placed', 'other_package']);
		},
	);
}
