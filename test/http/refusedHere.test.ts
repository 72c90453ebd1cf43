import { connectionOf } from '../support/connection';
import { NodeApiError, type INode } from 'n8n-workflow';
import { callBento, DEFAULT_RETRY_POLICY } from '../../nodes/shared/http/client/call';
import { explain } from '../../nodes/shared/http/client/explain';
import { aftermath } from '../../nodes/shared/http/problem';
import { readTransportError } from '../../nodes/shared/http/client/transport';
import { requireOf } from '../support/engine/packages';
import { VirtualClock } from '../support/virtualClock';

const NODE: INode = {
	id: '1',
	name: 'Bento',
	type: 'bento',
	typeVersion: 1,
	position: [0, 0],
	parameters: {},
};

/** What n8n 2.x throws for an address that its rules forbid, wrapped as its request helper wraps it. */
function ssrfError(): Error {
	const network = requireOf('2x')('@n8n/backend-network') as {
		SsrfBlockedIpError: new (ip: string) => Error;
	};
	return new network.SsrfBlockedIpError('10.0.0.5');
}

function withCode(code: string): Error {
	return Object.assign(new Error('self-signed certificate in certificate chain'), { code });
}

async function told(error: unknown) {
	const clock = new VirtualClock();
	const report = await callBento(
		connectionOf({
			transport: () => Promise.resolve(readTransportError(error)),
			baseUrl: 'https://app.bentonow.com/api/v1',
			policy: { ...DEFAULT_RETRY_POLICY, patience: 0 },
			clock,
			random: () => 0,
		}),
		{ method: 'GET', path: '/fetch/tags', idempotent: true },
	);
	const problem = explain(report);
	const { message } = problem;
	const description = aftermath(problem);
	expect(`${message} ${description}`).not.toMatch(/Bento's (answer|response)|UNKNOWN|10\.0\.0\.5/);
	return { message, description, attempts: report.attempts };
}

describe('what n8n itself refuses is reported as such, with the setting that helps', () => {
	it('a certificate', async () => {
		const code = 'SELF_SIGNED_CERT_IN_CHAIN';
		for (const error of [withCode(code), new NodeApiError(NODE, withCode(code) as never)]) {
			expect(await told(error)).toEqual({
				message: "n8n doesn't trust the certificate of the API address",
				description: expect.stringMatching(
					/^Network code: SELF_SIGNED_CERT_IN_CHAIN\. .*NODE_EXTRA_CA_CERTS.* Nothing was sent$/,
				) as string,
				attempts: 1,
			});
		}
	});

	it('an address that n8n’s rules forbid: no request is counted', async () => {
		for (const error of [ssrfError(), new NodeApiError(NODE, ssrfError() as never)]) {
			expect(await told(error)).toEqual({
				message: "Your n8n instance isn't allowed to call the API address",
				description: expect.stringContaining('N8N_SSRF_ALLOWED_HOSTNAMES') as string,
				attempts: 0,
			});
		}
	});
});
