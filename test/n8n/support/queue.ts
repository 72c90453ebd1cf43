import { mkdirSync, rmSync } from 'fs';
import { join } from 'path';
import { startBentoServer, type BentoServer } from '../../bentoServer';
import { N8nClient, type StoredCredential } from './client';
import { startInstance, type Instance } from './instance';
import { installAsCommunityPackage, packPackage } from './packaging';
import { devFolder, type Line } from './paths';
import { freePort } from './ports';
import type { Services } from './services';
import { bentoData } from './world';

/**
 * How long a worker's job counts as its own without a sign of life, and how often n8n looks for jobs whose worker
 * gave none. n8n's own values are 60 and 30 seconds.
 */
export const shortLocks = {
	QUEUE_WORKER_LOCK_DURATION: '8000',
	QUEUE_WORKER_LOCK_RENEW_TIME: '2000',
	QUEUE_WORKER_STALLED_INTERVAL: '4000',
};

/** A main, workers and a webhook process over one Redis and one PostgreSQL. */
export interface Queue {
	readonly line: Line;
	readonly bento: BentoServer;
	readonly client: N8nClient;
	readonly main: Instance;
	readonly hooks: Instance;
	/** Those that run, and those that were ended, whose logs still count. */
	readonly workers: readonly Instance[];
	/** What all processes wrote since they were started. */
	log(): readonly string[];
	credential(): Promise<{ bentoApi: StoredCredential }>;
	restartHooks(): Promise<void>;
	/** Kills the main and starts it again. */
	restartMain(): Promise<void>;
	/** Starts one more worker; with a folder of its own, its packages are those in there. */
	startWorker(userFolder?: string): Promise<Instance>;
	/** One more webhook process. */
	startHooks(): Promise<Instance>;
	/** Ends all workers, and starts as many with these variables beside the others. */
	restartWorkers(extra: NodeJS.ProcessEnv): Promise<void>;
}

export interface QueueSize {
	readonly workers: number;
	/** Executions that each of them runs at once. */
	readonly concurrency: number;
}

let databases = 0;

/** Starts one with an empty database; `started` gets what ends each process. */
export async function startQueue(
	line: Line,
	services: Services,
	started: Array<() => Promise<void>>,
	size: QueueSize = { workers: 2, concurrency: 5 },
): Promise<Queue> {
	const userFolder = join(devFolder, 'run', `queue-${line}`);
	rmSync(userFolder, { recursive: true, force: true });
	mkdirSync(userFolder, { recursive: true });
	installAsCommunityPackage(packPackage(), userFolder);
	databases += 1;
	const database = `n8n_${line}_${databases}`;
	services.createDatabase(database);
	const hooksPort = await freePort();
	const shared = {
		EXECUTIONS_MODE: 'queue',
		QUEUE_BULL_REDIS_HOST: '127.0.0.1',
		QUEUE_BULL_REDIS_PORT: String(services.redisPort),
		QUEUE_BULL_REDIS_DB: line === '2x' ? '0' : '1',
		DB_TYPE: 'postgresdb',
		DB_POSTGRESDB_HOST: '127.0.0.1',
		DB_POSTGRESDB_PORT: String(services.postgresPort),
		DB_POSTGRESDB_DATABASE: database,
		DB_POSTGRESDB_USER: 'n8n',
		DB_POSTGRESDB_PASSWORD: 'n8n',
	};
	const webhookUrl = `http://127.0.0.1:${hooksPort}/`;
	const options = { line, userFolder, webhookUrl };
	const start = async (
		command: string[],
		more: NodeJS.ProcessEnv = {},
		port?: number,
		where = {},
	) => {
		const extra = { ...shared, ...more };
		const instance = await startInstance({ ...options, command, extra, port, ...where });
		started.push(() => instance.stop());
		return instance;
	};
	const bento = await startBentoServer();
	started.push(() => bento.close());
	let main = await start(['start']);
	const workers: Instance[] = [];
	let workersExtra: NodeJS.ProcessEnv = shortLocks;
	const startWorker = async (folder?: string) => {
		const more = {
			QUEUE_HEALTH_CHECK_ACTIVE: 'true',
			QUEUE_HEALTH_CHECK_PORT: String(await freePort()),
			...workersExtra,
		};
		const command = ['worker', `--concurrency=${size.concurrency}`];
		const where = folder === undefined ? {} : { userFolder: folder };
		const worker = await start(command, more, undefined, where);
		workers.push(worker);
		return worker;
	};
	const startWorkers = async () => {
		for (let index = 0; index < size.workers; index += 1) await startWorker();
	};
	let hooks = await start(['webhook'], {}, hooksPort);
	await startWorkers();
	let client = await N8nClient.signIn(main);
	let credential: Promise<StoredCredential> | undefined;
	return {
		line,
		bento,
		get client() {
			return client;
		},
		get main() {
			return main;
		},
		get hooks() {
			return hooks;
		},
		workers,
		log: () => [main, hooks, ...workers].flatMap(({ log }) => log),
		async credential() {
			credential ??= client.createCredential('bentoApi', 'Bento', bentoData(bento));
			return { bentoApi: await credential };
		},
		async restartHooks() {
			await hooks.stop();
			hooks = await start(['webhook'], {}, hooksPort);
		},
		async restartMain() {
			await main.kill();
			main = await start(['start'], {}, main.port);
			client = await N8nClient.signIn(main);
		},
		startWorker,
		startHooks: () => start(['webhook']),
		async restartWorkers(extra) {
			workersExtra = { ...shortLocks, ...extra };
			await Promise.all(workers.map((worker) => worker.stop()));
			await startWorkers();
		},
	};
}
