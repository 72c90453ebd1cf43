/** `npm run bench:n8n`: the trigger beside n8n's own Webhook node, in a real n8n. */
import { rmSync, writeFileSync } from 'fs';
import os from 'os';
import path from 'path';
import { onEnd } from '../test/n8n/support/children';
import { N8nClient } from '../test/n8n/support/client';
import { installLine, n8nVersion } from '../test/n8n/support/install';
import { startInstance } from '../test/n8n/support/instance';
import { installAsCommunityPackage, packPackage } from '../test/n8n/support/packaging';
import { devFolder } from '../test/n8n/support/paths';
import { ROOT } from '../test/support/root';
import { n8nWebhooks } from './cases/n8nWebhooks';
import { printTable } from './support/report';

const line = '2x';
const print = (text: string) => console.log(text);

async function main(): Promise<void> {
	await installLine(line, print);
	const userFolder = path.join(devFolder, 'run', 'bench');
	rmSync(userFolder, { recursive: true, force: true });
	installAsCommunityPackage(packPackage(), userFolder);
	print(`Starting n8n ${n8nVersion(line)} …`);
	const instance = await startInstance({ line, userFolder });
	onEnd(() => instance.stop());
	try {
		const client = await N8nClient.signIn(instance);
		print('Measuring; it takes some eight minutes …');
		const lines = await n8nWebhooks(instance.origin, client);
		print('');
		printTable(lines);
		const machine = `${os.cpus().length} cores, n8n ${n8nVersion(line)} on Node.js 24`;
		const out = path.join(ROOT, 'benchmarks', 'results-n8n.json');
		writeFileSync(out, `${JSON.stringify({ machine, lines }, null, '\t')}\n`);
	} finally {
		await instance.stop();
	}
}

main().then(
	() => process.exit(),
	(error: unknown) => {
		console.error(error);
		process.exit(1);
	},
);
