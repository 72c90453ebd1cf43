import { NodeOperationError, type IExecuteFunctions, type INodeExecutionData } from 'n8n-workflow';
import { placeOf } from '../http/client/log';
import {
	aftermath,
	codeOf,
	messageOf,
	REQUESTS,
	sentences,
	type Noun,
	type Problem,
} from '../http/problem';
import { areUnique } from '../operation/description';
import { type BatchOperation, type Operation, type Resource } from '../operation/types';
import { runBatches } from './batches';
import { runCalls } from './calls';
import { readAccountFields } from './accountFields';
import { planItems } from './plan';
import { addHints, failedRunError, invalidItemsError, noteHints } from './report';
import { failed, toItems, UNKNOWN_OPERATION, type FailedItem, type ItemResult } from './results';

/**
 * Runs the operation that the workflow names for all input items. Everything is read and checked before anything is
 * sent; the output keeps the items' order, and each output item is paired with its input.
 *
 * Under Continue it never throws: n8n would count the input items as successes.
 *
 * @throws NodeOperationError when items can't be sent as they are, NodeApiError when Bento didn't accept them, unless
 * the node continues on failures
 */
export async function runOperation(
	context: IExecuteFunctions,
	resources: readonly Resource[],
): Promise<INodeExecutionData[][]> {
	if (!context.continueOnFail()) return await run(context, resources, false);
	try {
		return await run(context, resources, true);
	} catch (error) {
		return failAll(context, { ...STOPPED_UNEXPECTEDLY, detail: messageOf(error) });
	}
}

/** Whatever it is, it came from a part that promises not to throw. */
const STOPPED_UNEXPECTEDLY: Problem = {
	code: 'UNEXPECTED',
	mayHaveArrived: true,
	message: 'The node stopped unexpectedly',
	advice:
		'Bento may have received some of the data. Check in Bento before you send it again, and report this to the authors of the node',
};

function failAll(context: IExecuteFunctions, problem: Problem): INodeExecutionData[][] {
	const inputs = context.getInputData();
	const all = inputs.map((_input, item) => failed(item, [problem], {}));
	return [toItems(context.getNode(), all)];
}

async function run(
	context: IExecuteFunctions,
	resources: readonly Resource[],
	continueOnFail: boolean,
): Promise<INodeExecutionData[][]> {
	const operation = findOperation(context, resources);
	const node = context.getNode();
	if (!operation) {
		if (!continueOnFail) {
			const description = sentences([aftermath(UNKNOWN_OPERATION), codeOf(UNKNOWN_OPERATION)]);
			throw new NodeOperationError(node, UNKNOWN_OPERATION.message, { description });
		}
		return failAll(context, UNKNOWN_OPERATION);
	}
	const { noun, results, invalid } =
		operation.kind === 'batch'
			? await runBatchOperation(context, operation, continueOnFail)
			: await runSingleCalls(context, operation, continueOnFail);
	if (!continueOnFail) throwFailures(context, noun, results);
	return [toItems(node, [...results, ...invalid])];
}

/** The operation that the workflow names; undefined if it doesn't exist, or is an expression. */
function findOperation(
	context: IExecuteFunctions,
	resources: readonly Resource[],
): Operation | undefined {
	const raw = { rawExpressions: true };
	const resource: unknown = context.getNodeParameter('resource', 0, '', raw);
	const operation: unknown = context.getNodeParameter('operation', 0, '', raw);
	const all = resources.flatMap(({ operations }) => operations);
	const own = resources.find(({ value }) => value === resource)?.operations ?? [];
	return (areUnique(all) ? all : own).find(({ value }) => value === operation);
}

interface RunResults {
	readonly noun: Noun;
	readonly results: readonly ItemResult[];
	readonly invalid: readonly FailedItem[];
}

async function runSingleCalls(
	context: IExecuteFunctions,
	operation: Extract<Operation, { kind: 'call' }>,
	continueOnFail: boolean,
): Promise<RunResults> {
	const { planned, invalid, notes } = planItems(context, operation, (values, plans) =>
		operation.plan(values, plans),
	);
	if (!continueOnFail) throwInvalid(context, REQUESTS, invalid);
	addHints(context, noteHints(notes));
	const results = await runCalls(context, operation, planned, invalid.length === 0);
	return { noun: REQUESTS, results, invalid };
}

async function runBatchOperation(
	context: IExecuteFunctions,
	operation: BatchOperation,
	continueOnFail: boolean,
): Promise<RunResults> {
	const { noun } = operation;
	const fieldsOf = await readAccountFields(context, noun);
	const plan = planItems(context, operation, (values, plans, item) => {
		const fields = fieldsOf(item);
		if (fields && 'problem' in fields) return { ok: false, issues: [], ...fields };
		return operation.plan(fields ? { ...values, ...fields } : values, plans);
	});
	const { invalid } = plan;
	if (!continueOnFail) throwInvalid(context, noun, invalid);
	return { noun, results: await runBatches(context, operation, plan), invalid };
}

function throwInvalid(
	context: IExecuteFunctions,
	noun: Noun,
	invalid: readonly FailedItem[],
): void {
	if (invalid.length === 0) return;
	throw logged(
		context,
		invalidItemsError(context.getNode(), invalid, context.getInputData().length, noun),
	);
}

function throwFailures(
	context: IExecuteFunctions,
	noun: Noun,
	results: readonly ItemResult[],
): void {
	const failures = results.filter((result): result is FailedItem => result.kind === 'failed');
	if (failures.length === 0) return;
	const accepted = results.length - failures.length;
	throw logged(
		context,
		failedRunError(context.getNode(), failures, results.length, accepted, noun),
	);
}

/** n8n's own line about a failed run says neither whose it is nor where to look, so this one is for alerts. */
function logged<RunError extends Error>(context: IExecuteFunctions, error: RunError): RunError {
	context.logger.warn(`${placeOf(context)}: the run failed. ${error.message}`);
	return error;
}
