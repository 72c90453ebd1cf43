import { z } from 'zod';
import { parseJson } from '../../shared/http/outbound/classify';
import { isRecord } from '../../shared/parameters/json';
import {
	compileValue,
	type ReaderContext,
	type ValueReader,
} from '../../shared/parameters/valueReader';
import { toCurrency, toMinorUnits } from '../event/money';
import { purchaseDetails } from '../event/purchase';
import type { EventIssue } from '../event/types';
import type { RawParameters, RecordRead } from './types';

type Cart =
	| { readonly ok: true; readonly items: readonly unknown[] }
	| { readonly ok: false; readonly issues: readonly EventIssue[] };

const rows = z.object({ item: z.array(z.record(z.unknown())).catch([]) }).catch({ item: [] });

/** Compiles the reading of a purchase: key, value and cart. */
export function purchaseReader(
	raw: RawParameters,
	context: ReaderContext,
	value: (name: string) => ValueReader,
): (item: number) => RecordRead {
	const uniqueKey = value('uniqueKey');
	const currency = value('currency');
	const amount = value('amount');
	const amountUnit = raw('amountUnit') === 'major' ? 'major' : 'minor';
	const cart =
		raw('cartMode') === 'json'
			? jsonCart(compileValue(raw('cartItemsJson'), context))
			: rowsCart(raw('cartItems'), context, amountUnit, currency);
	return (item) => {
		const readCart = cart(item);
		const details = purchaseDetails({
			uniqueKey: uniqueKey(item),
			currency: currency(item),
			amount: amount(item),
			amountUnit,
			cartItems: readCart.ok ? readCart.items : [],
		});
		if (readCart.ok && details.ok) return { ok: true, record: details.details };
		const issues = [...(details.ok ? [] : details.issues), ...(readCart.ok ? [] : readCart.issues)];
		return { ok: false, issues };
	};
}

function jsonCart(read: ValueReader): (item: number) => Cart {
	return (item) => {
		const value = read(item);
		if (value === undefined || value === null || value === '') return { ok: true, items: [] };
		const list = typeof value === 'string' ? parseJson(value) : value;
		if (Array.isArray(list) && list.every(isRecord)) return { ok: true, items: list };
		return {
			ok: false,
			issues: [{ field: 'Cart Items (JSON)', text: 'is no JSON list of objects' }],
		};
	};
}

/** Rows of the panel; prices are in the same unit as the amount. */
function rowsCart(
	raw: unknown,
	context: ReaderContext,
	unit: 'major' | 'minor',
	currency: ValueReader,
): (item: number) => Cart {
	const compiled = rows
		.parse(raw)
		.item.map((row) =>
			Object.entries(row).map(([key, value]) => [key, compileValue(value, context)] as const),
		);
	return (item) => {
		const issues: EventIssue[] = [];
		const code = toCurrency(currency(item)) ?? '';
		const items = compiled.map((row, index) => {
			const entries = row.map(([key, read]) => [key, read(item)] as const).filter(isFilled);
			const cartItem = Object.fromEntries(entries);
			if (!('product_price' in cartItem)) return cartItem;
			const price = toMinorUnits(cartItem.product_price, unit, code);
			if (price.ok) return { ...cartItem, product_price: price.minor };
			issues.push({ field: `Cart Items > ${index + 1} > Price`, text: price.text });
			return cartItem;
		});
		return issues.length > 0 ? { ok: false, issues } : { ok: true, items };
	};
}

function isFilled([, value]: readonly [string, unknown]): boolean {
	return value !== '' && value !== undefined && value !== null;
}
