import type { IDataObject } from 'n8n-workflow';

const PRODUCTS = [
	{ sku: 'TEA-01', name: 'Green tea', price: 9.5 },
	{ sku: 'CUP-07', name: 'Stoneware cup', price: 24 },
	{ sku: 'BOX-12', name: 'Lunch box', price: 39.99 },
];
const ORDERS = 10_000;

/** Ten thousand made-up orders, the same every time. */
export function sampleOrders(): IDataObject[] {
	return Array.from({ length: ORDERS }, (_, index) => {
		const product = PRODUCTS[index % PRODUCTS.length] ?? { sku: '', name: '', price: 0 };
		const quantity = 1 + (index % 3);
		return {
			order_id: `ORD-${10_000 + index}`,
			email: `customer${index}@example.com`,
			currency: 'USD',
			amount: Number((product.price * quantity).toFixed(2)),
			sku: product.sku,
			product: product.name,
			quantity,
			ordered_at: new Date(Date.UTC(2026, 0, 1) + index * 60_000).toISOString(),
		};
	});
}
