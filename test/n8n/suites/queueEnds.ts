import type { Reporter } from '../support/checks';
import type { Queue } from '../support/queue';
import { until } from '../support/until';
import { endAndRetry, inWords, judge, type Place, type Promised } from './ends';

/** The ways in which a run ends in queue mode; the second table of docs/operators.md, line by line. */
export async function endsInTheQueue(queue: Queue, reporter: Reporter): Promise<void> {
	const { check, figure, heading } = reporter;
	const { line } = queue;
	heading(`n8n ${line}: however a run ends in queue mode`);
	const place: Place = {
		line,
		bento: queue.bento,
		get client() {
			return queue.client;
		},
		hooks: queue.hooks.origin,
		log: () => queue.log(),
		credential: () => queue.credential(),
	};
	const tell = async (
		name: string,
		end: (execution: string) => Promise<void>,
		promised: Promised,
	) =>
		await check(
			name,
			async () => {
				const outcome = await endAndRetry(place, end);
				figure(inWords(outcome));
				judge(place, outcome, promised);
			},
			300_000,
		);

	await tell(
		'the main killed and started again',
		async () => {
			await queue.restartMain();
		},
		{ status: ['success'], told: true, leaves: ['whole'] },
	);
	await tell(
		'a worker terminated, within the grace time',
		async (execution) => {
			const worker = await busyWorker(queue, execution);
			await worker.terminate();
			await queue.startWorker();
		},
		{ status: ['success'], told: true, leaves: ['whole'] },
	);
	await tell(
		'the busy worker killed, another alive',
		async (execution) => {
			const worker = await busyWorker(queue, execution);
			await worker.kill();
		},
		line === '2x'
			? { status: ['error'], told: false, leaves: ['missing'] }
			: { status: ['success'], told: true, leaves: ['doubled'] },
	);
	if (line === '1x') {
		await queue.restartWorkers({ QUEUE_WORKER_MAX_STALLED_COUNT: '0' });
		await tell(
			'the same with QUEUE_WORKER_MAX_STALLED_COUNT=0',
			async (execution) => {
				const worker = await busyWorker(queue, execution);
				await worker.kill();
				await queue.startWorker();
			},
			// As crashed, n8n sees the end before the queue does: then it may have run data, and Retry sends everything.
			{ status: ['error', 'crashed'], leaves: ['missing', 'doubled'] },
		);
	}
}

/** The worker that says in its log that it took this execution. */
async function busyWorker(queue: Queue, execution: string) {
	return await until(`the worker of execution ${execution}`, () =>
		queue.workers.find(({ log }) =>
			log.some((line) => new RegExp(`started execution ${execution}\\b`).test(line)),
		),
	);
}
