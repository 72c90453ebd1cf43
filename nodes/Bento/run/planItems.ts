import type { IExecuteFunctions } from 'n8n-workflow';
import { optionsProperty } from '../../shared/batchRun/options';
import type { FailedItem } from '../../shared/batchRun/result';
import { systemClock } from '../../shared/http/outbound/pace';
import { isRecord } from '../../shared/parameters/json';
import {
	ITEM,
	type InputValues,
	type Operation,
	type PlanContext,
	type Planned,
} from '../../shared/operation/types';
import { optionsOf } from '../../shared/operation/options';
import { failed, invalidInput } from './failures';
import { inputsReader } from './inputs';

export interface PlannedItem<Plan> {
	readonly item: number;
	readonly plan: Plan;
	/** The item's Options. Those of the first item hold for the run. */
	readonly options: Readonly<Record<string, unknown>>;
}

export interface PlannedItems<Plan> {
	readonly planned: ReadonlyArray<PlannedItem<Plan>>;
	readonly invalid: readonly FailedItem[];
}

/** Turns every input item into a plan, or into the reason why there is none. Sends nothing. */
export function planItems<Plan>(
	context: IExecuteFunctions,
	operation: Operation,
	toPlan: (values: InputValues, context: PlanContext) => Planned<Plan>,
): PlannedItems<Plan> {
	const properties = [...operation.properties, optionsProperty(optionsOf(operation))];
	const read = inputsReader(context, properties);
	const inputs = context.getInputData();
	const plans: PlanContext = { timeZone: context.getTimezone(), now: systemClock.now() };
	const planned: Array<PlannedItem<Plan>> = [];
	const invalid: FailedItem[] = [];
	for (let item = 0; item < inputs.length; item += 1) {
		const values = read(item);
		const made = values.ok ? toPlan({ ...values.plan, [ITEM]: inputs[item]?.json }, plans) : values;
		if (!made.ok) invalid.push(failed(item, invalidInput(made.issues)));
		else if (values.ok) {
			const { options } = values.plan;
			planned.push({ item, plan: made.plan, options: isRecord(options) ? options : {} });
		}
	}
	return { planned, invalid };
}
