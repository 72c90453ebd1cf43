import axios from 'axios';
import type { BentoKeys } from '../../nodes/shared/http/client/credential';
import { readTransportError } from '../../nodes/shared/http/client/transport';
import type { Transport } from '../../nodes/shared/http/client/types';

/** The outbound helper's transport on plain axios: for tests, benchmarks, and anything else that runs without n8n. */
export function axiosTransport(keys: Pick<BentoKeys, 'publishableKey' | 'secretKey'>): Transport {
	const auth = { username: keys.publishableKey, password: keys.secretKey };
	return async (request) => {
		try {
			const { status, headers, data } = await axios.request<string>({
				method: request.method,
				url: request.url,
				params: request.query,
				headers: { ...request.headers },
				data: request.body,
				timeout: request.timeout,
				signal: request.signal,
				auth,
				responseType: 'text',
				maxRedirects: 0,
				proxy: false,
				validateStatus: () => true,
			});
			const flat: Record<string, string> = {};
			for (const [name, value] of Object.entries(headers)) {
				if (typeof value === 'string') flat[name.toLowerCase()] = value;
			}
			return { kind: 'response', status, headers: flat, text: data };
		} catch (error) {
			return readTransportError(error);
		}
	};
}
