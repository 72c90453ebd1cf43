/** `npm run bench`: every case in turn, as a table, as JSON, and as a chart for the docs. */
import { mkdirSync, writeFileSync } from 'fs';
import os from 'os';
import path from 'path';
import { placePackages } from '../test/support/engine/packages';
import { ROOT } from '../test/support/root';
import { bulk, sequential } from './cases/bulk';
import { crowd } from './cases/crowd';
import { mapping } from './cases/mapping';
import { memory } from './cases/memory';
import { packageCost } from './cases/packageCost';
import { trigger } from './cases/trigger';
import { triggerMemory } from './cases/triggerMemory';
import { drawChart } from './support/chart';
import { printTable, type Line } from './support/report';

async function main(): Promise<void> {
	placePackages();
	const lines: Line[] = [];
	const cases = [bulk, sequential, crowd, mapping, memory, trigger, triggerMemory, packageCost];
	for (const measure of cases) {
		console.log(`measuring ${measure.name} …`);
		lines.push(...(await measure()));
	}
	console.log('');
	printTable(lines);
	const machine = `${os.cpus().length} cores, Node.js ${process.version}`;
	const out = path.join(ROOT, 'benchmarks', 'results.json');
	writeFileSync(out, `${JSON.stringify({ machine, lines }, null, '\t')}\n`);
	mkdirSync(path.join(ROOT, 'docs', 'images'), { recursive: true });
	const chart = lines.filter(isDelivery);
	writeFileSync(
		path.join(ROOT, 'docs', 'images', 'benchmark.svg'),
		drawChart(chart, `Bento Track Event on n8n's engine (${machine})`),
	);
}

/** What sends events, beside another way of doing the same. */
function isDelivery({ name, beside }: Line): boolean {
	return /^[\d,]+ (events|items)/.test(name) && beside !== '10,000 events';
}

main().then(
	() => process.exit(),
	(error: unknown) => {
		console.error(error);
		process.exit(1);
	},
);
