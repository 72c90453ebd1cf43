import type { IExecuteFunctions, INodeType } from 'n8n-workflow';
import { startBentoServer, type BentoServer } from '../bentoServer';
import { describe as description } from '../support/engine/helperNodes';
import { LINE_NAMES, type LineName } from '../support/engine/packages';
import { runWorkflow } from '../support/engine/run';

let bento: BentoServer;
let other: BentoServer;
beforeAll(async () => {
	[bento, other] = await Promise.all([startBentoServer(), startBentoServer()]);
});
afterEach(() => {
	bento.reset();
	other.reset();
});
afterAll(() => Promise.all([bento.close(), other.close()]));

/** What n8n's HTTP Request node does with the credential: by either of n8n's helpers. */
async function request(line: LineName, helper: 'new' | 'old', url: string): Promise<string> {
	let came = 'answered';
	const sender: INodeType = {
		description: description('sender', { credentials: [{ name: 'bentoApi', required: true }] }),
		async execute(this: IExecuteFunctions) {
			const { httpRequestWithAuthentication, requestWithAuthentication } = this.helpers;
			const headers = { 'User-Agent': 'test/1' };
			try {
				if (helper === 'new') {
					await httpRequestWithAuthentication.call(this, 'bentoApi', { url, headers });
				} else await requestWithAuthentication.call(this, 'bentoApi', { uri: url, headers });
			} catch (error) {
				came = JSON.stringify(error, ['message', 'description', 'cause', 'messages']);
			}
			return [[]];
		},
	};
	await runWorkflow(line, {
		items: [{}],
		nodes: [
			{
				name: 'Send',
				type: 'test.sender',
				parameters: {},
				credentials: { bentoApi: { id: 'bento', name: 'Bento' } },
			},
		],
		credentials: { bentoApi: bento.credentials },
		extraTypes: { 'test.sender': sender },
	});
	return came;
}

describe.each(LINE_NAMES)('the credential in an HTTP Request node, engine %s', (line) => {
	it.each(['new', 'old'] as const)(
		'signs what goes to its API, by the %s helper',
		async (helper) => {
			expect(await request(line, helper, `${bento.baseUrl}/fetch/tags`)).toBe('answered');
			expect(bento.requests[0]).toMatchObject({ status: 200 });
		},
	);

	it.each(['new', 'old'] as const)(
		'sends nothing anywhere else, by the %s helper',
		async (helper) => {
			const came = await request(line, helper, `${other.baseUrl}/fetch/tags`);
			expect(came).toContain(`only signs requests to ${bento.origin}`);
			expect(came).not.toContain(bento.credentials.secretKey);
			expect(other.requests).toHaveLength(0);
		},
	);

	it.each(['new', 'old'] as const)(
		'sends no key along with a redirect, by the %s helper',
		async (helper) => {
			bento.failNext({ kind: 'redirect', to: `${other.baseUrl}/fetch/tags` });
			await request(line, helper, `${bento.baseUrl}/fetch/tags`);
			expect(bento.requests).toHaveLength(1);
			expect(other.requests.filter(({ headers }) => headers.authorization !== undefined)).toEqual(
				[],
			);
		},
	);
});
