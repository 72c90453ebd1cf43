import type { ReaderContext, ValueReader } from '../../shared/parameters/valueReader';
import { BENTO_TYPES, type EventDraft, type EventIssue, type Operation } from '../event/types';
import { purchaseReader } from './purchaseReader';
import { recordReader } from './recordReader';
import type { RawParameters, RecordRead } from './types';

/** What an item gives for an event, or why it gives none. */
export type DraftResult =
	| { readonly ok: true; readonly draft: EventDraft }
	| { readonly ok: false; readonly issues: readonly EventIssue[] };

export type DraftReader = (item: number) => DraftResult;

/** Reads each item's JSON as a whole event. */
export function wholeItemDrafts(context: ReaderContext): DraftReader {
	return (item) => ({ ok: true, draft: context.items[item]?.json ?? {} });
}

/** Reads events out of the panel's fields. Everything that is the same for all items is prepared once. */
export function mappedDrafts(
	operation: Operation,
	raw: RawParameters,
	context: ReaderContext,
	value: (name: string) => ValueReader,
): DraftReader {
	const email = value('email');
	const date = value('date');
	const type = operation === 'trackEvent' ? value('eventType') : () => BENTO_TYPES[operation];
	const fields = hasFields(operation)
		? recordReader('fields', 'Profile Fields', raw, context, 'flat')
		: nothing;
	const details = detailsReader(operation, raw, context, value);
	return (item) => {
		const readDetails = details(item);
		const readFields = fields(item);
		const issues = [...problemsOf(readDetails), ...problemsOf(readFields)];
		if (operation === 'updateFields' && readFields.ok && isEmpty(readFields.record)) {
			issues.push({ field: 'Profile Fields', text: 'is empty: there is nothing to update' });
		}
		if (!readDetails.ok || !readFields.ok || issues.length > 0) return { ok: false, issues };
		const draft: EventDraft = {
			type: type(item),
			email: email(item),
			date: date(item),
			details: readDetails.record,
			fields: readFields.record,
		};
		return { ok: true, draft };
	};
}

type RecordReader = (item: number) => RecordRead;

const nothing: RecordReader = () => ({ ok: true, record: undefined });

function detailsReader(
	operation: Operation,
	raw: RawParameters,
	context: ReaderContext,
	value: (name: string) => ValueReader,
): RecordReader {
	if (operation === 'addTag' || operation === 'removeTag') {
		const tag = value('tag');
		return (item) => tagDetails(tag(item));
	}
	if (operation !== 'trackEvent' && operation !== 'trackPurchase') return nothing;
	const chosen = recordReader('details', 'Details', raw, context, 'nested');
	if (operation === 'trackEvent') return chosen;
	const purchase = purchaseReader(raw, context, value);
	return (item) => merged(chosen(item), purchase(item));
}

function tagDetails(value: unknown): RecordRead {
	const tag = typeof value === 'string' ? value.trim() : '';
	if (tag === '') return { ok: false, issues: [{ field: 'Tag', text: 'is missing' }] };
	return { ok: true, record: { tag } };
}

/** The builder's own details with what makes them a purchase; a cart keeps what the builder added to it. */
function merged(own: RecordRead, purchase: RecordRead): RecordRead {
	if (!own.ok || !purchase.ok) {
		return { ok: false, issues: [...problemsOf(own), ...problemsOf(purchase)] };
	}
	const { cart: ownCart, ...rest } = own.record ?? {};
	const cart = { ...asObject(ownCart), ...asObject(purchase.record?.cart) };
	const record = { ...rest, ...purchase.record };
	return { ok: true, record: isEmpty(cart) ? record : { ...record, cart } };
}

function asObject(value: unknown): object {
	return typeof value === 'object' && value !== null ? value : {};
}

function isEmpty(record: object | undefined): boolean {
	return record === undefined || Object.keys(record).length === 0;
}

function problemsOf(read: RecordRead): EventIssue[] {
	return read.ok ? [] : [...read.issues];
}

function hasFields(operation: Operation): boolean {
	return ['subscribe', 'trackEvent', 'trackPurchase', 'updateFields'].includes(operation);
}
