import {
	NodeConnectionTypes,
	type IExecuteFunctions,
	type INodeExecutionData,
	type INodeType,
	type INodeTypeDescription,
} from 'n8n-workflow';
import { byItem, throwIfFailed, throwIfInvalid, toItems } from '../shared/batchRun/output';
import { bentoApiTest } from '../shared/http/outbound/credentialTest';
import { dryRunResults, secretsHints } from './preview';
import { properties } from './parameters';
import { readEvents } from './read/readEvents';
import { EVENTS, sendEvents } from './send';
import { readSettings } from './settings';

/** The operation's own name below the node on the canvas, where n8n would show its value. */
const SUBTITLE =
	'={{ ({ addTag: "Add Tag", removeTag: "Remove Tag", subscribe: "Subscribe", trackEvent: "Track Event", trackPurchase: "Track Purchase", unsubscribe: "Unsubscribe", updateFields: "Update Fields" })[$parameter["operation"]] }}';

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
		version: 1,
		subtitle: SUBTITLE,
		description: 'Send events, purchases, tags and profile fields to Bento in batches',
		defaults: { name: 'Bento Track Event' },
		usableAsTool: true,
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		credentials: [{ name: 'bentoApi', required: true, testedBy: 'bentoApiTest' }],
		properties,
	};

	methods = { credentialTest: { bentoApiTest } };

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		const settings = readSettings(this);
		const continueOnFail = this.continueOnFail();
		const { events, invalid } = readEvents(this, settings);
		if (!continueOnFail) throwIfInvalid(this, invalid, EVENTS);
		this.addExecutionHints(...secretsHints(events));
		if (settings.dryRun) return [toItems(byItem([...dryRunResults(events), ...invalid]))];
		const sent = events.length > 0 ? await sendEvents(this, events, settings, continueOnFail) : [];
		if (!continueOnFail) throwIfFailed(this.getNode(), sent, EVENTS);
		return [toItems(byItem([...sent, ...invalid]))];
	}
}
