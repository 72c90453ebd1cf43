import { existsSync, mkdirSync } from 'fs';
import { join } from 'path';
import { startChild, type Child } from './children';
import { n8nEnvironment, type N8nPlace } from './environment';
import { lineFolder, nodeBinary } from './install';
import type { Line } from './paths';
import { freePort } from './ports';
import { until } from './until';

export interface InstanceOptions extends Omit<N8nPlace, 'port' | 'brokerPort'> {
	/** A free one if not given. */
	readonly port?: number;
	/** What n8n is started as; `start` (main: editor, REST and webhooks) if not given. */
	readonly command?: readonly string[];
	/** Whether a debugger can attach to it, on Node's usual port. */
	readonly inspect?: boolean;
}

/** A running n8n process. */
export interface Instance {
	readonly line: Line;
	readonly origin: string;
	readonly port: number;
	readonly userFolder: string;
	/** Every line that n8n has written since this process started. */
	readonly log: readonly string[];
	/** The process that runs n8n, as the system counts it. */
	readonly pid: number;
	/** Ends it politely, and by force when it takes longer than `grace` milliseconds; 10 seconds if not given. */
	stop(grace?: number): Promise<void>;
	/** Ends it as a power cut or the out-of-memory killer would. */
	kill(): Promise<void>;
	/** Asks it to end, with no limit on how long that takes. */
	terminate(): Promise<void>;
}

/** Starts n8n and waits until it responds: about ten seconds. Rejects with the end of its log when it doesn't. */
export async function startInstance(options: InstanceOptions): Promise<Instance> {
	const command = options.command ?? ['start'];
	const port = options.port ?? (await freePort());
	const place = { ...options, port, brokerPort: await freePort() };
	mkdirSync(options.userFolder, { recursive: true });
	const program = join(lineFolder(options.line), 'node_modules', 'n8n', 'bin', 'n8n');
	if (!existsSync(program)) throw new Error(`n8n ${options.line} isn't installed at ${program}`);
	const flags = options.inspect === true ? ['--inspect', '--enable-source-maps'] : [];
	const child = startChild(nodeBinary, [...flags, program, ...command], {
		cwd: options.userFolder,
		env: n8nEnvironment(place),
		logFile: join(options.userFolder, `${command[0] ?? 'n8n'}-${port}.log`),
	});
	const origin = `http://127.0.0.1:${port}`;
	await ready(child, command[0] ?? '', origin, place.extra);
	const { line, userFolder } = options;
	const pid = child.process.pid ?? 0;
	return {
		line,
		origin,
		port,
		userFolder,
		log: child.log,
		pid,
		stop: (grace) => child.stop(grace),
		kill: () => child.kill(),
		async terminate() {
			child.process.kill('SIGTERM');
			await child.ended;
			await child.kill();
		},
	};
}

/**
 * `/healthz` responds before the REST API does, so a main counts as started when its settings can be read; while it
 * migrates its database, it responds to everything with 200 and a sentence, so only JSON counts.
 */
async function ready(
	child: Child,
	command: string,
	origin: string,
	extra: NodeJS.ProcessEnv = {},
): Promise<void> {
	let ended = false;
	void child.ended.then(() => {
		ended = true;
	});
	const health = extra.QUEUE_HEALTH_CHECK_PORT;
	const address =
		command === 'start'
			? `${origin}/rest/settings`
			: command === 'worker' && health !== undefined
				? `http://127.0.0.1:${health}/healthz/readiness`
				: `${origin}/healthz`;
	const look = async () => {
		if (ended) return 'ended' as const;
		const answer = await fetch(address);
		const text = await answer.text();
		return answer.ok && text.startsWith('{') ? ('ready' as const) : undefined;
	};
	const outcome = await until(`n8n ${command} at ${origin}`, look, {
		within: 120_000,
		every: 200,
	}).catch((error: unknown) => (error instanceof Error ? error.message : 'no answer'));
	if (outcome === 'ready') return;
	await child.stop();
	throw new Error(`n8n ${command} didn't start (${outcome}):\n${child.log.slice(-40).join('\n')}`);
}
