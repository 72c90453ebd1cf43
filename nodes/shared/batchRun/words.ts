/** What a node calls the things that it sends. */
export interface Noun {
	readonly one: string;
	readonly many: string;
}

/** A number as n8n's interface writes it: 1,000. */
export function inDigits(value: number): string {
	return value.toLocaleString('en-US');
}

/** `1 event`, `2,500 events`. */
export function counted(value: number, noun: Noun): string {
	return `${inDigits(value)} ${value === 1 ? noun.one : noun.many}`;
}

/** `[Item 3]`, or the first few of many: `[Items 3, 17, 20 and 5 more]`. Counted from 0, as n8n counts items. */
export function itemList(items: readonly number[], most = 5): string {
	const shown = items.slice(0, most).join(', ');
	const more = items.length > most ? ` and ${inDigits(items.length - most)} more` : '';
	return `[${items.length === 1 ? 'Item' : 'Items'} ${shown}${more}]`;
}
