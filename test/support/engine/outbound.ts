import type { IExecuteFunctions, INodeType } from 'n8n-workflow';
import type { BentoKeys } from '../../../nodes/shared/http/client/credential';
import { n8nTransport } from '../../../nodes/shared/http/client/transport';
import type { HttpRequest, HttpResult, Transport } from '../../../nodes/shared/http/client/types';
import { describe as description } from './helperNodes';
import type { LineName } from './packages';
import { runWorkflow } from './run';

/**
 * n8n's transport with a real engine behind it: each request is sent by a node of the test's own, from inside an
 * execution, so that n8n's helper, its credential handling and its way of failing are the real ones.
 */
export function engineTransport(line: LineName, keys: BentoKeys): Transport {
	return async (request: HttpRequest): Promise<HttpResult> => {
		const results: HttpResult[] = [];
		const sender: INodeType = {
			description: description('sender', { credentials: [{ name: 'bentoApi', required: true }] }),
			async execute(this: IExecuteFunctions) {
				results.push(await n8nTransport(this, keys)(request));
				return [[]];
			},
		};
		const run = await runWorkflow(line, {
			items: [{}],
			nodes: [
				{
					name: 'Send',
					type: 'test.sender',
					parameters: {},
					credentials: { bentoApi: { id: 'bento', name: 'Bento' } },
				},
			],
			credentials: { bentoApi: { ...keys } },
			extraTypes: { 'test.sender': sender },
		});
		const [result] = results;
		if (!result) throw run.error ?? new Error('The engine sent nothing');
		return result;
	};
}
