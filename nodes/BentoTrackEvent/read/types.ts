import type { EventIssue } from '../event/types';

/** Gives a parameter as it is stored, expressions and all; null where the panel doesn't show it. */
export type RawParameters = (name: string) => unknown;

/** A set of values for one item, or why there is none. */
export type RecordRead =
	| { readonly ok: true; readonly record: Record<string, unknown> | undefined }
	| { readonly ok: false; readonly issues: readonly EventIssue[] };
