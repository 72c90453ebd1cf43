import type { IDataObject } from 'n8n-workflow';
import { RESOURCES as BENTO } from '../../../nodes/Bento/resources';
import { RESOURCES as TRACK_EVENT } from '../../../nodes/BentoTrackEvent/operations';
import { runOperation } from '../../../nodes/shared/run/run';
import { runContext, type RunScene } from '../../support/runContext';

/** A whole run, from the items to the output, the hints, the log, and the error. */

const EVENTS = { resource: 'event', operation: 'trackEvent', inputMode: 'eventObjects' };
const event = (email: string): { json: IDataObject } => ({ json: { type: 'x', email } });
const TWO = [event('a@b.co'), event('c@d.ef')];

async function run(scene: RunScene, resources = TRACK_EVENT) {
	const hints: string[] = [];
	const log: string[] = [];
	const bodies: string[] = [];
	const context = runContext({
		items: TWO,
		body: '{"results":2,"failed":0}',
		...scene,
		parameters: { ...EVENTS, ...scene.parameters },
		onHint: (message) => hints.push(message),
		onLog: (line) => log.push(line),
		onRequest: (body) => bodies.push(body),
	});
	const ended = await runOperation(context, resources).then(
		([output = []]) => ({ output, error: undefined }),
		(error: unknown) => ({ output: [], error: error as Error & { description?: string } }),
	);
	// Once in a process.
	const lines = log.filter((line) => !line.includes('runs in this process'));
	return { ...ended, json: ended.output.map(({ json }) => json), hints, log: lines, bodies };
}

describe('an operation', () => {
	const unknown = "There is no such 'Operation'";

	it.each([
		['that doesn’t exist', { operation: 'nothing' }],
		['given by an expression', { operation: '={{ $json.x }}' }],
	])('%s ends the run before anything is read', async (_name, parameters) => {
		const { error, bodies } = await run({ parameters, continues: false });
		expect(error).toMatchObject({
			name: 'NodeOperationError',
			message: unknown,
			description:
				"Choose 'Resource' and 'Operation' in the panel again. Code: INVALID_INPUT, not received",
		});
		expect(bodies).toEqual([]);
		const { json } = await run({ parameters });
		expect(json).toMatchObject([{ error: unknown }, { error: unknown }]);
	});

	it('is found without a resource, where its value says it all', async () => {
		const parameters = { resource: '' };
		expect((await run({ parameters })).json).toMatchObject([{ status: 'accepted' }, {}]);
		const get = { resource: 'segment', operation: 'get', segment: '1' };
		const body = '{"data":{"id":"1","attributes":{"name":"x"}}}';
		expect((await run({ parameters: get, body }, BENTO)).json[0]).toMatchObject({ name: 'x' });
		const lost = await run({ parameters: { ...get, resource: '' }, body }, BENTO);
		expect(lost.json[0]).toMatchObject({ error: unknown });
	});
});

describe('items that can’t be sent', () => {
	const items = [event('nobody'), event('c@d.ef')];

	it('end the run before anything is sent, with a line in the log', async () => {
		const { error, log, bodies } = await run({ items, continues: false });
		expect(error?.message).toMatch(/^'Input Item' .*None of the 2 events was sent$|^'email'/i);
		expect(log).toEqual([
			`Bento [execution 1, workflow 1]: the run failed. ${error?.message ?? ''}`,
		]);
		expect(bodies).toEqual([]);
	});

	it('leave the others alone under Continue', async () => {
		const { json, bodies } = await run({ items, body: '{"results":1,"failed":0}' });
		expect(json).toMatchObject([{ code: 'INVALID_INPUT' }, { status: 'accepted' }]);
		expect(bodies).toHaveLength(1);
		expect(bodies[0]).not.toContain('nobody');
	});

	it('end a run of calls, too', async () => {
		const parameters = { resource: 'subscriber', operation: 'get', lookUpBy: 'email', email: 'x' };
		const { error, bodies } = await run({ parameters, continues: false }, BENTO);
		expect(error?.message).toMatch(/^'Email' .*None of the 2 requests was sent$/);
		expect(bodies).toEqual([]);
	});
});

it('a run of calls remembers what was done if an item was invalid', async () => {
	const parameters = { resource: 'tag', operation: 'create', tagName: '={{ x }}' };
	const body = '{"data":{"id":"1","attributes":{"name":"x"}}}';
	const store: IDataObject = {};
	let item = 0;
	const evaluate = () => ['x', ''][(item += 1) % 2];
	const first = await run({ parameters, body, store, evaluate }, BENTO);
	expect(first.json).toMatchObject([{ code: 'INVALID_INPUT' }, { name: 'x' }]);
	expect(Object.keys(store)).toHaveLength(1);
	expect((await run({ parameters, body, store, evaluate }, BENTO)).bodies).toEqual([]);
	const fine = { ...parameters, tagName: 'y' };
	const fresh: IDataObject = {};
	expect((await run({ parameters: fine, body, store: fresh }, BENTO)).bodies).toHaveLength(2);
	expect(fresh).toEqual({});
});

it('the account’s fields are read first if items depend on them, and can fail them', async () => {
	const parameters = {
		inputMode: 'mapFields',
		email: 'a@b.co',
		eventType: 'x',
		fieldsMode: 'wholeItem',
		options: { extraFields: 'fail' },
	};
	const body = '{"data":[{"id":"1","attributes":{"key":"type","name":"Type"}}]}';
	const known = await run({ parameters, body });
	expect(known.bodies).toEqual(['undefined', expect.stringContaining('"fields":{"type":"x"}')]);
	const items = [{ json: { email: 'a@b.co', city: 'Rome' } }];
	const extra = await run({ parameters, body, items });
	expect(extra.json).toMatchObject([{ code: 'INVALID_INPUT' }]);
	const refused = await run({ parameters, statusCode: 401, body: '{}' });
	expect(refused.json.map(({ code }) => code)).toEqual(['CREDENTIALS', 'CREDENTIALS']);
	expect(refused.bodies).toHaveLength(1);
});

describe('what Bento doesn’t accept', () => {
	it('is the error of the run, with a line in the log', async () => {
		const { error, log } = await run({ continues: false, statusCode: 401, body: '{}' });
		expect(error).toMatchObject({ name: 'NodeApiError', httpCode: '401' });
		expect(error?.message).toBe(
			'Bento rejected the credentials [Items 0, 1]. 0 of 2 events were accepted',
		);
		expect(log).toEqual([
			`Bento [execution 1, workflow 1]: the run failed. ${error?.message ?? ''}`,
		]);
	});

	it('is nothing if it accepts everything', async () => {
		const { json, error, log } = await run({ continues: false });
		expect([json.length, error, log]).toEqual([2, undefined, []]);
	});

	it('names only the items that failed', async () => {
		const items = [...TWO, event('g@h.ij')];
		const body = '{"results":0,"failed":1}';
		const options = { batchSize: 1, maxParallelBatches: 1 };
		const { error } = await run({ continues: false, items, body, parameters: { options } });
		expect(error?.message).toBe(
			'Bento counted the event as failed [Items 0, 1, 2]. 0 of 3 events were accepted',
		);
	});

	it('is each item’s problem under Continue', async () => {
		const { json, log } = await run({ statusCode: 401, body: '{}' });
		expect(json.map(({ code }) => code)).toEqual(['CREDENTIALS', 'CREDENTIALS']);
		expect(log).toEqual([]);
	});
});

it('under Continue, a part that throws fails all items instead of n8n taking them for successes', async () => {
	const context = runContext({ items: TWO, parameters: EVENTS });
	context.getTimezone = () => {
		throw new Error('of the test');
	};
	const [output = []] = await runOperation(context, TRACK_EVENT);
	expect(output.map(({ json }) => json)).toMatchObject(
		TWO.map(() => ({
			error: 'The node stopped unexpectedly',
			message: expect.stringMatching(
				/^of the test\. Bento may have received some.*authors/,
			) as string,
			code: 'UNEXPECTED',
			mayHaveArrived: true,
		})),
	);
	const stopping = runContext({ items: TWO, parameters: EVENTS, continues: false });
	stopping.getTimezone = context.getTimezone;
	await expect(runOperation(stopping, TRACK_EVENT)).rejects.toThrow('of the test');
});

describe('a run of batches', () => {
	it('has the account as its hint', async () => {
		const { json, hints } = await run({});
		expect(json).toEqual([
			{ status: 'accepted', batch: 1, attempts: 1, email: 'a@b.co', type: 'x' },
			{ status: 'accepted', batch: 1, attempts: 1, email: 'c@d.ef', type: 'x' },
		]);
		expect(hints).toEqual([
			expect.stringMatching(/^2 of 2 events accepted \(1 batch, 1 request, 0 retries, 0\.\d s/),
		]);
	});

	it('keeps the input’s fields on demand, but no error of an earlier node', async () => {
		const items = [{ json: { ...event('a@b.co').json, error: 'old', x: 1 } }, event('c@d.ef')];
		const { json } = await run({ items, parameters: { options: { includeInputFields: true } } });
		expect(json[0]).toEqual({
			type: 'x',
			email: 'a@b.co',
			x: 1,
			bento: { status: 'accepted', batch: 1, attempts: 1, email: 'a@b.co', type: 'x' },
		});
	});

	it('adds Bento’s response on demand', async () => {
		const parameters = { options: { includeResponse: true } };
		const { json } = await run({ parameters });
		expect(json[0]).toMatchObject({ status: 'accepted', response: { results: 2, failed: 0 } });
		const text = await run({ parameters, body: 'OK' });
		expect(text.json[0]).toMatchObject({ status: 'unconfirmed', response: 'OK' });
		const list = await run({ parameters, body: '[1]' });
		expect(list.json[0]).toMatchObject({ status: 'unconfirmed', response: null });
		expect((await run({})).json[0]).not.toHaveProperty('response');
	});

	it('sends nothing in a dry run, and says so', async () => {
		const { json, hints, bodies } = await run({ parameters: { options: { dryRun: true } } });
		expect(json[0]).toEqual({ status: 'dryRun', event: event('a@b.co').json });
		expect(hints).toEqual(['Dry run: 2 of 2 events can be sent. Nothing was sent']);
		expect(bodies).toEqual([]);
		const none = async (...emails: string[]) =>
			(await run({ items: emails.map(event), parameters: { options: { dryRun: true } } })).hints;
		expect(await none('x')).toEqual(["The event can't be sent. Nothing was sent"]);
		expect(await none('x', 'y')).toEqual(['None of the 2 events can be sent. Nothing was sent']);
	});

	it('counts what an item’s own Dry Run kept', async () => {
		const dry = (email: string) => email !== 'a@b.co';
		const emails = ['a@b.co', 'c@d.ef', 'g@h.ij'];
		let item = -1;
		const scene = (count: number): RunScene => ({
			items: emails.slice(0, count).map(event),
			body: '{"results":1,"failed":0}',
			parameters: { options: { dryRun: '={{ x }}' } },
			evaluate: () => dry(emails[(item += 1)] ?? ''),
		});
		const { json, hints } = await run(scene(2));
		expect(json).toMatchObject([{ status: 'accepted' }, { status: 'dryRun' }]);
		expect(hints[1]).toBe("Dry run: 1 event wasn't sent");
		item = -1;
		expect((await run(scene(3))).hints[1]).toBe("Dry run: 2 events weren't sent");
	});

	it('remembers nothing after a success, and what arrived after a failure', async () => {
		const store: IDataObject = {};
		await run({ store });
		expect(store).toEqual({});
		await run({ store, items: [...TWO, event('x')] });
		expect(Object.keys(store)).toHaveLength(1);
		const again = await run({ store, items: [...TWO, event('x')] });
		expect(again.bodies).toEqual([]);
		expect(again.json[0]).toMatchObject({
			status: 'accepted',
			note: 'Sent in an earlier attempt of this run',
		});
	});

	it('sends by the option’s batch size, and by each item’s way', async () => {
		const { bodies, json } = await run({
			parameters: { options: { batchSize: 1 } },
			body: '{"results":1,"failed":0}',
		});
		expect(bodies).toHaveLength(2);
		expect(json.map(({ batch }) => batch)).toEqual([1, 2]);
	});

	it('sends items with different guarantees apart, and numbers the batches on', async () => {
		let item = -1;
		const guarantees = ['atLeastOnce', 'atMostOnce', 'atLeastOnce'];
		const { json, bodies, hints } = await run({
			items: [...TWO, event('g@h.ij')],
			parameters: { options: { deliveryGuarantee: '={{ x }}', batchSize: 1 } },
			evaluate: () => guarantees[(item += 1)],
			body: '{"results":1,"failed":0}',
		});
		expect(bodies).toHaveLength(3);
		expect(json.map(({ batch, email }) => [batch, email])).toEqual([
			[1, 'a@b.co'],
			[3, 'c@d.ef'],
			[2, 'g@h.ij'],
		]);
		expect(hints[0]).toMatch(/^3 of 3 events accepted \(3 batches, 3 requests, 0 retries/);
	});

	it('of the Bento node says that Bento only queued it', async () => {
		const parameters = { resource: 'subscriber', operation: 'addTag', email: 'a@b.co', tag: 'vip' };
		const { json, bodies } = await run({ parameters }, BENTO);
		expect(json[0]).toMatchObject({
			status: 'accepted',
			info: 'Queued in Bento, which responds with counts only',
		});
		expect(JSON.parse(bodies[0] ?? '')).toHaveProperty('command');
	});

	it('tells n8n’s log what was accepted if it was cut short', async () => {
		const { log } = await run({ signal: AbortSignal.abort() });
		expect(log).toEqual([
			'Bento [execution 1, workflow 1]: the run was cut short. 0 of 2 events accepted, 2 not sent',
		]);
	});
});
