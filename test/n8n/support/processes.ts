import { existsSync, readFileSync } from 'fs';

/** What Linux tells about a process. */

/** In MiB; undefined when the process has ended. */
export function residentMemory(pid: number): number | undefined {
	const file = `/proc/${pid}/status`;
	if (!existsSync(file)) return undefined;
	const kibibytes = /VmRSS:\s+(\d+)/.exec(readFileSync(file, 'utf8'))?.[1];
	return Math.round(Number(kibibytes) / 1024);
}

/** User and system time of a process so far, in seconds; Linux counts it in hundredths. */
export function cpuSeconds(pid: number): number {
	const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
	return (Number(fields[11]) + Number(fields[12])) / 100;
}
