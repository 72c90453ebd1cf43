import type { IDataObject } from 'n8n-workflow';
import { createInterface } from 'readline/promises';
import { DEFAULT_BASE_URL } from '../nodes/shared/http/client/credential';
import { runWorkflow } from '../test/support/engine/run';
import { listFailed, report } from './report';
import { demoWorkflow, type BentoKeys } from './workflow';

/** Sends records to the real Bento, after a preview and a question. */
export async function toBento(records: readonly IDataObject[], yes: boolean): Promise<void> {
	const keys = readEnvironment();
	const preview = await runWorkflow('2x', demoWorkflow(records, keys, { dryRun: true }));
	const events = preview.json('Bento Track Event');
	const wrong = events.filter((json) => 'error' in json).length;
	console.log(
		`\n${events.length - wrong} of ${records.length} records can be sent. The first of them:\n`,
	);
	console.log(JSON.stringify(events.find((json) => !('error' in json))?.event ?? {}, null, 2));
	if (wrong > 0) console.log("\nThese can't be sent:");
	listFailed(preview);
	if (!yes && !(await agrees(`\nSend them to ${keys.baseUrl}? Type yes: `))) {
		console.log('Nothing was sent.');
		return;
	}
	const failed = report(await runWorkflow('2x', demoWorkflow(records, keys)));
	if (failed > 0) process.exitCode = 1;
}

function readEnvironment(): BentoKeys {
	const read = (name: string) => process.env[name]?.trim() ?? '';
	const keys = {
		publishableKey: read('BENTO_PUBLISHABLE_KEY'),
		secretKey: read('BENTO_SECRET_KEY'),
		siteUuid: read('BENTO_SITE_UUID'),
		baseUrl: read('BENTO_BASE_URL') || DEFAULT_BASE_URL,
	};
	if (Object.values(keys).includes('')) {
		throw new Error(
			'Set BENTO_PUBLISHABLE_KEY, BENTO_SECRET_KEY and BENTO_SITE_UUID. Bento shows them under Settings > API Keys.',
		);
	}
	return keys;
}

async function agrees(question: string): Promise<boolean> {
	const terminal = createInterface({ input: process.stdin, output: process.stdout });
	try {
		return (await terminal.question(question)).trim().toLowerCase() === 'yes';
	} finally {
		terminal.close();
	}
}
