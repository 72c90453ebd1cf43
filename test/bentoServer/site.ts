import { seededState } from './seed';
import type { BentoState } from './state';
import type { StoredEvent } from './types';

export type EventRule = (event: StoredEvent) => boolean;
/** Asked about the records of the other batch calls; `wrapper` is the key they came under. */
export type RecordRule = (record: Readonly<Record<string, unknown>>, wrapper: string) => boolean;

/** What tests ask of the server's judgement. */
export interface Rules {
	/** A batch that contains such an event is refused as a whole. */
	refuseEvents: EventRule | undefined;
	/** Such an event is counted as failed, and the rest of its batch taken. */
	failEvents: EventRule | undefined;
	refuseRecords: RecordRule | undefined;
	failRecords: RecordRule | undefined;
	/** Most events in one request. */
	maxEvents: number;
}

/** The site that the routes serve. */
export interface Site {
	readonly state: BentoState;
	readonly rules: Rules;
	/** What it took, in order. */
	readonly events: StoredEvent[];
	/** Events that profiles don't show yet; Bento, too, processes them later. */
	readonly pending: StoredEvent[];
	/** Ms since the epoch. */
	readonly now: () => number;
}

/** As documented: bentonow.com/docs/api/conventions. */
const MAX_EVENTS = 1000;

function noRules(): Rules {
	return {
		refuseEvents: undefined,
		failEvents: undefined,
		refuseRecords: undefined,
		failRecords: undefined,
		maxEvents: MAX_EVENTS,
	};
}

export function createSite(now: () => number): Site {
	return { state: seededState(), rules: noRules(), events: [], pending: [], now };
}

/** Back to how it was at the start. The objects stay the same, so everything that refers to them sees it. */
export function resetSite(site: Site): void {
	Object.assign(site.state, seededState());
	Object.assign(site.rules, noRules());
	site.events.length = 0;
	site.pending.length = 0;
}

/** The site's time as Bento writes times. */
export function isoNow(site: Site): string {
	return new Date(site.now()).toISOString();
}
