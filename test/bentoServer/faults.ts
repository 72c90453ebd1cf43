import type { Fault, RecordedRequest } from './types';

export type FaultRule = (request: RecordedRequest) => Fault | undefined;

/** Which fault hits which request: first a queue, one entry per request, then a rule. */
export class FaultPlan {
	private queue: Array<Fault | undefined> = [];
	private rule: FaultRule | undefined;

	/** The next requests meet these, one each; undefined lets one pass. */
	next(...faults: Array<Fault | undefined>): void {
		this.queue.push(...faults);
	}

	when(rule: FaultRule | undefined): void {
		this.rule = rule;
	}

	take(request: RecordedRequest): Fault | undefined {
		return this.queue.length > 0 ? this.queue.shift() : this.rule?.(request);
	}

	reset(): void {
		this.queue = [];
		this.rule = undefined;
	}
}

/** Whether the request is done although its response isn't as it should be. */
export function isDone(fault: Fault | undefined): boolean {
	switch (fault?.kind) {
		case 'status':
		case 'html':
		case 'edge':
		case 'redirect':
		case 'resetBefore':
			return false;
		case 'silence':
			return fault.accept === true;
		default:
			return true;
	}
}
