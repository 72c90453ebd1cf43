import assert from 'assert/strict';
import { bentoTrigger, sendWhenReady } from '../support/hooks';
import { until } from '../support/until';
import { chain, node } from '../support/workflows';
import { webhookSecret, type World } from '../support/world';

/** Item 5: Bento calls n8n, and n8n's workflow sends an event back to Bento. */
export async function fullLoop(world: World): Promise<void> {
	const { check, heading } = world.reporter;
	heading(`n8n ${world.line}: from Bento to n8n and back`);

	await check(
		'a Bento webhook starts a workflow whose Track Event sends back to Bento',
		async () => {
			world.bento.reset();
			const details = [
				{ id: 'a', name: 'workflow', value: '={{ $json.workflow }}', type: 'string' },
				{ id: 'b', name: 'plan', value: '={{ $json.details.plan }}', type: 'string' },
			];
			const parameters = {
				operation: 'trackEvent',
				email: '={{ $json.email }}',
				eventType: 'crm_synced',
				details: { assignments: details },
			};
			const credentials = await world.bentoCredential();
			const draft = chain(
				'Full loop',
				bentoTrigger('full-loop', await world.webhookCredential()),
				node('Bento Track Event', 'bentoTrackEvent', parameters, { credentials }),
			);
			const id = await world.client.createWorkflow(draft);
			await world.client.activate(id);
			const answer = await sendWhenReady(world.instance.origin, 'webhook/full-loop', {
				headers: { 'X-Bento-Secret': webhookSecret },
				body: {
					event: 'bento.workflow.step_reached',
					workflow: 'Upgrade',
					email: 'ada@example.com',
					details: { plan: 'team' },
				},
			});
			assert.equal(answer.status, 200, answer.text);
			const event = await until('the event', () => world.bento.events[0]);
			assert.equal(event.email, 'ada@example.com');
			assert.equal(event.type, 'crm_synced');
			assert.deepEqual(event.details, { workflow: 'Upgrade', plan: 'team' });
		},
	);
}
