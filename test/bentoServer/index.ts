import { once } from 'events';
import { FaultPlan, type FaultRule } from './faults';
import { RateLimit, type RateStyle } from './rateLimit';
import { routesOf } from './routes';
import type { EventRule, EventStore } from './routes/events';
import { listen, type Stand } from './server';
import { seededState, type BentoState } from './state';
import type { Fault, RecordedRequest, StoredEvent } from './types';

export type { BentoState } from './state';
export type { Fault, RecordedRequest, StoredEvent } from './types';

export interface BentoServerOptions {
	/** Default: any free one. */
	readonly port?: number;
	readonly publishableKey?: string;
	readonly secretKey?: string;
	readonly siteUuid?: string;
	readonly latencyMs?: number;
	readonly maxBodyBytes?: number;
	/** In ms since the epoch; default the real time. */
	readonly now?: () => number;
	/** Told about every request once it is answered. */
	readonly onRequest?: (request: RecordedRequest) => void;
}

/** A stand-in for Bento on loopback that holds to the documented contract and breaks it on request. */
export interface BentoServer {
	readonly origin: string;
	readonly baseUrl: string;
	/** What to put into a Bento API credential. */
	readonly credentials: {
		publishableKey: string;
		secretKey: string;
		siteUuid: string;
		baseUrl: string;
	};
	/** What it took, in order. */
	readonly events: StoredEvent[];
	/** What it was asked, in order. */
	readonly requests: RecordedRequest[];
	/** What the other routes read and write. */
	readonly state: BentoState;
	/** Off for load tests. */
	keepBodies: boolean;
	latencyMs: number;
	maxBodyBytes: number;
	/** Most events in one request. */
	maxEvents: number;
	failNext(...faults: Array<Fault | undefined>): void;
	failWhen(rule: FaultRule | undefined): void;
	refuseEvents(rule: EventRule | undefined): void;
	failEvents(rule: EventRule | undefined): void;
	limitRate(perMinute: number | undefined, style?: RateStyle, retryAfter?: boolean): void;
	/** Back to how it was after the start. */
	reset(): void;
	close(): Promise<void>;
}

const DEFAULT_MAX_BYTES = 10_000_000;
const DEFAULT_MAX_EVENTS = 1000;

export async function startBentoServer(options: BentoServerOptions = {}): Promise<BentoServer> {
	const keys = {
		publishableKey: options.publishableKey ?? 'pk_standin',
		secretKey: options.secretKey ?? 'sk_standin',
		siteUuid: options.siteUuid ?? '00000000-0000-4000-8000-000000000001',
	};
	const now = options.now ?? Date.now;
	const store: EventStore = {
		events: [],
		refuse: undefined,
		fail: undefined,
		maxCount: DEFAULT_MAX_EVENTS,
	};
	const state = seededState();
	const stand: Stand = {
		keys,
		store,
		routes: routesOf(store, state),
		faults: new FaultPlan(),
		requests: [],
		now,
		keepBodies: true,
		latencyMs: options.latencyMs ?? 0,
		maxBodyBytes: options.maxBodyBytes ?? DEFAULT_MAX_BYTES,
		rateLimit: undefined,
		onRequest: options.onRequest,
	};
	const { server, origin } = await listen(stand, options.port ?? 0);
	const baseUrl = `${origin}/api/v1`;
	return {
		origin,
		baseUrl,
		credentials: { ...keys, baseUrl },
		events: store.events,
		requests: stand.requests,
		state,
		get keepBodies() {
			return stand.keepBodies;
		},
		set keepBodies(keep) {
			stand.keepBodies = keep;
		},
		get latencyMs() {
			return stand.latencyMs;
		},
		set latencyMs(ms) {
			stand.latencyMs = ms;
		},
		get maxBodyBytes() {
			return stand.maxBodyBytes;
		},
		set maxBodyBytes(bytes) {
			stand.maxBodyBytes = bytes;
		},
		get maxEvents() {
			return store.maxCount;
		},
		set maxEvents(count) {
			store.maxCount = count;
		},
		failNext: (...faults) => stand.faults.next(...faults),
		failWhen: (rule) => stand.faults.when(rule),
		refuseEvents: (rule) => {
			store.refuse = rule;
		},
		failEvents: (rule) => {
			store.fail = rule;
		},
		limitRate: (perMinute, style = 'fixed', retryAfter = false) => {
			stand.rateLimit =
				perMinute === undefined ? undefined : new RateLimit(perMinute, style, retryAfter, now());
		},
		reset: () => {
			store.events.length = 0;
			store.refuse = undefined;
			store.fail = undefined;
			store.maxCount = DEFAULT_MAX_EVENTS;
			stand.requests.length = 0;
			stand.faults.reset();
			stand.rateLimit = undefined;
			stand.keepBodies = true;
			stand.latencyMs = options.latencyMs ?? 0;
			stand.maxBodyBytes = options.maxBodyBytes ?? DEFAULT_MAX_BYTES;
			Object.assign(state, seededState());
		},
		close: async () => {
			const closed = once(server, 'close');
			server.close();
			server.closeAllConnections();
			await closed;
		},
	};
}
