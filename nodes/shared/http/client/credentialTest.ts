import type {
	ICredentialsDecrypted,
	ICredentialTestFunctions,
	INodeCredentialTestResult,
} from 'n8n-workflow';
import { aftermath, sentences } from '../problem';
import { callBento } from './call';
import { readKeys, type BentoKeys } from './credential';
import { explain } from './explain';
import { CREDENTIAL_TEST_POLICY } from './policies';
import { Caller, systemClock } from './rateLimiter';
import { accountKey, siteLimiter } from './siteLimiter';
import { keyRedactor, readResponse, readTransportError } from './transport';
import type { Transport } from './types';

/**
 * What the credential's Test button does: one cheap read, and in words which of the values to correct. A function
 * rather than a request description, because n8n 1.x shows its own general sentence for those (measured on 1.123).
 */
export async function bentoApiTest(
	this: ICredentialTestFunctions,
	credential: ICredentialsDecrypted,
): Promise<INodeCredentialTestResult> {
	const read = readKeys(credential.data);
	if (!read.ok) return { status: 'Error', message: read.problem };
	const { keys } = read;
	const report = await callBento(
		{
			transport: testTransport(this, keys),
			baseUrl: keys.baseUrl,
			siteUuid: keys.siteUuid,
			account: accountKey(keys),
			policy: CREDENTIAL_TEST_POLICY,
			clock: systemClock,
			random: Math.random,
			limiterFor: (kind) => siteLimiter(keys, kind),
			caller: new Caller({}),
		},
		{ method: 'GET', path: '/fetch/tags', idempotent: true },
	);
	if (report.outcome.kind === 'accepted') return { status: 'OK', message: 'Connected to Bento' };
	const problem = explain(report);
	return { status: 'Error', message: `${sentences([problem.message, aftermath(problem)])}.` };
}

/** n8n gives a credential test only its older request helper, with options of their own names. */
function testTransport(context: ICredentialTestFunctions, keys: BentoKeys): Transport {
	const redact = keyRedactor(keys);
	return async ({ method, url, query, headers, timeout }) => {
		try {
			const response: unknown = await context.helpers.request({
				method,
				uri: url,
				qs: query,
				headers,
				timeout,
				auth: { username: keys.publishableKey, password: keys.secretKey },
				json: false,
				simple: false,
				followRedirect: false,
				resolveWithFullResponse: true,
			});
			return readResponse(response, redact);
		} catch (error) {
			return readTransportError(error);
		}
	};
}
