import type { IAllExecuteFunctions } from 'n8n-workflow';
import { version } from '../../../../package.json';

/** What n8n's log says of where a line comes from: names and identifiers, never values. */

/** Shorter waits for a turn, in ms, are no news. */
export const WORTH_TELLING = 50;

const TRIGGER = 'n8n-nodes-bentonow.bentoWebhookTrigger';

/** An ID that can stand in a log. An email address can't. */
const SAFE_ID = /^[\w.:-]{1,128}$/;

/** The node, and the execution, the workflow, and the webhook that it runs for, as the beginning of a line. */
export function placeOf(context: IAllExecuteFunctions): string {
	const execution: string | undefined = context.getExecutionId();
	const { id } = context.getWorkflow();
	const request = requestIdOf(context);
	const parts = [
		execution === undefined ? '' : `execution ${execution}`,
		id === undefined ? '' : `workflow ${id}`,
		request === undefined ? '' : `request ${request}`,
	].filter((part) => part !== '');
	const { name } = context.getNode();
	return parts.length === 0 ? name : `${name} [${parts.join(', ')}]`;
}

/** The ID that Bento Webhook Trigger gave the request that started this execution, if it did. */
function requestIdOf(context: IAllExecuteFunctions): string | undefined {
	if (!('evaluateExpression' in context)) return undefined;
	const parents = context.getParentNodes(context.getNode().name);
	const trigger = parents.find(({ type }) => type === TRIGGER);
	if (trigger === undefined) return undefined;
	try {
		const expression = `{{ $(${JSON.stringify(trigger.name)}).first().json.requestId }}`;
		const id: unknown = context.evaluateExpression(expression, 0);
		return typeof id === 'string' && SAFE_ID.test(id) ? id : undefined;
	} catch {
		return undefined;
	}
}

let introduced = false;

/** Says once in each process which version runs there: one worker may have been updated and another one not. */
export function tellVersion({ logger }: IAllExecuteFunctions): void {
	if (introduced) return;
	introduced = true;
	logger.info(`n8n-nodes-bentonow ${version} runs in this process`);
}
