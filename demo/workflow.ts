import type { IDataObject, INode, INodeParameters } from 'n8n-workflow';
import type { RunOptions } from '../test/support/engine/run';

export interface BentoKeys {
	readonly publishableKey: string;
	readonly secretKey: string;
	readonly siteUuid: string;
	readonly baseUrl: string;
}

/** The workflow that a builder would draw: the records, and Bento Track Event after them. */
export function demoWorkflow(
	records: readonly IDataObject[],
	keys: BentoKeys,
	options: INodeParameters = {},
): RunOptions {
	return {
		items: records,
		credentials: { bentoApi: { ...keys } },
		nodes: [
			{
				name: 'Bento Track Event',
				type: 'bentoTrackEvent',
				parameters: isOrder(records[0])
					? purchase(records[0], options)
					: event(records[0], options),
				onError: 'continueRegularOutput',
			},
		],
	};
}

function isOrder(record: IDataObject | undefined): record is IDataObject {
	return record !== undefined && ['order_id', 'currency', 'amount'].every((name) => name in record);
}

function purchase(record: IDataObject, options: INodeParameters): INode['parameters'] {
	return {
		operation: 'trackPurchase',
		email: '={{ $json.email }}',
		uniqueKey: '={{ $json.order_id }}',
		currency: '={{ $json.currency }}',
		amount: '={{ $json.amount }}',
		amountUnit: 'major',
		details: rows(record, ['email', 'order_id', 'currency', 'amount', 'ordered_at']),
		...('ordered_at' in record && { date: '={{ $json.ordered_at }}' }),
		options,
	};
}

function event(record: IDataObject | undefined, options: INodeParameters): INode['parameters'] {
	return {
		operation: 'trackEvent',
		email: '={{ $json.email }}',
		eventType: '={{ $json.type }}',
		details: rows(record ?? {}, ['email', 'type', 'date']),
		...(record && 'date' in record && { date: '={{ $json.date }}' }),
		options,
	};
}

/** Every other column as a row of details. */
function rows(record: IDataObject, taken: readonly string[]) {
	const names = Object.keys(record).filter((name) => !taken.includes(name));
	return {
		assignments: names.map((name) => ({
			id: name,
			name,
			value: `={{ $json[${JSON.stringify(name)}] }}`,
			type: typeof record[name] === 'number' ? 'number' : 'string',
		})),
	};
}
