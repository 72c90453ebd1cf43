import { z } from 'zod';
import { Executions, type Execution } from './executions';
import type { Instance } from './instance';
import { packageName } from './paths';
import { Session } from './session';
import type { WorkflowDraft } from './workflows';
import { until } from './until';

/** The owner that every test instance gets; it can be reached from this machine only. */
export const owner = {
	email: 'owner@example.com',
	firstName: 'Robin',
	lastName: 'Owner',
	password: 'Sushi-and-rice-7',
};

const scopes = [
	'workflow:create',
	'workflow:read',
	'workflow:list',
	'workflow:activate',
	'execution:read',
	'execution:list',
	'credential:create',
];

const withId = z.object({ id: z.string() }).passthrough();
const publication = z.object({
	status: z.string(),
	triggers: z.array(z.object({ errorMessage: z.string().nullish() })),
});

export interface StoredCredential {
	readonly id: string;
	readonly name: string;
}

/** Drives one n8n as its owner, through the calls that the editor makes and the public API. */
export class N8nClient extends Executions {
	private constructor(
		readonly session: Session,
		apiKey: string,
	) {
		super(session.origin, apiKey);
	}

	/** Makes the owner on the first visit, signs in, and makes an API key. */
	static async signIn(instance: Pick<Instance, 'origin'>): Promise<N8nClient> {
		const session = new Session(instance.origin);
		await session.send('POST', '/rest/owner/setup', owner);
		await session.call(z.unknown(), 'POST', '/rest/login', {
			emailOrLdapLoginId: owner.email,
			password: owner.password,
		});
		// 1.x signs keys with a time in seconds and refuses a second one of the same second.
		const made = await until(
			'an API key',
			async () =>
				await session.call(z.object({ rawApiKey: z.string() }), 'POST', '/rest/api-keys', {
					label: `tests ${Date.now()}-${Math.random()}`,
					expiresAt: null,
					scopes,
				}),
			{ within: 10_000, every: 1100 },
		);
		return new N8nClient(session, made.rawApiKey);
	}

	async createCredential(
		type: string,
		name: string,
		data: Record<string, unknown>,
	): Promise<StoredCredential> {
		const { id } = await this.session.call(withId, 'POST', '/rest/credentials', {
			name,
			type,
			data,
		});
		return { id, name };
	}

	/** Saves a stored credential with other values, as its form does. */
	async changeCredential(
		type: string,
		{ id, name }: StoredCredential,
		data: Record<string, unknown>,
	): Promise<void> {
		await this.session.call(withId, 'PATCH', `/rest/credentials/${id}`, { name, type, data });
	}

	/** What the credential's Test button does, with the values as they'd stand in its form. */
	async testCredential(
		type: string,
		stored: StoredCredential,
		data: Record<string, unknown>,
	): Promise<{ status: string; message: string }> {
		const shape = z.object({ status: z.string(), message: z.string() });
		return await this.session.call(shape, 'POST', '/rest/credentials/test', {
			credentials: { ...stored, type, data },
		});
	}

	/** What a dropdown of one of this package's nodes lists, as the editor asks for it while someone types `filter`. */
	async listEntries(
		type: string,
		methodName: string,
		credentials: Record<string, StoredCredential>,
		filter?: string,
	): Promise<Array<{ name: string; value: string }>> {
		const entry = z.object({ name: z.string(), value: z.string() });
		const shape = z.object({ results: z.array(entry) });
		const path = '/rest/dynamic-node-parameters/resource-locator-results';
		const { results } = await this.session.call(shape, 'POST', path, {
			path: 'parameters.any',
			nodeTypeAndVersion: { name: `${packageName}.${type}`, version: 1 },
			methodName,
			currentNodeParameters: {},
			credentials,
			filter,
		});
		return results;
	}

	async createWorkflow(draft: WorkflowDraft): Promise<string> {
		const { id } = await this.session.call(withId, 'POST', '/rest/workflows', {
			...draft,
			active: false,
			settings: { executionOrder: 'v1', ...draft.settings },
		});
		return id;
	}

	/** Activates a workflow (2.x says publishes) and waits until its triggers stand; rejects with n8n's words if not. */
	async activate(id: string): Promise<void> {
		const problem = await this.activationProblem(id);
		if (problem !== undefined) throw new Error(`Not activated: ${problem}`);
	}

	/**
	 * Activates a workflow and returns what n8n says went wrong, if anything. 1.x checks before it answers; 2.x
	 * answers first, and tells the outcome in the workflow's publication status.
	 */
	async activationProblem(id: string): Promise<string | undefined> {
		const { versionId } = await this.session.call(
			z.object({ versionId: z.string() }).passthrough(),
			'GET',
			`/rest/workflows/${id}`,
		);
		const path = `/rest/workflows/${id}`;
		const reply = await this.session.send('POST', `${path}/activate`, { versionId });
		if (reply.status >= 300) return JSON.stringify(reply.body);
		const status = await this.session.send('GET', `${path}/publication-status`);
		if (status.status === 404) return undefined;
		const settled = await until('the publication', async () => {
			const now = await this.session.call(publication, 'GET', `${path}/publication-status`);
			return now.status === 'in_progress' || now.status === 'not_published' ? undefined : now;
		});
		if (settled.status === 'published') return undefined;
		return settled.triggers.map(({ errorMessage }) => errorMessage ?? '').join(' ');
	}

	async deactivate(id: string): Promise<void> {
		await this.session.call(z.unknown(), 'POST', `/rest/workflows/${id}/deactivate`, {});
	}

	/** Starts a workflow from its manual trigger, as the editor's Execute button does, and returns the execution. */
	async start(id: string, trigger = 'Manual'): Promise<string> {
		const workflowData = await this.session.call(z.unknown(), 'GET', `/rest/workflows/${id}`);
		const started = await this.session.call(
			z.object({ executionId: z.coerce.string() }),
			'POST',
			`/rest/workflows/${id}/run`,
			{ workflowData, triggerToStartFrom: { name: trigger } },
		);
		return started.executionId;
	}

	/** Opens the test URL of a workflow's trigger, as Listen for Test Event does. */
	async listenForTest(id: string, trigger: string): Promise<void> {
		const workflowData = await this.session.call(z.unknown(), 'GET', `/rest/workflows/${id}`);
		const shape = z.object({ waitingForWebhook: z.literal(true) });
		await this.session.call(shape, 'POST', `/rest/workflows/${id}/run`, {
			workflowData,
			triggerToStartFrom: { name: trigger },
		});
	}

	async stopExecution(id: string): Promise<void> {
		await this.session.call(z.unknown(), 'POST', `/rest/executions/${id}/stop`, {});
	}

	/** What Retry does in the list of executions. */
	async retry(id: string): Promise<void> {
		await this.session.send('POST', `/rest/executions/${id}/retry`, { loadWorkflow: true });
	}

	/** Starts a workflow from its manual trigger and waits for the end. */
	async run(id: string, within?: number): Promise<Execution> {
		return await this.finished(await this.start(id), within);
	}

	async types(kind: 'nodes' | 'credentials'): Promise<Array<Record<string, unknown>>> {
		return await this.session.call(z.array(z.record(z.unknown())), 'GET', `/types/${kind}.json`);
	}
}
