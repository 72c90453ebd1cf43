import { spawn, type ChildProcess } from 'child_process';
import { createWriteStream } from 'fs';
import { setTimeout as sleep } from 'timers/promises';

export interface ChildOptions {
	readonly cwd: string;
	readonly env: NodeJS.ProcessEnv;
	/** The file that keeps what the process writes. */
	readonly logFile: string;
	/** User and group to run as, where it must not be root. */
	readonly uid?: number;
	readonly gid?: number;
}

/** A process in a group of its own, with everything it wrote. */
export interface Child {
	readonly process: ChildProcess;
	/** All lines so far, of both streams, in the order they came. */
	readonly log: string[];
	readonly ended: Promise<number | null>;
	/** Ends the whole group: politely first, by force after `grace` milliseconds (10 seconds if not given). */
	stop(grace?: number): Promise<void>;
	/** Ends the whole group by force, without asking. */
	kill(): Promise<void>;
}

const running = new Set<number>();
let guardian: ChildProcess | undefined;

/**
 * Starts a process as the leader of a group, so that stopping it takes along what it started itself.
 * A guardian outlives this process by a moment and ends the group even when this process is killed.
 */
export function startChild(command: string, args: string[], options: ChildOptions): Child {
	const child = spawn(command, args, {
		cwd: options.cwd,
		env: options.env,
		uid: options.uid,
		gid: options.gid,
		detached: true,
		stdio: ['ignore', 'pipe', 'pipe'],
	});
	const { pid } = child;
	if (pid !== undefined) guard(pid);
	const log: string[] = [];
	const file = createWriteStream(options.logFile, { flags: 'a' });
	for (const stream of [child.stdout, child.stderr]) collectLines(stream, log, file);
	const ended = new Promise<number | null>((resolve) => {
		child.once('error', (error) => {
			log.push(error.message);
			resolve(null);
		});
		child.once('exit', (code) => resolve(code));
	});
	return {
		process: child,
		log,
		ended,
		stop: (grace) => stop(pid, ended, grace),
		kill: () => kill(pid, ended),
	};
}

function collectLines(
	stream: NodeJS.ReadableStream,
	log: string[],
	file: NodeJS.WritableStream,
): void {
	let rest = '';
	stream.setEncoding('utf8');
	stream.on('data', (text: string) => {
		file.write(text);
		const pieces = (rest + text).split('\n');
		rest = pieces.pop() ?? '';
		log.push(...pieces);
	});
}

async function stop(
	pid: number | undefined,
	ended: Promise<number | null>,
	grace = 10_000,
): Promise<void> {
	if (pid === undefined) return;
	signal(pid, 'SIGTERM');
	await Promise.race([ended, sleep(grace, undefined, { ref: false })]);
	await kill(pid, ended);
}

async function kill(pid: number | undefined, ended: Promise<number | null>): Promise<void> {
	if (pid === undefined) return;
	signal(pid, 'SIGKILL');
	await ended;
	running.delete(pid);
	guardian?.stdin?.write(`-${pid}\n`);
}

/** Sends a signal to a whole group; a group that is gone already is fine. */
function signal(pid: number, name: NodeJS.Signals): void {
	try {
		process.kill(-pid, name);
	} catch {
		return;
	}
}

function guard(pid: number): void {
	running.add(pid);
	guardian ??= startGuardian();
	guardian.stdin?.write(`+${pid}\n`);
}

/** What the guardian runs: it keeps the list, and its input ends when this process ends, however it does. */
const guardianCode = `
const groups = new Set();
let rest = '';
process.stdin.on('data', (text) => {
	const pieces = (rest + text).split('\\n');
	rest = pieces.pop();
	for (const line of pieces) groups[line[0] === '+' ? 'add' : 'delete'](Number(line.slice(1)));
});
process.stdin.on('end', () => {
	for (const pid of groups) { try { process.kill(-pid, 'SIGKILL'); } catch {} }
});
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(name, () => {});
`;

function startGuardian(): ChildProcess {
	const started = spawn(process.execPath, ['-e', guardianCode], {
		detached: true,
		stdio: ['pipe', 'ignore', 'ignore'],
	});
	started.unref();
	process.once('exit', () => {
		for (const pid of running) signal(pid, 'SIGKILL');
	});
	return started;
}

/**
 * Runs `cleanUp` once when the terminal or the system asks this process to end, then ends it. A second Ctrl-C ends it
 * immediately; the guardian then takes the children along.
 */
export function onEnd(cleanUp: () => Promise<void>): void {
	let asked = false;
	for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
		process.on(name, () => {
			if (asked) process.exit(130);
			asked = true;
			void cleanUp().finally(() => process.exit(name === 'SIGINT' ? 130 : 143));
		});
	}
}
