import {
	NodeConnectionTypes,
	type IExecuteFunctions,
	type INodeExecutionData,
	type INodeType,
	type INodeTypeDescription,
} from 'n8n-workflow';
import { bentoApiTest } from '../shared/http/client/credentialTest';
import { resourceMapping } from '../shared/operation/accountFields';
import { panel, subtitleOf } from '../shared/operation/description';
import { searchIn, TAGS } from '../shared/operation/lists';
import { runOperation } from '../shared/run/run';
import { builderHint } from './hint';
import { RESOURCES } from './operations';

/** Sends input items to Bento as events, in batches, and says what became of each. */
export class BentoTrackEvent implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Bento Track Event',
		name: 'bentoTrackEvent',
		icon: {
			light: 'file:../../icons/bentoTrackEvent.svg',
			dark: 'file:../../icons/bentoTrackEvent.dark.svg',
		},
		group: ['output'],
		version: [1, 1.1],
		defaultVersion: 1.1,
		subtitle: subtitleOf(RESOURCES),
		description: 'Send events, purchases, tags, and custom fields to Bento in batches',
		defaults: { name: 'Bento Track Event' },
		builderHint,
		usableAsTool: true,
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		credentials: [{ name: 'bentoApi', required: true, testedBy: 'bentoApiTest' }],
		properties: panel(RESOURCES, 'event'),
	};

	methods = {
		credentialTest: { bentoApiTest },
		listSearch: { searchTags: searchIn(TAGS) },
		resourceMapping,
	};

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return await runOperation(this, RESOURCES);
	}
}
