import assert from 'assert/strict';
import { setTimeout as sleep } from 'timers/promises';
import { z } from 'zod';
import type { Fault, RecordedRequest } from '../../bentoServer';
import { makeTable, readExample, tableToChoose, type Table } from './examples';
import { send } from './hooks';
import { withParameters, type WorkflowDraft } from './workflows';
import type { World } from './world';

const file = 'outbox.json';
const chatOfTheExample = 'https://chat.example.com/incoming-webhook';

/** Sign-ups on their way at once, as from a busy web site. */
const senders = 20;

/** The outbox example in an n8n, activated. */
export interface Outbox {
	readonly table: Table;
	/** Deactivates the workflow. */
	stop(): Promise<void>;
}

/** What a check changes in the example's settings and addresses. */
export interface OutboxChanges {
	readonly chat?: string;
	readonly giveUpAfterDays?: number;
	readonly firstWaitMinutes?: number;
	readonly longestWaitMinutes?: number;
	readonly leaseMinutes?: number;
	/** Between two looks at what is due. */
	readonly everySeconds?: number;
}

/** Times that a test can wait for. */
const shortTimes = {
	giveUpAfterDays: 3,
	firstWaitMinutes: 0.05,
	longestWaitMinutes: 0.1,
	leaseMinutes: 1.5,
};

/** Imports the example and activates it, with times that a test can wait for unless `changes` has others. */
export async function importOutbox(world: World, changes: OutboxChanges = {}): Promise<Outbox> {
	const { chat = 'http://127.0.0.1:9/', everySeconds = 5, ...times } = changes;
	const table = await makeTable(world.client, file);
	assert.ok(table);
	const credentials = {
		...(await world.bentoCredential()),
		bentoWebhookSecretApi: await world.webhookCredential(),
	};
	const replace = { [tableToChoose]: table.id, [chatOfTheExample]: chat };
	const settings = { ...shortTimes, ...times };
	let draft: WorkflowDraft = readExample(file, credentials, replace);
	draft = withParameters(draft, 'Settings', { jsonOutput: JSON.stringify(settings) });
	const interval = [{ field: 'seconds', secondsInterval: everySeconds }];
	draft = withParameters(draft, 'Every Minute', { rule: { interval } });
	// With a number of attempts that someone has set, a node doesn't go on for more than a minute beside an outage.
	const options = { firstWait: 200, batchSize: 100, maxAttempts: 5 };
	draft = withParameters(draft, 'Send Again', { options });
	const id = await world.client.createWorkflow(draft);
	await world.client.activate(id);
	return {
		table,
		stop: () => world.client.deactivate(id),
	};
}

/** How the stand-in for Bento is doing. */
export interface Weather {
	now: 'down' | 'limited' | 'fine' | 'fine again';
	/** Requests turned away with 429 so far. */
	limited: number;
	/** Resolves when a batch of kept rows is on its way in fine weather. */
	readonly rowsUnderWay: Promise<void>;
	readonly rule: (request: RecordedRequest) => Fault | undefined;
}

/** Weather that begins with an outage; batches take a moment once it is fine. */
export function bentoWeather(): Weather {
	let seen: () => void = () => undefined;
	const rowsUnderWay = new Promise<void>((resolve) => {
		seen = resolve;
	});
	const weather: Weather = {
		now: 'down',
		limited: 0,
		rowsUnderWay,
		rule(request) {
			if (weather.now === 'down') return { kind: 'status', status: 503 };
			if (weather.now === 'limited') {
				weather.limited += 1;
				return { kind: 'status', status: 429, retryAfter: '1' };
			}
			if (weather.now !== 'fine' || eventsIn(request) < 2) return undefined;
			seen();
			return { kind: 'slow', ms: 300 };
		},
	};
	return weather;
}

const batch = z.object({ events: z.array(z.unknown()) });

function eventsIn({ body }: RecordedRequest): number {
	const read = batch.safeParse(body);
	return read.success ? read.data.events.length : 0;
}

/** Sign-ups that arrive at the outbox. */
export interface Traffic {
	/** Sign-ups that the outbox said it keeps, so far. */
	answered(): number;
	/** The emails of those that wait for an answer now. */
	underWay(): Set<string>;
	/** The emails of those that were sent more than once so far, as the first time brought no answer or another one. */
	sentAgain(): Set<string>;
	/** Responses so far that a sender who only looks for success would have taken for the outbox's. */
	misled(): number;
	readonly done: Promise<void>;
}

/** Some senders that sign people up until all are; each asks again until it is told that the sign-up is kept. */
export function startTraffic(world: World, count: number): Traffic {
	let next = 0;
	let answered = 0;
	let misled = 0;
	const underWay = new Set<string>();
	const sentAgain = new Set<string>();
	const sendOn = async () => {
		while (next < count) {
			const email = `person${next++}@example.com`;
			underWay.add(email);
			await signUp(world, email, (status) => {
				sentAgain.add(email);
				if (status === 200) misled += 1;
			});
			underWay.delete(email);
			answered += 1;
		}
	};
	const done = Promise.all(Array.from({ length: senders }, sendOn)).then(() => undefined);
	// Whoever waits for `done` gets the error; until then it must not end this process.
	done.catch(() => undefined);
	return {
		answered: () => answered,
		underWay: () => new Set(underWay),
		sentAgain: () => new Set(sentAgain),
		misled: () => misled,
		done,
	};
}

/**
 * Sends a sign-up until the outbox says that it keeps it. Only 202 says so: while n8n starts, it answers everything
 * with 200 and drops it. `onOther` is told about each other status, undefined where no response came.
 */
export async function signUp(
	world: World,
	email: string,
	onOther?: (status: number | undefined) => void,
): Promise<void> {
	const request = { body: { email, first_name: 'Ada' } };
	const end = Date.now() + 120_000;
	while (Date.now() < end) {
		const answer = await send(world.instance.origin, 'webhook/bento-outbox', request).catch(
			() => undefined,
		);
		if (answer?.status === 202) return;
		onOther?.(answer?.status);
		await sleep(250);
	}
	throw new Error(`${email} couldn't be signed up within two minutes`);
}

/** Whose event a row of the outbox keeps. */
export function emailOf(row: Record<string, unknown>): string {
	return z.object({ email: z.string() }).parse(JSON.parse(String(row.event))).email;
}
