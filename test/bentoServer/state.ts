import type { Tag } from './routes/tags';

/** What the stand-in knows besides events. */
export interface BentoState {
	tags: Tag[];
}

/** A small site, the same after every start. */
export function seededState(): BentoState {
	return {
		tags: ['customer', 'newsletter', 'trial'].map((name, index) => ({
			id: String(index + 1),
			name,
			created_at: '2026-01-05T09:00:00Z',
			discarded_at: null,
		})),
	};
}
