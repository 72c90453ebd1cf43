import type { ICredentialDataDecryptedObject } from 'n8n-workflow';
import { engineLine } from '../support/engine/lines';
import { LINE_NAMES, requireOf, coreFolder, type LineName } from '../support/engine/packages';
import { useBento } from '../support/useBento';

const server = useBento();

interface CoreWithTests {
	readonly CredentialTestContext: new (...args: unknown[]) => object;
}

/** What n8n's Test button does: the function that the node names, in n8n's own credential test context. */
async function press(line: LineName, change: ICredentialDataDecryptedObject = {}) {
	const { loader } = await engineLine(line);
	const { CredentialTestContext } = requireOf(line)(coreFolder(line)) as CoreWithTests;
	const test = loader.nodeTypes.bentoTrackEvent?.type.methods?.credentialTest?.bentoApiTest;
	if (!test) throw new Error('The node tests no credential');
	const data = { ...server.credentials, ...change };
	return await test.call(new CredentialTestContext({}) as never, {
		id: '1',
		name: 'Bento',
		type: 'bentoApi',
		data,
	});
}

describe.each(LINE_NAMES)('the credential’s Test button on engine %s', (line) => {
	it('passes with the right values, even with spaces around them', async () => {
		const { publishableKey, siteUuid } = server.credentials;
		expect(
			await press(line, { publishableKey: ` ${publishableKey}\n`, siteUuid: `${siteUuid} ` }),
		).toEqual({
			status: 'OK',
			message: 'Connected to Bento',
		});
		expect(server.requests[0]).toMatchObject({
			method: 'GET',
			path: '/api/v1/fetch/tags',
			query: { site_uuid: siteUuid },
			headers: { 'user-agent': expect.stringMatching(/^n8n-nodes-bentonow\//) as string },
		});
	});

	it.each<[string, ICredentialDataDecryptedObject, string]>([
		[
			'a wrong key',
			{ secretKey: 'sk_marked' },
			"Check 'Publishable Key', 'Secret Key' and 'Site UUID'",
		],
		['swapped keys', { publishableKey: 'sk_1', secretKey: 'pk_1' }, 'are swapped'],
		['a missing value', { siteUuid: '' }, "'Site UUID' is missing"],
		[
			'an address that is not safe',
			{ baseUrl: 'http://bento.example/api/v1' },
			"must be Bento's own",
		],
	])('fails in words with %s', async (_name, change, words) => {
		const result = await press(line, change);
		expect(result).toMatchObject({
			status: 'Error',
			message: expect.stringContaining(words) as string,
		});
		expect(JSON.stringify(result)).not.toContain('sk_marked');
	});

	it('explains a wrong address, a blocked client, and a missing server', async () => {
		const { message } = await press(line, { baseUrl: `${server.origin}/elsewhere` });
		expect(message).toContain("Check the ID, and 'API Base URL'");
		server.failNext({ kind: 'html', status: 403 });
		expect((await press(line)).message).toContain('Bento blocked the request');
		expect((await press(line, { baseUrl: 'http://127.0.0.1:9/api/v1' })).message).toContain(
			"Bento couldn't be reached",
		);
	});
});
