import type { RecordedRequest } from '../bentoServer';
import { isRecord } from '../bentoServer/values';
import { LINE_NAMES } from '../support/engine/packages';
import { runWorkflow } from '../support/engine/run';
import { ALWAYS, JOBS, WITH_BODY, type Job } from './jobs';
import { bentoSdk, SDK_VERSION } from './sdk';
import { useBento } from '../support/useBento';

const server = useBento();

const CASES = Object.entries(JOBS);

/** What the transports themselves add. */
const OF_THE_WIRE =
	/^header\.(host|connection|content-length|accept-encoding|accept-language|sec-fetch-mode|transfer-encoding)$/;

/** The methods of the SDK, as it is installed. */
function methodsOf(sdk: object): string[] {
	const own = (module: string, object: object) =>
		Object.getOwnPropertyNames(Object.getPrototypeOf(object))
			.filter((name) => name !== 'constructor')
			.map((name) => `${module}.${name}`);
	const modules = Object.entries(sdk).filter(
		(entry): entry is [string, object] => /^[A-Z]/.test(entry[0]) && isRecord(entry[1]),
	);
	return [...own('V1', sdk), ...modules.flatMap(([name, object]) => own(name, object))];
}

/** Everything a request says, by where it says it. A single command is compared with the only one of a list. */
function facts({ method, path, query, headers, body }: RecordedRequest): Map<string, unknown> {
	const lone = isRecord(body) && isRecord(body.command);
	return new Map<string, unknown>([
		['method', method],
		['path', path],
		...leaves('query', query),
		...leaves('header', headers).filter(([name]) => !OF_THE_WIRE.test(name)),
		...leaves('body', lone ? { ...body, command: { 0: body.command } } : body),
	]);
}

function leaves(place: string, value: unknown): Array<[string, unknown]> {
	if (typeof value !== 'object' || value === null)
		return value === undefined ? [] : [[place, value]];
	const inner = Object.entries(value).flatMap(([key, one]) => leaves(`${place}.${key}`, one));
	return Array.isArray(value) ? [[place, 'a list'], ...inner] : inner;
}

function differences(one: RecordedRequest, other: RecordedRequest): string[] {
	const [first, second] = [facts(one), facts(other)];
	return [...new Set([...first.keys(), ...second.keys()])]
		.filter((fact) => first.get(fact) !== second.get(fact))
		.sort();
}

function allowed({ differs = {} }: Job, { body }: RecordedRequest): string[] {
	return Object.keys({ ...ALWAYS, ...(body === undefined ? {} : WITH_BODY), ...differs }).sort();
}

/** The call itself; looking a tag up comes before deleting it, and the SDK's upsert reads afterward. */
function theCall(requests: readonly RecordedRequest[]): RecordedRequest {
	const found = requests.find(({ method }) => method !== 'GET') ?? requests[0];
	if (!found) throw new Error('Nothing was sent');
	return found;
}

describe(`Judged by bento-node-sdk ${SDK_VERSION}`, () => {
	it('is the version whose types and responses were read for this suite', () => {
		expect(SDK_VERSION).toBe('2.0.0');
	});

	it('has a job for every method', () => {
		expect(Object.keys(JOBS).sort()).toEqual(methodsOf(bentoSdk(server)).sort());
	});

	it.each(CASES)('%s gets from the stand-in what its types promise', async (_name, job) => {
		expect(await job.run(bentoSdk(server))).toEqual(job.promises);
	});

	describe('where its types and the stand-in disagree', () => {
		it('60 emails at most: the documentation and OpenAPI say so, the SDK lets 100 pass', async () => {
			const email = {
				to: 'a@example.net',
				from: 'hello@example.com',
				subject: 'x',
				html_body: 'x',
			};
			const send = async (count: number) =>
				await bentoSdk(server).Batch.sendTransactionalEmails({
					emails: Array.from({ length: count }, () => ({ ...email, transactional: false })),
				});
			expect(await send(60)).toBe(60);
			await expect(send(61)).rejects.toThrow('[400]');
		});

		it('a report may be wrapped: Laravel and .NET unwrap report_data, the SDK types the inside', async () => {
			const report: unknown = await bentoSdk(server).Stats.getReportStats('92');
			expect(report).toMatchObject({ report_data: { chart_style: 'line' } });
		});

		it('a listed broadcast has a template: documentation, Laravel and .NET; the SDK types what creates one', async () => {
			const [broadcast] = await bentoSdk(server).Broadcasts.getBroadcasts();
			expect(broadcast?.attributes).toMatchObject({ template: expect.any(Object) as object });
			expect(broadcast?.attributes).not.toHaveProperty('content');
		});

		it('the site may be in the query (documentation) or in the body of a write (SDK), but not missing', async () => {
			const { credentials } = server;
			const nowhere = bentoSdk({ ...server, credentials: { ...credentials, siteUuid: '' } });
			await expect(nowhere.Tags.getTags()).rejects.toThrow('Not authorized');
			await expect(nowhere.Tags.createTag({ name: 'x' })).rejects.toThrow('Not authorized');
		});
	});

	it('gets its own errors and nulls if the stand-in refuses or finds nothing', async () => {
		const sdk = bentoSdk(server);
		expect(await sdk.Subscribers.getSubscribers({ email: 'nobody@example.com' })).toBeNull();
		const email = { to: 'a@example.net', from: 'x@example.com', subject: 'x', html_body: 'x' };
		await expect(
			sdk.Batch.sendTransactionalEmails({ emails: [{ ...email, transactional: false }] }),
		).rejects.toThrow('Author not authorized to send on this account');
		server.failNext({ kind: 'status', status: 429 });
		await expect(sdk.Tags.getTags()).rejects.toThrow('rate limited');
	});

	describe.each(LINE_NAMES)('on engine %s', (line) => {
		it.each(CASES.filter(([, { node }]) => node))(
			'%s is the same request from our node, but for differences with a reason',
			async (_name, job) => {
				if (!job.node) return;
				await job.run(bentoSdk(server));
				const theirs = theCall(server.requests);
				server.reset();
				const { type, parameters } = job.node;
				const run = await runWorkflow(line, {
					nodes: [{ name: 'Bento', type, parameters }],
					items: [{}],
					credentials: { bentoApi: server.credentials },
				});
				expect(run.error).toBeUndefined();
				const ours = theCall(server.requests);
				expect(differences(theirs, ours)).toEqual(allowed(job, theirs));
			},
		);
	});
});
