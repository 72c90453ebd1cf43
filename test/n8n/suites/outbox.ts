import assert from 'assert/strict';
import { createServer } from 'http';
import { z } from 'zod';
import type { StoredEvent } from '../../bentoServer';
import { readTable, type Table } from '../support/examples';
import {
	bentoWeather,
	emailOf,
	importOutbox,
	signUp,
	startTraffic,
	type Outbox,
	type OutboxChanges,
	type Traffic,
} from '../support/outbox';
import { listen } from '../support/ports';
import { until } from '../support/until';
import type { World } from '../support/world';

/**
 * Without a pool, n8n 1.123 runs SQLite over one connection, and transactions that overlap there break each other:
 * "SQLITE_ERROR: near "-": syntax error" where two executions write to data tables at once (measured).
 */
const sqlitePool = { DB_SQLITE_POOL_SIZE: '4' };

/** How n8n ends in the middle: as for an update, or as the out-of-memory killer ends it. */
type Ending = 'restarted' | 'killed';

interface Size {
	readonly count: number;
	readonly changes: OutboxChanges;
}

/** With `--whole`, a run has thousands of rows to update one by one, so it comes less often and may take longer. */
const manyRows = { firstWaitMinutes: 1, longestWaitMinutes: 2, leaseMinutes: 5 };

/** In the gate, and with `--whole`. */
const sizes: Readonly<Record<Ending, { readonly gate: Size; readonly whole: Size }>> = {
	restarted: {
		gate: { count: 400, changes: {} },
		whole: { count: 5000, changes: manyRows },
	},
	// The rows of a killed run wait for the end of its claim.
	killed: {
		gate: { count: 100, changes: { leaseMinutes: 0.4 } },
		whole: { count: 1000, changes: manyRows },
	},
};

/** The outbox example through an outage, a rate limit, and n8n ended in the middle. */
export async function outboxHolds(world: World): Promise<void> {
	const { check, heading } = world.reporter;
	heading(`n8n ${world.line}: an outbox through an outage`);
	if (world.line === '1x') await world.restart(sqlitePool);

	for (const ending of ['restarted', 'killed'] as const) {
		const { count, changes } = sizes[ending][world.whole ? 'whole' : 'gate'];
		await check(
			`${count.toLocaleString('en-US')} sign-ups, Bento down, then 429, n8n ${ending} in the middle: none lost`,
			async () => {
				await withOutbox(world, changes, async (outbox) => {
					await throughAnOutage(world, outbox, count, ending);
				});
			},
			3_600_000,
		);
	}

	await check(
		'a run that outlasts its claim removes no row but its own',
		async () => {
			await withOutbox(world, { leaseMinutes: 0.02, everySeconds: 2 }, async (outbox) => {
				await outlastClaim(world, outbox);
			});
		},
		400_000,
	);

	await check(
		'what Bento refuses for its content, and what is too old, is given up, and told',
		async () => {
			const messages = await startChat();
			const chat = messages.address;
			try {
				await withOutbox(world, { chat }, async ({ table }) => {
					await refusedIsGivenUp(world, table);
					await until('the messages', () => (toldOf(messages) === 2 ? true : undefined));
				});
				await withOutbox(world, { chat, giveUpAfterDays: 0 }, async ({ table }) => {
					await tooOldIsGivenUp(world, table);
					await until('its message', () => (toldOf(messages) === 3 ? true : undefined));
				});
			} finally {
				messages.close();
				world.bento.reset();
			}
		},
		300_000,
	);
}

/** Of what came in during an outage, only what Bento will never take stays in the table. */
async function refusedIsGivenUp(world: World, table: Table): Promise<void> {
	const { bento, client } = world;
	bento.reset();
	bento.failWhen(() => ({ kind: 'status', status: 503 }));
	for (const name of ['refused', 'fine', 'old']) await signUp(world, `${name}@example.com`);
	await signUp(world, 'not-an-email');
	assert.equal((await readTable(client, table)).count, 4);

	bento.failWhen(undefined);
	bento.refuseEvents(({ email }) => email === 'refused@example.com');
	const kept = await until(
		'two given up, two delivered',
		async () => {
			const rows = await readTable(client, table);
			return rows.data.every(({ status }) => status === 'given up') ? rows : undefined;
		},
		{ within: 90_000 },
	);
	assert.equal(kept.count, 2, JSON.stringify(kept.data));
	assert.deepEqual(kept.data.map((row) => emailOf(row)).sort(), [
		'not-an-email',
		'refused@example.com',
	]);
	for (const { reason } of kept.data) assert.ok(String(reason).length > 10, String(reason));
	assert.deepEqual(emails(bento.events), ['fine@example.com', 'old@example.com']);
}

/** A row that is older than it may be is given up after a try that failed. */
async function tooOldIsGivenUp(world: World, table: Table): Promise<void> {
	world.bento.failWhen(() => ({ kind: 'status', status: 503 }));
	await signUp(world, 'late@example.com');
	await until(
		'the late one given up',
		async () => {
			const { data } = await readTable(world.client, table);
			return data[0]?.status === 'given up' ? true : undefined;
		},
		{ within: 90_000 },
	);
}

/** Does something with the example in n8n, and deactivates it whatever comes of it. */
async function withOutbox(
	world: World,
	changes: OutboxChanges,
	work: (outbox: Outbox) => Promise<void>,
): Promise<void> {
	const outbox = await importOutbox(world, changes);
	try {
		await work(outbox);
	} finally {
		await outbox.stop();
	}
}

/**
 * The first half of the sign-ups meets a Bento that is down, then it answers 429 for a while, and n8n is ended while
 * rows are on their way. A sender that isn't told that its sign-up is kept asks again, as senders do.
 */
async function throughAnOutage(
	world: World,
	outbox: Outbox,
	count: number,
	ending: Ending,
): Promise<void> {
	const { bento } = world;
	const begin = Date.now();
	bento.reset();
	bento.keepBodies = true;
	const weather = bentoWeather();
	bento.failWhen(weather.rule);
	const traffic = startTraffic(world, count);
	await until('half of the sign-ups', () => (traffic.answered() >= count / 2 ? true : undefined), {
		within: 1_800_000,
	});
	assert.equal(bento.events.length, 0, 'the stand-in is down');
	const waiting = (await readTable(world.client, outbox.table)).count;
	assert.ok(waiting >= count / 2, `only ${waiting} rows are kept`);

	weather.now = 'limited';
	await until('some refused for the rate', () => (weather.limited >= 3 ? true : undefined), {
		within: 120_000,
	});
	weather.now = 'fine';
	await weather.rowsUnderWay;
	const inFlight = await endOf(world, traffic, ending);
	// Nothing is removed until it is known which rows n8n had sent and not removed yet.
	weather.now = 'down';
	await world.restart(world.line === '1x' ? sqlitePool : {});
	for (const email of await unremovedRows(world, outbox)) inFlight.add(email);
	weather.now = 'fine again';

	await traffic.done;
	await emptied(world, outbox);

	const times = new Map<string, number>();
	for (const { email } of bento.events) times.set(email, (times.get(email) ?? 0) + 1);
	const twice = [...times].filter(([, seen]) => seen > 1).map(([email]) => email);
	const { figure } = world.reporter;
	figure(
		`${count} sign-ups in ${Math.round((Date.now() - begin) / 1000)} s: ${waiting} kept during the outage, ` +
			`${times.size} at Bento, 0 left in the table`,
	);
	figure(`${twice.length} twice, among the ${inFlight.size} in flight when n8n was ${ending}`);
	figure(`${traffic.misled()} dropped with a 200 while n8n started, and sent again`);
	assert.equal(times.size, count, 'an event is missing');
	const unexplained = twice.filter((email) => !inFlight.has(email));
	assert.deepEqual(unexplained, [], 'twice without a reason');
	bento.reset();
}

/** Waits until the outbox has nothing left to send. */
async function emptied({ client }: World, { table }: Outbox): Promise<void> {
	await until(
		'an empty table',
		async () => ((await readTable(client, table)).count === 0 ? true : undefined),
		{ within: 1_800_000, every: 500 },
	);
	await client.idle();
}

/**
 * Ends n8n, and returns the emails of the sign-ups that this left without a good response. A polite end breaks off some
 * executions and goes on taking sign-ups for a while, so some of them have got one by now, for being sent again.
 */
async function endOf({ instance }: World, traffic: Traffic, ending: Ending): Promise<Set<string>> {
	const before = traffic.sentAgain();
	await (ending === 'killed' ? instance.kill() : instance.terminate());
	const inFlight = traffic.underWay();
	for (const email of traffic.sentAgain()) if (!before.has(email)) inFlight.add(email);
	return inFlight;
}

/**
 * A run waits for Bento for longer than its claim lasts. A second run sends the same row and removes it, and SQLite
 * gives its ID to the next sign-up (measured on both lines), which the first run mustn't remove when it goes on.
 */
async function outlastClaim(world: World, outbox: Outbox): Promise<void> {
	const { bento, client } = world;
	const down = () => ({ kind: 'status', status: 503 }) as const;
	const rows = async () => (await readTable(client, outbox.table)).data;
	bento.reset();
	bento.failWhen(down);
	await signUp(world, 'first@example.com');
	const [first] = await rows();
	assert.ok(first);
	let requests = 0;
	bento.failWhen(() => ((requests += 1) === 1 ? { kind: 'slow', ms: 10_000 } : undefined));
	await until('the second run', async () => ((await rows()).length === 0 ? true : undefined));
	assert.equal(requests, 2);
	assert.equal(bento.events.length, 1, 'the first run is still waiting');

	bento.failWhen(down);
	await signUp(world, 'second@example.com');
	const [second] = await rows();
	assert.equal(second?.id, first.id, 'the ID is given again, or this check proves nothing');
	await until('the first run', () => (bento.events.length === 2 ? true : undefined));
	// It removes its row at once, if it removes any; while Bento is down, other runs go on waiting.
	await new Promise((resolve) => setTimeout(resolve, 5_000));
	assert.deepEqual((await rows()).map(emailOf), ['second@example.com']);
	bento.failWhen(undefined);
	// After a minute without Bento, a node's waits are long.
	const patient = { within: 180_000 };
	await until('the second sign-up', () => (bento.events.length >= 3 ? true : undefined), patient);
	await until(
		'an empty table',
		async () => ((await rows()).length === 0 ? true : undefined),
		patient,
	);
	assert.ok(emails(bento.events).includes('second@example.com'));
	bento.reset();
}

/** The emails in the table whose event Bento has accepted already: n8n was stopped before it removed their rows. */
async function unremovedRows({ bento, client }: World, { table }: Outbox): Promise<Set<string>> {
	const page = z.object({ count: z.number(), data: z.array(z.record(z.unknown())) });
	const accepted = new Set(emails(bento.events));
	const found = new Set<string>();
	// 1.x hands out at most 50 rows at once, however many were asked for.
	for (let seen = 0; ;) {
		const path = `${table.path}/rows?skip=${seen}&take=50`;
		const { count, data } = await client.session.call(page, 'GET', path);
		for (const email of data.map(emailOf)) if (accepted.has(email)) found.add(email);
		seen += data.length;
		if (data.length === 0 || seen >= count) return found;
	}
}

function emails(events: readonly StoredEvent[]): string[] {
	return events.map(({ email }) => email).sort();
}

/** How many events the chat was told about. */
function toldOf({ texts }: Chat): number {
	const counts = texts.map((text) => Number(/to Bento: (\d+)\./.exec(text)?.[1]));
	return counts.reduce((sum, count) => sum + count, 0);
}

interface Chat {
	readonly address: string;
	readonly texts: string[];
	close(): void;
}

/** A chat's incoming webhook that keeps what it is told. */
async function startChat(): Promise<Chat> {
	const texts: string[] = [];
	const server = createServer((request, response) => {
		let text = '';
		request.setEncoding('utf8').on('data', (piece: string) => {
			text += piece;
		});
		request.on('end', () => {
			texts.push(text);
			response.end('ok');
		});
	});
	const port = await listen(server);
	return { address: `http://127.0.0.1:${port}/`, texts, close: () => server.close() };
}
