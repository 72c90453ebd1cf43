import assert from 'assert/strict';
import { createServer } from 'http';
import { setTimeout as sleep } from 'timers/promises';
import { z } from 'zod';
import type { RecordedRequest, StoredEvent } from '../../bentoServer';
import type { Table } from '../support/examples';
import { makeTable, readExample, readTable, tableToChoose } from '../support/examples';
import { send } from '../support/hooks';
import { until } from '../support/until';
import type { WorkflowDraft } from '../support/workflows';
import { withParameters } from '../support/workflows';
import type { World } from '../support/world';

const file = 'outbox.json';
const chat = 'https://chat.example.com/incoming-webhook';

/** Sign-ups in progress at the same time, as from a busy website. */
const senders = 20;

/**
 * Without a pool, n8n 1.123 runs SQLite over one connection, and transactions that overlap there break each other:
 * "SQLITE_ERROR: near "-": syntax error" where two executions write to data tables at once (measured).
 */
const sqlitePool = { DB_SQLITE_POOL_SIZE: '4' };

/** By default; with `--whole`, as many as the documentation's figures are based on. */
const sizes = { gate: 400, whole: 5000 };

/** The outbox example through an outage, a rate limit, and n8n killed in the middle. */
export async function outboxHolds(world: World): Promise<void> {
	const { check, figure, heading } = world.reporter;
	heading(`n8n ${world.line}: an outbox through an outage`);
	const count = world.whole ? sizes.whole : sizes.gate;
	if (world.line === '1x') await world.restart(sqlitePool);

	await check(
		`${count.toLocaleString('en-US')} sign-ups, Bento down, then 429, n8n killed in the middle: none lost`,
		async () => {
			const outbox = await importOutbox(world, {});
			try {
				await throughAnOutage(world, outbox, count, figure);
			} finally {
				await outbox.stop();
			}
		},
		1_500_000,
	);

	await check(
		'what Bento refuses for its content, and what is too old, is given up, and told',
		async () => {
			const messages = await startChat();
			const outbox = await importOutbox(world, { chat: messages.address });
			world.bento.reset();
			world.bento.failWhen(() => ({ kind: 'status', status: 503 }));
			for (const name of ['refused', 'fine', 'old']) await signUp(world, `${name}@example.com`);
			await signUp(world, 'not-an-email');
			assert.equal((await readTable(world.client, outbox.table)).count, 4);

			world.bento.failWhen(undefined);
			world.bento.refuseEvents(({ email }) => email === 'refused@example.com');
			const kept = await until(
				'two given up, two delivered',
				async () => {
					const rows = await readTable(world.client, outbox.table);
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
			assert.deepEqual(emails(world.bento.events), ['fine@example.com', 'old@example.com']);
			await until('the messages', () => (toldOf(messages) === 2 ? true : undefined));
			await outbox.stop();

			const impatient = await importOutbox(world, { chat: messages.address, giveUpAfterDays: 0 });
			world.bento.failWhen(() => ({ kind: 'status', status: 503 }));
			await signUp(world, 'late@example.com');
			await until(
				'the late one given up',
				async () => {
					const { data } = await readTable(world.client, impatient.table);
					return data[0]?.status === 'given up' ? true : undefined;
				},
				{ within: 90_000 },
			);
			await until('its message', () => (toldOf(messages) === 3 ? true : undefined));
			await impatient.stop();
			messages.close();
			world.bento.reset();
		},
		300_000,
	);
}

interface Outbox {
	readonly table: Table;
	/** Deactivates the workflow. */
	stop(): Promise<void>;
}

/** Imports the example with times that a test can wait for, and activates it. */
async function importOutbox(
	world: World,
	changes: { readonly chat?: string; readonly giveUpAfterDays?: number },
): Promise<Outbox> {
	const table = await makeTable(world.client, file);
	assert.ok(table);
	const credentials = {
		...(await world.bentoCredential()),
		bentoWebhookSecretApi: await world.webhookCredential(),
	};
	const replace = { [tableToChoose]: table.id, [chat]: changes.chat ?? 'http://127.0.0.1:9/' };
	const settings = {
		giveUpAfterDays: changes.giveUpAfterDays ?? 3,
		firstWaitMinutes: 0.05,
		longestWaitMinutes: 0.1,
		leaseMinutes: 1.5,
	};
	let draft: WorkflowDraft = readExample(file, credentials, replace);
	draft = withParameters(draft, 'Settings', { jsonOutput: JSON.stringify(settings) });
	const everySecond = { rule: { interval: [{ field: 'seconds', secondsInterval: 5 }] } };
	draft = withParameters(draft, 'Every Minute', everySecond);
	draft = withParameters(draft, 'Send Again', { options: { firstWait: 200, batchSize: 100 } });
	const id = await world.client.createWorkflow(draft);
	await world.client.activate(id);
	return {
		table,
		stop: () => world.client.deactivate(id),
	};
}

/**
 * The first half of the sign-ups meets a Bento that is down, then it responds with 429 for a while, and n8n is killed
 * while rows are being sent. A sender that gets no response retries, as senders do.
 */
async function throughAnOutage(
	world: World,
	outbox: Outbox,
	count: number,
	figure: (text: string) => void,
): Promise<void> {
	const { bento } = world;
	bento.reset();
	bento.keepBodies = true;
	const weather = bentoWeather();
	bento.failWhen(weather.rule);
	const traffic = startTraffic(world, count);
	await until('half of the sign-ups', () => (traffic.answered() >= count / 2 ? true : undefined), {
		within: 600_000,
	});
	assert.equal(bento.events.length, 0, 'the stand-in is down');
	const waiting = (await readTable(world.client, outbox.table)).count;
	assert.ok(waiting >= count / 2, `only ${waiting} rows are kept`);

	weather.now = 'limited';
	await until('some refused for the rate', () => (weather.limited >= 10 ? true : undefined), {
		within: 120_000,
	});
	weather.now = 'fine';
	await weather.rowsUnderWay;
	const unanswered = traffic.underWay();
	await world.instance.kill();
	// Nothing is removed until it is known which rows n8n had sent and not removed yet.
	weather.now = 'down';
	await world.killAndRestart(world.line === '1x' ? sqlitePool : {});
	const unremoved = await unremovedRows(world, outbox);
	weather.now = 'fine again';

	await traffic.done;
	await until(
		'an empty table',
		async () => {
			const { count: left } = await readTable(world.client, outbox.table);
			return left === 0 ? true : undefined;
		},
		{ within: 600_000, every: 500 },
	);
	await world.client.idle();

	const times = new Map<string, number>();
	for (const { email } of bento.events) times.set(email, (times.get(email) ?? 0) + 1);
	const twice = [...times].filter(([, seen]) => seen > 1).map(([email]) => email);
	figure(
		`${count} sign-ups: ${waiting} kept during the outage, ${times.size} at Bento, 0 left in the table; ` +
			`${twice.length} twice, all of them among the ${new Set([...unanswered, ...unremoved]).size} under way when n8n was killed`,
	);
	assert.equal(times.size, count, 'an event is missing');
	const unexplained = twice.filter((email) => !unanswered.has(email) && !unremoved.has(email));
	assert.deepEqual(unexplained, [], 'twice without a reason');
	bento.reset();
}

interface Weather {
	now: 'down' | 'limited' | 'fine' | 'fine again';
	/** Requests rejected with 429 so far. */
	limited: number;
	/** Resolves when a batch of kept rows is being sent and Bento is up. */
	readonly rowsUnderWay: Promise<void>;
	readonly rule: (
		request: RecordedRequest,
	) => ReturnType<Parameters<World['bento']['failWhen']>[0] & object>;
}

function bentoWeather(): Weather {
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

/** The emails in the table whose event Bento has accepted already: n8n was stopped before it removed their rows. */
async function unremovedRows({ bento, client }: World, { table }: Outbox): Promise<Set<string>> {
	const page = z.object({ data: z.array(z.record(z.unknown())) });
	const accepted = new Set(emails(bento.events));
	const found = new Set<string>();
	for (let skip = 0; ; skip += 100) {
		const path = `${table.path}/rows?skip=${skip}&take=100`;
		const { data } = await client.session.call(page, 'GET', path);
		const inTable = data.map(emailOf);
		for (const email of inTable) if (accepted.has(email)) found.add(email);
		if (data.length < 100) return found;
	}
}

interface Traffic {
	/** Sign-ups with a response so far. */
	answered(): number;
	/** The emails of those that wait for a response now. */
	underWay(): Set<string>;
	readonly done: Promise<void>;
}

/** Some senders that send sign-ups until all are kept; each retries until the response says so. */
function startTraffic(world: World, count: number): Traffic {
	let next = 0;
	let answered = 0;
	const underWay = new Set<string>();
	const sendOn = async () => {
		while (next < count) {
			const email = `person${next++}@example.com`;
			underWay.add(email);
			await signUp(world, email);
			underWay.delete(email);
			answered += 1;
		}
	};
	const done = Promise.all(Array.from({ length: senders }, sendOn)).then(() => undefined);
	// Whoever waits for `done` gets the error; until then it must not end this process.
	done.catch(() => undefined);
	return { answered: () => answered, underWay: () => new Set(underWay), done };
}

async function signUp(world: World, email: string): Promise<void> {
	const request = { body: { email, first_name: 'Ada' } };
	const end = Date.now() + 120_000;
	while (Date.now() < end) {
		const answer = await send(world.instance.origin, 'webhook/bento-outbox', request).catch(
			() => undefined,
		);
		if (answer?.status === 200) return;
		await sleep(250);
	}
	throw new Error(`${email} couldn't be signed up within two minutes`);
}

function emailOf(row: Record<string, unknown>): string {
	return z.object({ email: z.string() }).parse(JSON.parse(String(row.event))).email;
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
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	const address = server.address();
	const port = typeof address === 'object' && address !== null ? address.port : 0;
	return { address: `http://127.0.0.1:${port}/`, texts, close: () => server.close() };
}
