import { randomUUID } from 'crypto';
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
const target = z.object({ node: z.string(), type: z.string(), index: z.number() });
const workflowShape = z
	.object({
		name: z.string(),
		nodes: z.array(nodeShape),
		connections: z.record(z.record(z.array(z.array(target)))),
		settings: z.record(z.unknown()),
		pinData: z.record(z.unknown()).optional(),
	})
	.passthrough();

/** In an example, the place where the builder chooses a data table; n8n 1.x takes an ID there, not a name. */
export const tableToChoose = 'choose-your-table';

interface TableDraft {
	readonly name: string;
	readonly columns: ReadonlyArray<{ readonly name: string; readonly type: string }>;
}

const text = (name: string) => ({ name, type: 'string' });

/** The data tables that examples write to, as their notes ask for them. */
const tables: Readonly<Record<string, TableDraft>> = {
	'collect-events.json': {
		name: 'Collected events',
		columns: [text('event'), text('reason'), { name: 'due', type: 'date' }],
	},
	'form-to-events.json': { name: 'Rejected sign-ups', columns: [text('email'), text('reason')] },
	'scheduled-backfill.json': {
		name: 'Bento back-fill',
		columns: [{ name: 'page', type: 'number' }],
	},
	'subscribers-from-spreadsheet.json': {
		name: 'Rejected subscribers',
		columns: [text('email'), text('reason')],
	},
	'outbox.json': {
		name: 'Bento outbox',
		columns: [
			...['event', 'status', 'run', 'reason'].map(text),
			{ name: 'tries', type: 'number' },
			{ name: 'due', type: 'date' },
		],
	},
};

export interface Credentials {
	readonly bentoApi: StoredCredential;
	readonly bentoWebhookSecretApi: StoredCredential;
	/** Of n8n's OpenAI chat model, for the agent; left out where no agent runs. */
	readonly openAiApi?: StoredCredential;
	/** Of n8n's Postgres node; left out where no database is there. */
	readonly postgres?: StoredCredential;
	/** Of n8n's Send Email node, for the person who approves. */
	readonly smtp?: StoredCredential;
}

/** The names of the example files. */
export function exampleFiles(): string[] {
	return readdirSync(folder)
		.filter((name) => name.endsWith('.json'))
		.sort();
}

/**
 * Reads an example and selects the credentials in it, as a builder does after importing. `replace` is what its notes
 * say to change.
 */
export function readExample(
	file: string,
	credentials: Credentials,
	replace: Readonly<Record<string, string>> = {},
): WorkflowDraft {
	let content = readFileSync(join(folder, file), 'utf8');
	for (const [from, to] of Object.entries(replace)) content = content.replaceAll(from, to);
	const { name, nodes, connections, settings, pinData } = workflowShape.parse(JSON.parse(content));
	const ready = nodes.map((node) => {
		const chosen = credentialsOf(node, credentials);
		return chosen === undefined ? node : { ...node, credentials: chosen };
	});
	return { name, nodes: ready, connections, settings, pinData };
}

function credentialsOf(
	{ type, parameters }: Pick<z.output<typeof nodeShape>, 'type' | 'parameters'>,
	{ bentoApi, bentoWebhookSecretApi, openAiApi, postgres, smtp }: Credentials,
): Record<string, StoredCredential> | undefined {
	if (type === `${packageName}.bentoWebhookTrigger`) {
		return parameters.loadPerson === true
			? { bentoWebhookSecretApi, bentoApi }
			: { bentoWebhookSecretApi };
	}
	if (type.startsWith(`${packageName}.bento`)) return { bentoApi };
	if (type === 'n8n-nodes-base.postgres' && postgres !== undefined) return { postgres };
	if (type.startsWith('n8n-nodes-base.emailSend') && smtp !== undefined) return { smtp };
	if (type.endsWith('.lmChatOpenAi') && openAiApi !== undefined) return { openAiApi };
	return undefined;
}

/** The data table that an example needs, in the owner's own project. */
export interface Table {
	readonly id: string;
	/** Its address in n8n's REST API. */
	readonly path: string;
}

const made = new Set<string>();

/** Makes the data table that an example needs; undefined where it needs none. */
export async function makeTable(client: N8nClient, file: string): Promise<Table | undefined> {
	const draft = tables[file];
	if (draft === undefined) return undefined;
	const withId = z.object({ id: z.string() }).passthrough();
	const project = await client.session.call(withId, 'GET', '/rest/projects/personal');
	const path = `/rest/projects/${project.id}/data-tables`;
	// Two tables of a project can't have the same name, and a second check may want one of its own.
	const name = made.has(draft.name) ? `${draft.name} ${randomUUID()}` : draft.name;
	made.add(name);
	const { id } = await client.session.call(withId, 'POST', path, { ...draft, name });
	return { id, path: `${path}/${id}` };
}

const page = z.object({ count: z.number(), data: z.array(z.record(z.unknown())) });

/** Up to 100 rows of a data table, and how many it has. */
export async function readTable(
	client: N8nClient,
	{ path }: Table,
): Promise<z.output<typeof page>> {
	return await client.session.call(page, 'GET', `${path}/rows?skip=0&take=100`);
}
