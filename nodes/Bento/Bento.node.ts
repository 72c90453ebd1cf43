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
import { listTags } from '../shared/operation/lists';
import { runOperation } from '../shared/run/run';
import { builderHint } from './hint';
import { listSearch } from './lists';
import { LIQUID_LOST } from './mail';
import { RESOURCES } from './resources';

/** Bento's API, one operation for each thing it can do. Events have a node of their own. */
export class Bento implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Bento',
		name: 'bento',
		icon: { light: 'file:../../icons/bento.svg', dark: 'file:../../icons/bento.dark.svg' },
		group: ['transform'],
		version: [1, 1.1],
		defaultVersion: 1.1,
		subtitle: subtitleOf(RESOURCES),
		description: 'Manage subscribers, tags, emails, broadcasts, and more in Bento',
		defaults: { name: 'Bento' },
		builderHint,
		usableAsTool: true,
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		credentials: [{ name: 'bentoApi', required: true, testedBy: 'bentoApiTest' }],
		hints: [LIQUID_LOST],
		properties: panel(RESOURCES, 'subscriber'),
	};

	methods = {
		credentialTest: { bentoApiTest },
		listSearch,
		loadOptions: { getTags: listTags },
		resourceMapping,
	};

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return await runOperation(this, RESOURCES);
	}
}
