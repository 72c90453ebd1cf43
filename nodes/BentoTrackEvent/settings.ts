import type { IExecuteFunctions } from 'n8n-workflow';
import { z } from 'zod';
import { batchSchema, readWaiting } from '../shared/batchRun/options';
import type { WaitingPolicy } from '../shared/http/outbound/call';
import type { Operation } from './event/types';

/** What holds for the whole run; read once, from the first item. */
export interface Settings {
	readonly operation: Operation;
	readonly inputMode: 'eventObjects' | 'mapFields';
	readonly batchSize: number;
	/** In ms. */
	readonly batchInterval: number;
	readonly maxParallelBatches: number;
	readonly deliverThrough: 'eventsApi' | 'trackingWebhook';
	readonly source: string;
	readonly deliveryGuarantee: 'atLeastOnce' | 'atMostOnce';
	readonly dryRun: boolean;
	readonly includeResponse: boolean;
	readonly normalizeFieldKeys: boolean;
	readonly waiting: WaitingPolicy;
}

const operation = z.enum([
	'addTag',
	'removeTag',
	'subscribe',
	'trackEvent',
	'trackPurchase',
	'unsubscribe',
	'updateFields',
]);

const options = batchSchema(1000, 1000).extend({
	deliverThrough: z.enum(['eventsApi', 'trackingWebhook']).catch('eventsApi'),
	source: z.string().trim().min(1).catch('generic'),
	deliveryGuarantee: z.enum(['atLeastOnce', 'atMostOnce']).catch('atLeastOnce'),
	dryRun: z.boolean().catch(false),
	normalizeFieldKeys: z.boolean().catch(false),
});

/** Reads the settings; numbers out of bounds go to the nearest bound, other nonsense to the panel's default. */
export function readSettings(context: IExecuteFunctions): Settings {
	const chosen: unknown = context.getNodeParameter('options', 0, {});
	const inputMode: unknown = context.getNodeParameter('inputMode', 0, 'mapFields');
	const chosenOperation = operation.parse(context.getNodeParameter('operation', 0));
	const wholeEvents = chosenOperation === 'trackEvent' && inputMode === 'eventObjects';
	return {
		operation: chosenOperation,
		inputMode: wholeEvents ? 'eventObjects' : 'mapFields',
		...options.parse(chosen),
		waiting: readWaiting(chosen),
	};
}
