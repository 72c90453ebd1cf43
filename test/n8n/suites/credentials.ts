import assert from 'assert/strict';
import type { World } from '../support/world';

/** Item 2: the Test button of the Bento API credential. */
export async function credentialTest(world: World): Promise<void> {
	const { check, heading } = world.reporter;
	heading(`n8n ${world.line}: the credential's Test button`);

	const press = async (changed: Record<string, string>) => {
		const { bentoApi } = await world.bentoCredential();
		const data = { ...world.bento.credentials, allowedHttpRequestDomains: 'all', ...changed };
		return await world.client.testCredential('bentoApi', bentoApi, data);
	};

	await check('right keys pass', async () => {
		const { status, message } = await press({});
		assert.equal(status, 'OK', message);
		const asked = world.bento.requests.at(-1);
		assert.equal(asked?.path.endsWith('/fetch/tags'), true, asked?.path);
		assert.match(String(asked?.headers['user-agent']), /^n8n-nodes-bentonow\//);
	});

	await check('spaces around pasted values are ignored', async () => {
		const { publishableKey, secretKey, siteUuid, baseUrl } = world.bento.credentials;
		const { status, message } = await press({
			publishableKey: ` ${publishableKey}`,
			secretKey: `${secretKey}\n`,
			siteUuid: `\t${siteUuid} `,
			baseUrl: `${baseUrl}/ `,
		});
		assert.equal(status, 'OK', message);
	});

	const wrong: Array<[string, Record<string, string>]> = [
		['a wrong secret key', { secretKey: 'wrong-secret' }],
		['a wrong publishable key', { publishableKey: 'wrong-key' }],
		['the UUID of another site', { siteUuid: '00000000-0000-4000-8000-000000000000' }],
	];
	for (const [what, changed] of wrong) {
		await check(`${what} is explained`, async () => {
			const { status, message } = await press(changed);
			assert.equal(status, 'Error');
			assert.match(message, /'Publishable Key', 'Secret Key' and 'Site UUID'/);
		});
	}

	await check('an address without the API is explained', async () => {
		const { status, message } = await press({ baseUrl: `${world.bento.origin}/nowhere` });
		assert.equal(status, 'Error');
		assert.match(message, /API Base URL/);
	});

	await check('keys are not sent in clear text to another host', async () => {
		const before = world.bento.requests.length;
		const { status, message } = await press({ baseUrl: 'http://bento.example.com/api/v1' });
		assert.equal(status, 'Error');
		assert.match(message, /https/);
		assert.equal(world.bento.requests.length, before);
	});
}
