import type { ICredentialDataDecryptedObject, ICredentialTestFunctions } from 'n8n-workflow';
import { USER_AGENT } from '../../../nodes/shared/http/client/call';
import { bentoApiTest } from '../../../nodes/shared/http/client/credentialTest';

const STORED = {
	publishableKey: ' pk_123456',
	secretKey: 'sk_654321',
	siteUuid: 'site',
	baseUrl: 'http://127.0.0.1:4400/api/v1/',
};

/** Presses Test, with n8n's older request helper answering; what it was asked. */
async function press(respond: () => unknown, data: ICredentialDataDecryptedObject = STORED) {
	const asked: unknown[] = [];
	const request = async (options: unknown) => {
		asked.push(options);
		return await Promise.resolve().then(respond);
	};
	const context = { helpers: { request } } as unknown as ICredentialTestFunctions;
	const credential = { id: '1', name: 'Bento', type: 'bentoApi', data };
	return { result: await bentoApiTest.call(context, credential), asked };
}

const HEADERS = { Date: 'Fri, 20 Nov 2026 08:00:00 GMT' };
const response = (statusCode: number, body = '{}') => ({ statusCode, headers: HEADERS, body });

describe('the Test button', () => {
	it('reads the tags once, signed, without redirects, and in its own time', async () => {
		// What is left of it: the millisecond may have changed since the call began.
		const nearly15Seconds: unknown = expect.closeTo(15_000, -2);
		const { result, asked } = await press(() => response(200));
		expect(result).toEqual({ status: 'OK', message: 'Connected to Bento' });
		expect(asked).toEqual([
			{
				method: 'GET',
				uri: 'http://127.0.0.1:4400/api/v1/fetch/tags',
				qs: { site_uuid: 'site' },
				headers: { Accept: 'application/json', 'User-Agent': USER_AGENT },
				timeout: nearly15Seconds,
				auth: { username: 'pk_123456', password: 'sk_654321' },
				json: false,
				simple: false,
				followRedirect: false,
				resolveWithFullResponse: true,
			},
		]);
	});

	it.each<[string, () => unknown, RegExp]>([
		['a wrong key', () => response(401), /^Bento rejected the credentials\. Check 'Publishable/],
		['a busy Bento', () => response(503), /^Bento is currently unavailable\. Stopped after 1 att/],
		[
			'a key in a response',
			() => response(422, '{"error":"no sk_654321"}'),
			/^Bento rejected the data\. Bento's response: no \[hidden\]\. /,
		],
		[
			'no server',
			() => {
				throw Object.assign(new Error('x'), { code: 'ECONNREFUSED' });
			},
			/^Bento couldn't be reached\. Network code: ECONNREFUSED\. /,
		],
		[
			'no JSON',
			() => response(200, 'hello'),
			/^Bento's response was incomplete\. Network code: INVALID_JSON\. Stopped after 1 attempt\. /,
		],
		['no response', () => 'text', /^The connection closed before Bento responded\. Stopped after/],
	])('explains %s after one attempt', async (_name, respond, message) => {
		const { result, asked } = await press(respond);
		expect(result).toEqual({
			status: 'Error',
			message: expect.stringMatching(message) as string,
		});
		expect(result.message).toMatch(/\.$/);
		expect(asked).toHaveLength(1);
	});

	it('asks nothing with values that can’t be right', async () => {
		const { result, asked } = await press(() => response(200), { ...STORED, siteUuid: ' ' });
		const message = "'Site UUID' is missing in the Bento API credential";
		expect(result).toEqual({ status: 'Error', message });
		expect(asked).toEqual([]);
	});
});
