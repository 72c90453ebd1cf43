import { execFileSync, spawnSync } from 'child_process';
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'fs';
import { connect } from 'net';
import { tmpdir } from 'os';
import { join } from 'path';
import { setTimeout as sleep } from 'timers/promises';
import { findChromium } from './browser';
import { startChild, type Child } from './children';
import { freePort } from './ports';
import { until } from './until';

/** Where the programs that queue mode needs are. */
export interface Programs {
	readonly redis: string;
	readonly initdb: string;
	readonly postgres: string;
	readonly createdb: string;
}

/** Redis and PostgreSQL on ports of their own, with empty data. */
export interface Services {
	readonly redisPort: number;
	readonly postgresPort: number;
	/** Ends one of them and starts it again after some time, in ms. Redis has forgotten everything by then. */
	restart(which: 'redis' | 'postgres', after: number): Promise<void>;
	/** A new, empty database in that PostgreSQL. */
	createDatabase(name: string): void;
	stop(): Promise<void>;
}

/** Debian keeps PostgreSQL's server programs out of PATH. */
const debianPostgres = '/usr/lib/postgresql';

/** Finds Redis and PostgreSQL, or says what is missing. */
export function findPrograms(): Programs | string {
	const redis = find('redis-server');
	const initdb = find('initdb');
	const postgres = find('postgres');
	const createdb = find('createdb');
	if (redis === undefined) return 'redis-server is not installed';
	if (initdb === undefined || postgres === undefined || createdb === undefined) {
		return 'PostgreSQL is not installed';
	}
	return { redis, initdb, postgres, createdb };
}

/** Installs what is missing of Redis, PostgreSQL and Chromium from Debian's packages, as root. Nothing is left running. */
export function installPrograms(print: (line: string) => void): void {
	if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) return;
	const packages = [
		...(typeof findPrograms() === 'string' ? ['redis-server', 'postgresql'] : []),
		...(findChromium() === undefined ? ['chromium'] : []),
	];
	if (packages.length === 0) return;
	print(`Installing ${packages.join(', ')} from the system packages …`);
	// Run level 1 is how invoke-rc.d is told not to start what was installed.
	const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' };
	spawnSync('apt-get', ['update'], { env, stdio: 'ignore' });
	spawnSync('apt-get', ['install', '-y', '--no-install-recommends', ...packages], {
		env,
		stdio: 'ignore',
	});
}

/** Starts both, and waits until they respond. */
export async function startServices(programs: Programs): Promise<Services> {
	// The system's folder for temporary files keeps the socket's path below the limit of 107 bytes.
	const folder = mkdtempSync(join(tmpdir(), 'n8n-queue-'));
	const account = unprivileged();
	const redisPort = await freePort();
	const postgresPort = await freePort();
	const startRedis = () =>
		startChild(
			programs.redis,
			['--port', String(redisPort), '--bind', '127.0.0.1', '--save', '', '--dir', folder],
			{ cwd: folder, env: process.env, logFile: join(folder, 'redis.log') },
		);
	const data = join(folder, 'data');
	if (account !== undefined) chownSync(folder, account.uid, account.gid);
	execFileSync(programs.initdb, ['-A', 'trust', '-U', 'n8n', '-D', data], {
		...account,
		cwd: folder,
		stdio: 'ignore',
	});
	const settings = [
		'-c',
		'listen_addresses=127.0.0.1',
		'-c',
		'fsync=off',
		'-c',
		'max_connections=200',
	];
	const startPostgres = () =>
		startChild(
			programs.postgres,
			['-D', data, '-p', String(postgresPort), '-k', folder, ...settings],
			{ cwd: folder, env: process.env, logFile: join(folder, 'postgres.log'), ...account },
		);
	let redis = startRedis();
	let postgres = startPostgres();
	await answers(redis, redisPort, 'Redis');
	await answers(postgres, postgresPort, 'PostgreSQL');
	return {
		redisPort,
		postgresPort,
		async restart(which, after) {
			// PostgreSQL takes SIGINT for a shutdown that doesn't wait for its clients; SIGTERM waits.
			if (which === 'postgres') postgres.process.kill('SIGINT');
			await (which === 'redis' ? redis : postgres).stop();
			await sleep(after);
			if (which === 'redis') redis = startRedis();
			else postgres = startPostgres();
			if (which === 'redis') await answers(redis, redisPort, 'Redis');
			else await answers(postgres, postgresPort, 'PostgreSQL');
		},
		createDatabase(name) {
			const flags = ['-h', '127.0.0.1', '-p', String(postgresPort), '-U', 'n8n', name];
			execFileSync(programs.createdb, flags, { stdio: 'pipe' });
		},
		async stop() {
			await Promise.all([redis.stop(), postgres.stop()]);
			rmSync(folder, { recursive: true, force: true });
		},
	};
}

function find(program: string): string | undefined {
	const found = spawnSync('which', [program], { encoding: 'utf8' }).stdout?.trim();
	if (found) return found;
	if (!existsSync(debianPostgres)) return undefined;
	return readdirSync(debianPostgres)
		.map((version) => join(debianPostgres, version, 'bin', program))
		.find((path) => existsSync(path));
}

/** PostgreSQL refuses to run as root; its package brings an account for that. */
function unprivileged(): { uid: number; gid: number } | undefined {
	if (process.getuid?.() !== 0) return undefined;
	const id = (flag: string) => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }));
	return { uid: id('-u'), gid: id('-g') };
}

async function answers(child: Child, port: number, what: string): Promise<void> {
	let ended = false;
	void child.ended.then(() => {
		ended = true;
	});
	const outcome = await until(what, () => (ended ? 'ended' : reachable(port)), { within: 30_000 });
	if (outcome === 'ended') throw new Error(`${what} didn't start:\n${child.log.join('\n')}`);
}

function reachable(port: number): Promise<'ready' | undefined> {
	return new Promise((resolve) => {
		const socket = connect(port, '127.0.0.1');
		socket.once('connect', () => {
			socket.destroy();
			resolve('ready');
		});
		socket.once('error', () => resolve(undefined));
	});
}
