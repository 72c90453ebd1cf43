import { once } from 'events';
import { catchUp } from './catchUp';
import { FaultPlan, type FaultRule } from './faults';
import { RateLimit, type RateStyle } from './rateLimit';
import { createRouter } from './router';
import { routesOf } from './routes';
import { listen, type Stand } from './server';
import { createSite, resetSite, type EventRule, type RecordRule } from './site';
import type { BentoState } from './state';
import type { Fault, RecordedRequest, Route, StoredEvent } from './types';

export type { BentoState } from './state';
export type { Fault, RecordedRequest, StoredEvent } from './types';

export interface BentoServerOptions {
	/** A free one if not given. */
	readonly port?: number;
	readonly publishableKey?: string;
	readonly secretKey?: string;
	readonly siteUuid?: string;
	/** Before each answer, in ms. Default 0. */
	readonly latencyMs?: number;
	/** Default 10 MB. */
	readonly maxBodyBytes?: number;
	/** In ms since the epoch; default the real time. */
	readonly now?: () => number;
	/** Told about every request once it got its response, or was left without one. */
	readonly onRequest?: (request: RecordedRequest) => void;
}

/** A stand-in for Bento on loopback that follows the documented contract, and breaks it on request. */
export interface BentoServer {
	/** `http://127.0.0.1:PORT`, for the tracking webhook. */
	readonly origin: string;
	/** `origin` and `/api/v1`. */
	readonly baseUrl: string;
	/** What to put into a Bento API credential. */
	readonly credentials: {
		publishableKey: string;
		secretKey: string;
		siteUuid: string;
		baseUrl: string;
	};
	/** The calls it serves, with paths under the base URL, e.g. `/fetch/tags/:id`. */
	readonly routes: ReadonlyArray<Pick<Route, 'method' | 'path'>>;
	/** The events it took, in order. */
	readonly events: StoredEvent[];
	/** What it was asked, in order. */
	readonly requests: RecordedRequest[];
	/** What the other routes read and write, with all that events did to subscribers. */
	readonly state: BentoState;
	/** Whether requests keep their bodies. Off for load tests. */
	keepBodies: boolean;
	/** Before each answer, in ms. */
	latencyMs: number;
	/** A longer body gets a 413. */
	maxBodyBytes: number;
	/** Most events in one request; more get a 400. */
	maxEvents: number;
	/** The next requests meet these, one each; undefined lets one pass. */
	failNext(...faults: Array<Fault | undefined>): void;
	/** Asked for each request that `failNext` has nothing for. */
	failWhen(rule: FaultRule | undefined): void;
	/** A batch that contains such an event is refused as a whole with 422. */
	refuseEvents(rule: EventRule | undefined): void;
	/** Such events are counted as `failed`; the rest of their batch is taken. */
	failEvents(rule: EventRule | undefined): void;
	/** The same for subscribers, commands, emails and broadcasts. */
	refuseRecords(rule: RecordRule | undefined): void;
	failRecords(rule: RecordRule | undefined): void;
	/**
	 * 429 beyond so many requests per minute, by the server's clock.
	 * @param style default `fixed`: by the minute of the clock. `sliding` looks back 60 s; `bucket` holds ten
	 * @param retryAfter whether the response says when to come back, in seconds; default false
	 */
	limitRate(perMinute: number | undefined, style?: RateStyle, retryAfter?: boolean): void;
	/** Back to how it was after the start. */
	reset(): void;
	/** Ends all connections, with or without a response. */
	close(): Promise<void>;
}

const DEFAULT_MAX_BYTES = 10_000_000;

/** Starts the stand-in. Rejects when the port is taken. */
export async function startBentoServer(options: BentoServerOptions = {}): Promise<BentoServer> {
	const keys = {
		publishableKey: options.publishableKey ?? 'pk_standin',
		secretKey: options.secretKey ?? 'sk_standin',
		siteUuid: options.siteUuid ?? '00000000-0000-4000-8000-000000000001',
	};
	const now = options.now ?? Date.now;
	const site = createSite(now);
	const routes = routesOf(site);
	const closing = new AbortController();
	const settings = {
		keepBodies: true,
		latencyMs: options.latencyMs ?? 0,
		maxBodyBytes: options.maxBodyBytes ?? DEFAULT_MAX_BYTES,
		rateLimit: undefined,
	};
	const stand: Stand = {
		...settings,
		keys,
		site,
		router: createRouter(routes),
		faults: new FaultPlan(),
		requests: [],
		onRequest: options.onRequest,
		closing: closing.signal,
	};
	const { server, origin } = await listen(stand, options.port ?? 0);
	const baseUrl = `${origin}/api/v1`;
	const { rules } = site;
	return {
		origin,
		baseUrl,
		credentials: { ...keys, baseUrl },
		routes: routes.map(({ method, path }) => ({ method, path })),
		events: site.events,
		requests: stand.requests,
		get state() {
			catchUp(site);
			return site.state;
		},
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
			return rules.maxEvents;
		},
		set maxEvents(count) {
			rules.maxEvents = count;
		},
		failNext: (...faults) => stand.faults.next(...faults),
		failWhen: (rule) => stand.faults.when(rule),
		refuseEvents: (rule) => void (rules.refuseEvents = rule),
		failEvents: (rule) => void (rules.failEvents = rule),
		refuseRecords: (rule) => void (rules.refuseRecords = rule),
		failRecords: (rule) => void (rules.failRecords = rule),
		limitRate: (perMinute, style = 'fixed', retryAfter = false) => {
			stand.rateLimit =
				perMinute === undefined ? undefined : new RateLimit(perMinute, style, retryAfter, now());
		},
		reset: () => {
			resetSite(site);
			stand.requests.length = 0;
			stand.faults.reset();
			Object.assign(stand, settings);
		},
		close: async () => {
			closing.abort();
			const closed = once(server, 'close');
			server.close();
			server.closeAllConnections();
			await closed;
		},
	};
}
