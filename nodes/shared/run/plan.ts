import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';
import type { Problem } from '../http/problem';
import { systemClock } from '../http/client/rateLimiter';
import { lostValues } from '../operation/models';
import { optionsIn, optionsProperty, sharedOptions } from '../operation/options';
import {
	ITEM,
	type InputIssue,
	type InputValues,
	type Operation,
	type PlanContext,
	type Planned,
} from '../operation/types';
import { compileParameters, rawReader } from './read';
import { failed, invalidInput, type FailedItem } from './results';

/** An item that can be sent. */
export interface PlannedItem<Plan> {
	readonly item: number;
	readonly plan: Plan;
	/** The item's Options. What holds for the run is the same for all planned items. */
	readonly options: Readonly<Record<string, unknown>>;
	/** Whom it is about. */
	readonly about: IDataObject;
}

/** All input items of a run, as they can be sent, or why they can't. */
export interface PlannedItems<Plan> {
	readonly planned: ReadonlyArray<PlannedItem<Plan>>;
	readonly invalid: readonly FailedItem[];
	/** Sentences about items, with the items. */
	readonly notes: ReadonlyMap<string, readonly number[]>;
}

/** Turns every input item into a plan, or into the reasons why there is none. Sends nothing. */
export function planItems<Plan>(
	context: IExecuteFunctions,
	operation: Operation,
	toPlan: (values: InputValues, context: PlanContext, item: number) => Planned<Plan>,
): PlannedItems<Plan> {
	const read = compileParameters(context, [...operation.properties, optionsProperty(operation)]);
	const differing = sharedOptions(operation);
	const plans: PlanContext = {
		timeZone: context.getTimezone(),
		now: new Date(systemClock.now()).toISOString(),
	};
	const planned: Array<PlannedItem<Plan>> = [];
	const invalid: FailedItem[] = [];
	const notes = new Map<string, number[]>();
	const { length } = context.getInputData();
	for (let item = 0; item < length; item += 1) {
		const one = planSafely(item, () => {
			const { values, issues } = read(item);
			const made = toPlan(values, plans, item);
			const all = made.ok ? issues : [...issues, ...othersThan(issues, made.issues)];
			const about = whom(values);
			if (!made.ok && made.problem) return failed(item, [made.problem], about);
			if (!made.ok || all.length > 0) return failed(item, invalidInput(all), about);
			const options = optionsIn(values);
			const others = differing(options);
			if (others.length > 0) return failed(item, invalidInput(others), about);
			return { item, plan: made.plan, options, about, notes: made.notes };
		});
		if ('problems' in one) {
			invalid.push(one);
			continue;
		}
		planned.push(one);
		for (const note of one.notes ?? []) {
			const items = notes.get(note) ?? [];
			items.push(item);
			notes.set(note, items);
		}
	}
	for (const note of lostValues(operation.properties, rawReader(context))) {
		notes.set(note, [...Array(length).keys()]);
	}
	return { planned, invalid, notes };
}

/** Plans an item so that a value of any kind, such as one that throws when it is read, fails that item only. */
function planSafely<Result>(item: number, plan: () => Result): FailedItem | Result {
	try {
		return plan();
	} catch (error) {
		return failed(item, [unreadable(error)], {});
	}
}

function unreadable(error: unknown): Problem {
	return {
		code: 'INVALID_INPUT',
		message: "The item can't be read",
		detail: error instanceof Error ? `n8n says: ${error.message}` : '',
		advice:
			'Remove values that refer to themselves, symbols, and the like, or the expression that gives them',
	};
}

/** What couldn't be read is missing from the values; that isn't a second problem. */
function othersThan(read: readonly InputIssue[], planned: readonly InputIssue[]): InputIssue[] {
	const unread = new Set(read.map(({ field }) => field));
	return planned.filter(({ field }) => !unread.has(field));
}

/** The address that an item is about, from the panel or from the item itself. */
function whom(values: InputValues): IDataObject {
	const item = values[ITEM];
	const inItem = typeof item === 'object' && item !== null && 'email' in item ? item.email : '';
	const email = values.email ?? values.toEmail ?? inItem;
	return typeof email === 'string' && email.trim() !== '' ? { email: email.trim() } : {};
}
