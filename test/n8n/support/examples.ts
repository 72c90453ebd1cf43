import { readFileSync, readdirSync } from 'fs';
import { join } from 'path';
import { z } from 'zod';
import type { N8nClient, StoredCredential } from './client';
import { packageName, repository } from './paths';
import type { WorkflowDraft } from './workflows';

const folder = join(repository, 'examples');

const nodeShape = z
	.object({
		id: z.string(),
		name: z.string(),
		type: z.string(),
		typeVersion: z.number(),
		position: z.tuple([z.number(), z.number()]),
		parameters: z.record(z.unknown()),
	})
	.passthrough();
const target = z.object({ node: z.string(), type: z.literal('main'), index: z.number() });
const workflowShape = z
	.object({
		name: z.string(),
		nodes: z.array(nodeShape),
		connections: z.record(z.object({ main: z.array(z.array(target)) })),
		settings: z.record(z.unknown()),
		pinData: z.record(z.unknown()).optional(),
	})
	.passthrough();

/** The data table that the form example writes to, as its note asks for it. */
const rejectedTable = {
	name: 'Rejected sign-ups',
	columns: [
		{ name: 'email', type: 'string' },
		{ name: 'reason', type: 'string' },
	],
};

export interface Credentials {
	readonly bentoApi: StoredCredential;
	readonly bentoWebhookSecretApi: StoredCredential;
}

/** Stands in the form example where a person chooses the table; n8n 1.x takes an ID there, not a name. */
export const tableToChoose = 'choose-your-table';

/** The names of the example files. */
export function exampleFiles(): string[] {
	return readdirSync(folder)
		.filter((name) => name.endsWith('.json'))
		.sort();
}

/**
 * Reads an example and chooses the credentials in it, as a person does after importing. `replace` stands for what
 * its notes say to change.
 */
export function readExample(
	file: string,
	credentials: Credentials,
	replace: Readonly<Record<string, string>> = {},
): WorkflowDraft {
	let text = readFileSync(join(folder, file), 'utf8');
	for (const [from, to] of Object.entries(replace)) text = text.replaceAll(from, to);
	const { name, nodes, connections, settings, pinData } = workflowShape.parse(JSON.parse(text));
	const chosen: Readonly<Record<string, object>> = {
		[`${packageName}.bentoTrackEvent`]: { bentoApi: credentials.bentoApi },
		[`${packageName}.bentoWebhookTrigger`]: {
			bentoWebhookSecretApi: credentials.bentoWebhookSecretApi,
		},
	};
	const ready = nodes.map((node) => {
		const own = chosen[node.type];
		return own === undefined ? node : { ...node, credentials: own };
	});
	return { name, nodes: ready, connections, settings, pinData };
}

/** Makes the data table that the form example writes to, in the owner's own project. */
export async function makeRejectedTable(client: N8nClient): Promise<{ id: string; path: string }> {
	const withId = z.object({ id: z.string() }).passthrough();
	const project = await client.session.call(withId, 'GET', '/rest/projects/personal');
	const path = `/rest/projects/${project.id}/data-tables`;
	const { id } = await client.session.call(withId, 'POST', path, rejectedTable);
	return { id, path: `${path}/${id}` };
}
