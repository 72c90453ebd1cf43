import assert from 'assert/strict';
import { z } from 'zod';
import { bentoTrigger, send, sendWhenReady } from '../support/hooks';
import { packAs } from '../support/packaging';
import { packageName } from '../support/paths';
import { until } from '../support/until';
import { chain, end, manual, orders } from '../support/workflows';
import { bentoData, webhookSecret, type World } from '../support/world';
import { trackEvent, words } from './trackEvent';

/** Later than any version that is being worked on. */
const later = '9.0.0';

const installed = z.array(z.object({ packageName: z.string(), installedVersion: z.string() }));
const withSecret = { 'X-Bento-Secret': webhookSecret };

/** A newer version installed over this one in a running n8n, as Settings > Community nodes > Update does. */
export async function upgradeHolds(world: World): Promise<void> {
	const { bento } = world;
	const { check, figure, heading } = world.reporter;
	heading(`n8n ${world.line}: an update of the package in a running n8n`);

	await check(
		'webhooks answer again, the running execution ends, credentials and memory are read',
		async () => {
			await listed(world);
			bento.reset();
			const secret = await world.webhookCredential();
			const hookId = await world.client.createWorkflow(
				chain('Updated', bentoTrigger('updated', secret), end()),
			);
			await world.client.activate(hookId);
			const of = (externalId: string) => ({
				headers: withSecret,
				body: { event: 'x', external_id: externalId },
			});
			const path = 'webhook/updated';
			const first = await sendWhenReady(world.instance.origin, path, of('known'));
			assert.match(first.text, /received/);
			// What n8n saves after a request that started nothing is there for whoever comes next.
			assert.match((await send(world.instance.origin, path, of('known'))).text, /duplicate/);

			const credentials = await world.bentoCredential();
			const options = { batchSize: 10, maxParallelBatches: 1 };
			const sending = await world.client.createWorkflow(
				chain('Runs through', manual(), ...orders(400), trackEvent(credentials, options)),
			);
			bento.latencyMs = 250;
			const running = await world.client.start(sending);
			await until('the first batches', () => (bento.events.length >= 20 ? true : undefined));

			const begin = Date.now();
			const body = { name: packageName, version: later };
			const reply = await world.client.session.send('PATCH', '/rest/community-packages', body);
			assert.equal(reply.status, 200, JSON.stringify(reply.body));
			const before = bento.events.length;
			const seconds = (Date.now() - begin) / 1000;
			assert.ok(before < 400, 'the execution ended before the update did');

			const answer = await until('the webhook', async () => {
				const again = await send(world.instance.origin, path, of('after the update'));
				return again.status === 200 ? again : undefined;
			});
			assert.match(answer.text, /received/);
			const repeat = await send(world.instance.origin, path, of('known'));
			assert.match(repeat.text, /duplicate/, "what the old version remembered isn't read");
			const refused = await send(world.instance.origin, path, { body: { event: 'x' } });
			assert.equal(refused.status, 401, 'the stored secret is not read');

			const ended = await world.client.finished(running);
			assert.equal(ended.status, 'success', words(ended));
			assert.equal(bento.events.length, 400);
			assert.equal(new Set(bento.events.map(({ email }) => email)).size, 400);
			bento.latencyMs = 0;
			figure(
				`updated in ${seconds.toFixed(1)} s, with ${before} of 400 events sent: all 400 arrived, once`,
			);

			const { bentoApi } = credentials;
			const tested = await world.client.testCredential('bentoApi', bentoApi, bentoData(bento));
			assert.equal(tested.status, 'OK', tested.message);
			const again = await world.client.run(sending);
			assert.equal(again.status, 'success', words(again));
			const agent = String(bento.requests.at(-1)?.headers['user-agent']);
			assert.equal(agent, `n8n-nodes-bentonow/${later}`, 'the old code still runs');
		},
	);

	await check('the newer version is there after a restart, with its webhooks', async () => {
		await world.restart();
		const request = { headers: withSecret, body: { event: 'x', external_id: 'later' } };
		const answer = await sendWhenReady(world.instance.origin, 'webhook/updated', request);
		assert.equal(answer.status, 200, answer.text);
		assert.equal(await versionListed(world), later);
	});
	bento.reset();
}

/** Makes sure that n8n lists the package as installed, which it doesn't where only its folder was put in place. */
async function listed(world: World): Promise<void> {
	world.publish(packAs(world.tarball, later));
	if ((await versionListed(world)) !== undefined) return;
	await world.client.session.call(z.unknown(), 'POST', '/rest/community-packages', {
		name: packageName,
		version: world.tarball.version,
	});
}

async function versionListed({ client }: World): Promise<string | undefined> {
	const all = await client.session.call(installed, 'GET', '/rest/community-packages');
	return all.find((one) => one.packageName === packageName)?.installedVersion;
}
