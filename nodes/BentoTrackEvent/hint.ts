import type { IBuilderHint } from 'n8n-workflow';
import { commonOptionsNote, FAILURES_NOTE } from '../shared/operation/models';
import { COMMON_OPTIONS } from '../shared/operation/options';

/** What n8n's AI builders read about the node beside its type. */
export const builderHint: IBuilderHint = {
	searchHint:
		'Use for events and purchases, and for tags, fields, subscribing, and unsubscribing that must start Bento automations. One node sends all of its input items in batches with retries: no Loop, no Retry On Fail. To look up, import, or email subscribers, use n8n-nodes-bentonow.bento.',
	relatedNodes: [
		{
			nodeType: 'n8n-nodes-bentonow.bento',
			relationHint:
				'Look up, import, or change subscribers without starting Bento automations; transactional emails, broadcasts, segments, statistics',
		},
		{
			nodeType: 'n8n-nodes-bentonow.bentoWebhookTrigger',
			relationHint: 'Trigger: starts a workflow when Bento sends a webhook',
		},
	],
	extraTypeDefContent: [
		{
			content: [
				'Write typeVersion 1.1.',
				"Output, one item per input item: { status: 'accepted' | 'unconfirmed', batch, attempts, email, type }.",
				FAILURES_NOTE,
				commonOptionsNote([...COMMON_OPTIONS.batch]),
			].join('\n'),
		},
	],
};
