import type { IBuilderHint, IBuilderHintVariation } from 'n8n-workflow';
import { commonOptionsNote, FAILURES_NOTE } from '../shared/operation/models';
import { COMMON_OPTIONS } from '../shared/operation/options';

/** What an operation gives, inside of its own type. */
function outputHint(
	resource: string,
	operations: string[],
	content: string,
): IBuilderHintVariation {
	return { content, displayOptions: { show: { resource: [resource], operation: operations } } };
}

const QUEUED = "Output: { status: 'accepted' | 'unconfirmed', batch, attempts, email }";

/** What n8n's AI builders read about the node beside its type. */
export const builderHint: IBuilderHint = {
	searchHint:
		"Changes to subscribers here don't start Bento automations, and events aren't sent here: use n8n-nodes-bentonow.bentoTrackEvent for events, purchases, and changes that must start automations. One node handles all of its input items, in batches where Bento takes them: no Loop, no Retry On Fail.",
	relatedNodes: [
		{
			nodeType: 'n8n-nodes-bentonow.bentoTrackEvent',
			relationHint:
				'Use for events, purchases, and any change that must start Bento automations; thousands of items in batches',
		},
		{
			nodeType: 'n8n-nodes-bentonow.bentoWebhookTrigger',
			relationHint: 'Trigger: starts a workflow when Bento sends a webhook',
		},
	],
	extraTypeDefContent: [
		{
			content: [
				"Write typeVersion 1.1. resource, operation, and each 'confirm' are fixed values, never expressions.",
				FAILURES_NOTE,
				commonOptionsNote([...COMMON_OPTIONS.batch, ...COMMON_OPTIONS.call]),
			].join('\n'),
		},
		outputHint(
			'subscriber',
			['get'],
			"Output: { id, uuid, email, fields: { first_name, … }, cached_tag_ids, unsubscribed_at, tags?: string[] }. With ifNotFound 'continue', a person whom Bento doesn't know is { found: false, email }.",
		),
		outputHint(
			'subscriber',
			[
				'createOrUpdate',
				'addTag',
				'addTagViaEvent',
				'removeTag',
				'addField',
				'removeField',
				'changeEmail',
				'subscribe',
				'unsubscribe',
			],
			QUEUED,
		),
		outputHint(
			'email',
			['send'],
			"Output: { status: 'accepted' | 'unconfirmed', batch, attempts, to, subject }",
		),
	],
};
