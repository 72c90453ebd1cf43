import { z } from 'zod';
import { until } from './until';

const item = z
	.object({
		json: z.record(z.unknown()),
		pairedItem: z.unknown(),
	})
	.passthrough();
const nodeRun = z
	.object({
		executionStatus: z.string().optional(),
		error: z.record(z.unknown()).optional(),
		hints: z.array(z.object({ message: z.string() }).passthrough()).optional(),
		data: z
			.object({ main: z.array(z.array(item).nullable()).optional() })
			.passthrough()
			.optional(),
	})
	.passthrough();
const executionShape = z.object({
	id: z.coerce.string(),
	status: z.string(),
	finished: z.boolean(),
	mode: z.string(),
	data: z
		.object({
			resultData: z
				.object({
					error: z.record(z.unknown()).optional(),
					runData: z.record(z.array(nodeRun)).optional(),
				})
				.passthrough(),
		})
		.passthrough()
		.optional(),
});

export type Item = z.output<typeof item>;
export type Execution = z.output<typeof executionShape>;

const ended = new Set(['success', 'error', 'canceled', 'crashed']);

/** What became of workflows, as n8n's public API tells it. */
export class Executions {
	constructor(
		private readonly origin: string,
		private readonly apiKey: string,
	) {}

	/** Waits until an execution has ended, however it did, and returns it with all its data. */
	async finished(id: string, within = 120_000): Promise<Execution> {
		return await until(
			`the end of execution ${id}`,
			async () => {
				const brief = await this.publicApi(executionShape, `/executions/${id}`);
				if (!ended.has(brief.status)) return undefined;
				return await this.publicApi(executionShape, `/executions/${id}?includeData=true`);
			},
			{ within, every: 200 },
		);
	}

	/** All executions of a workflow, newest first, following the API's pages of 250. */
	async executions(workflowId: string): Promise<Execution[]> {
		const page = z.object({ data: z.array(executionShape), nextCursor: z.string().nullish() });
		const all: Execution[] = [];
		let cursor = '';
		do {
			const query = `workflowId=${workflowId}&limit=250${cursor === '' ? '' : `&cursor=${cursor}`}`;
			const found = await this.publicApi(page, `/executions?${query}`);
			all.push(...found.data);
			cursor = found.nextCursor ?? '';
		} while (cursor !== '');
		return all;
	}

	/** Waits until a workflow has `count` ended executions, and returns them. */
	async executionsReach(workflowId: string, count: number, within = 60_000): Promise<Execution[]> {
		return await until(
			`${count} executions`,
			async () => {
				const found = (await this.executions(workflowId)).filter(({ status }) => ended.has(status));
				return found.length >= count ? found : undefined;
			},
			{ within, every: 300 },
		);
	}

	/** The executions of a workflow that are running, which `executions` leaves out. */
	async running(workflowId: string): Promise<Execution[]> {
		const page = z.object({ data: z.array(executionShape) });
		const query = `workflowId=${workflowId}&status=running`;
		return (await this.publicApi(page, `/executions?${query}`)).data;
	}

	/** Waits until no execution is running. */
	async idle(): Promise<void> {
		const page = z.object({ data: z.array(z.unknown()) });
		await until('the end of all executions', async () => {
			const found = await this.publicApi(page, '/executions?status=running&limit=1');
			return found.data.length === 0 ? true : undefined;
		});
	}

	private async publicApi<Result>(
		shape: z.ZodType<Result, z.ZodTypeDef, unknown>,
		path: string,
	): Promise<Result> {
		const answer = await fetch(`${this.origin}/api/v1${path}`, {
			headers: { 'X-N8N-API-KEY': this.apiKey },
		});
		const body: unknown = await answer.json();
		if (!answer.ok) throw new Error(`GET ${path} was answered ${answer.status}`);
		return shape.parse(body);
	}
}

/** The items that came out of a node's output in its last run. */
export function outputOf(execution: Execution, node: string, output = 0): Item[] {
	return lastRun(execution, node)?.data?.main?.[output] ?? [];
}

/** A node's last run: its error, hints and data. */
export function lastRun(execution: Execution, node: string): z.output<typeof nodeRun> | undefined {
	return execution.data?.resultData.runData?.[node]?.at(-1);
}
