import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'http';
import type { AddressInfo } from 'net';
import { createGunzip, createInflate } from 'zlib';
import type {
	ICredentialDataDecryptedObject,
	IDataObject,
	IHookFunctions,
	INode,
	INodeParameters,
	INodeType,
	IWebhookDescription,
	IWebhookFunctions,
	IWebhookResponseData,
	Workflow,
	WorkflowExecuteMode,
} from 'n8n-workflow';
import { credentialsHelper } from '../../support/engine/credentials';
import { engineLine, type Line } from '../../support/engine/lines';
import { requireOf, type LineName } from '../../support/engine/packages';

export interface TriggerOptions {
	readonly line?: LineName;
	readonly parameters?: INodeParameters;
	/** By credential type; default a header secret. */
	readonly credentials?: Readonly<Record<string, ICredentialDataDecryptedObject>>;
	readonly mode?: WorkflowExecuteMode;
	/** Names the node in what it remembers; default a new one for every server. */
	readonly nodeId?: string;
	/** Static data as a database would hand it out; default empty. */
	readonly staticData?: IDataObject;
	/** What express puts in place of a dynamic path's names. */
	readonly params?: Readonly<Record<string, string>>;
	/** The sender's address behind trusted proxies, as express would tell it. */
	readonly ip?: string;
	/**
	 * What n8n does with an item: by default, records it and responds. A rejection simulates a database that is down.
	 */
	readonly run?: (item: IDataObject) => Promise<void>;
	/** Default true; false for a load test that keeps nothing. */
	readonly record?: boolean;
	/** Gets how long each call of the node's webhook method took, in ms. */
	readonly onCall?: (spent: number) => void;
}

export interface TriggerServer {
	readonly url: string;
	/** The items that started a workflow, in order. */
	readonly started: IDataObject[];
	/** Lines of every level. */
	readonly logged: string[];
	readonly warned: string[];
	/** How often the secret credential was read. */
	readonly credentialReads: () => number;
	/** As it would be in n8n's database now. */
	readonly staticData: () => IDataObject;
	create(): Promise<unknown>;
	remove(): Promise<unknown>;
	/** What n8n calls when "Listen for test event" begins and ends. */
	listenForTest(): Promise<void>;
	close(): Promise<void>;
}

export const SECRET = 'correct horse battery';
export const NODE_TYPE = 'n8n-nodes-bentonow.bentoWebhookTrigger';

interface WebhookCore {
	readonly WebhookContext: new (...args: unknown[]) => IWebhookFunctions;
	readonly HookContext: new (...args: unknown[]) => IHookFunctions;
}

interface DescriptionResolving {
	resolveWebhookDescriptionField(
		node: INode,
		description: IWebhookDescription,
		field: string,
	): { readonly resolved: boolean; readonly value?: unknown };
}

let servers = 0;

/**
 * An HTTP server that hands requests to the built node as n8n's own does: a workflow made for each request,
 * n8n's WebhookContext, and the answers of n8n's webhook-helpers. Static data is saved when that line saves it.
 */
export async function startTrigger(options: TriggerOptions = {}): Promise<TriggerServer> {
	const lineName = options.line ?? '2x';
	const line = await engineLine(lineName);
	const core = requireOf(lineName)('n8n-core') as WebhookCore;
	const nodeType = line.loader.nodeTypes.bentoWebhookTrigger?.type;
	if (!nodeType?.webhook) throw new Error('The built package has no trigger');
	servers += 1;
	const host = new Host(line, core, nodeType, options, `node-${servers}`);
	const server = createServer((request, response) => void host.serve(request, response));
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	const { port } = server.address() as AddressInfo;
	return {
		url: `http://127.0.0.1:${port}/webhook/bento`,
		started: host.started,
		logged: host.logged,
		warned: host.warned,
		credentialReads: () => host.credentialReads,
		staticData: () => host.saved,
		create: async () => await host.hook('create', false),
		remove: async () => await host.hook('delete', false),
		listenForTest: async () => {
			await host.hook('create', true);
			await host.hook('delete', true);
		},
		close: async () => await close(server),
	};
}

async function close(server: Server): Promise<void> {
	server.closeAllConnections();
	await new Promise<void>((resolve) => server.close(() => resolve()));
}

class Host {
	readonly started: IDataObject[] = [];
	readonly logged: string[] = [];
	readonly warned: string[] = [];
	credentialReads = 0;
	saved: IDataObject;
	private readonly node: INode;
	private readonly resolving: Partial<DescriptionResolving>;
	private readonly credentials: Readonly<Record<string, ICredentialDataDecryptedObject>>;

	constructor(
		private readonly line: Line,
		private readonly core: WebhookCore,
		private readonly nodeType: INodeType,
		private readonly options: TriggerOptions,
		id: string,
	) {
		this.credentials = options.credentials ?? { bentoWebhookSecretApi: { secret: SECRET } };
		this.saved = options.staticData ?? {};
		this.resolving = requireOf(line.name)('n8n-workflow') as Partial<DescriptionResolving>;
		this.node = {
			id: options.nodeId ?? id,
			name: 'Bento Webhook Trigger',
			type: NODE_TYPE,
			typeVersion: 1,
			position: [0, 0],
			webhookId: '6f0b7d1e-9a35-4c14-8d0e-58b32a7c1f60',
			parameters: options.parameters ?? {},
			credentials: Object.fromEntries(
				Object.keys(this.credentials).map((type) => [type, { id: type, name: type }]),
			),
		};
	}

	async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
		const workflow = this.workflow();
		const description = this.nodeType.description.webhooks?.[0];
		if (!description || !this.nodeType.webhook) throw new Error('No webhook');
		dress(request, this.options);
		const context = new this.core.WebhookContext(
			workflow,
			workflow.getNode(this.node.name),
			this.additionalData(request, response),
			this.options.mode ?? 'webhook',
			{ webhookDescription: description },
			[],
			null,
		);
		this.captureLog(context);
		let result: IWebhookResponseData;
		const began = performance.now();
		try {
			result = await this.nodeType.webhook.call(context);
			this.options.onCall?.(performance.now() - began);
		} catch (error) {
			send(response, 500, `The node threw: ${String(error)}`);
			return;
		}
		await this.finish(workflow, description, result, response);
	}

	async hook(method: 'create' | 'delete', isTest: boolean): Promise<unknown> {
		const workflow = this.workflow();
		const context = new this.core.HookContext(
			workflow,
			workflow.getNode(this.node.name),
			this.additionalData(),
			'webhook',
			'activate',
			{ isTest, webhookDescription: this.nodeType.description.webhooks?.[0] },
		);
		const result = await this.nodeType.webhookMethods?.default?.[method].call(context);
		this.save(workflow);
		return result;
	}

	/** What n8n's webhook-helpers do with a node's result, in the order of each line. */
	private async finish(
		workflow: Workflow,
		description: IWebhookDescription,
		result: IWebhookResponseData,
		response: ServerResponse,
	): Promise<void> {
		const item = result.workflowData?.[0]?.[0]?.json;
		if (!item) {
			this.save(workflow);
			if (result.noWebhookResponse) return;
			send(
				response,
				200,
				JSON.stringify(result.webhookResponse ?? { message: 'Webhook call received' }),
			);
			return;
		}
		if (this.line.name === '1x') this.save(workflow);
		try {
			await this.options.run?.(item);
		} catch {
			send(response, 500, '{"message":"There was a problem executing the workflow"}');
			return;
		}
		if (this.options.record !== false) this.started.push(item);
		const mode = this.fieldOf(workflow, description, 'responseMode');
		const code = Number(this.fieldOf(workflow, description, 'responseCode'));
		const body = this.fieldOf(workflow, description, 'responseData');
		if (result.noWebhookResponse) return;
		if (mode === 'onReceived') send(response, code, asText(body || result.webhookResponse));
		else send(response, code, JSON.stringify({ lastNode: item.event }));
	}

	/** As each line does: 2.x asks the description's own resolvers, 1.x evaluates its expressions. */
	private fieldOf(workflow: Workflow, description: IWebhookDescription, field: string): unknown {
		const node = workflow.getNode(this.node.name);
		if (!node) throw new Error('No node');
		const found = this.resolving.resolveWebhookDescriptionField?.(node, description, field);
		if (found?.resolved) return found.value;
		const value = description[field];
		return workflow.expression.getComplexParameterValue(node, value, 'webhook', {}, undefined, '');
	}

	private workflow(): Workflow {
		return new this.line.Workflow({
			id: 'trigger-test',
			name: 'Trigger test',
			nodes: [this.node],
			connections: {},
			active: true,
			nodeTypes: {
				getByName: () => this.nodeType,
				getByNameAndVersion: () => this.nodeType,
				getKnownTypes: () => ({}),
			},
			staticData: structuredClone(this.saved),
			settings: { executionOrder: 'v1' },
		});
	}

	private save(workflow: Workflow): void {
		if (workflow.staticData.__dataChanged !== true) return;
		const copy = JSON.parse(JSON.stringify(workflow.staticData)) as IDataObject;
		delete copy.__dataChanged;
		this.saved = copy;
	}

	private additionalData(request?: IncomingMessage, response?: ServerResponse): object {
		const types = (name: string) => this.line.loader.credentialTypes[name]?.type;
		const helper = credentialsHelper(types, this.credentials);
		return {
			credentialsHelper: {
				...helper,
				isCredentialUsableByNode: () => true,
				getDecrypted: async (data: unknown, node: unknown, type: string) => {
					if (type === 'bentoWebhookSecretApi') this.credentialReads += 1;
					return await helper.getDecrypted(data, node, type);
				},
			},
			httpRequest: request,
			httpResponse: response,
			currentNodeParameters: undefined,
			webhookBaseUrl: 'http://127.0.0.1/webhook',
			webhookTestBaseUrl: 'http://127.0.0.1/webhook-test',
			instanceBaseUrl: 'http://127.0.0.1/',
			restApiUrl: 'http://127.0.0.1/rest',
			variables: {},
			hooks: undefined,
		};
	}

	private captureLog(context: IWebhookFunctions): void {
		const take = (message: string) => {
			if (this.options.record !== false) this.logged.push(message);
		};
		Object.defineProperty(context, 'logger', {
			value: {
				debug: take,
				error: take,
				info: take,
				warn: (message: string) => {
					take(message);
					this.warned.push(message);
				},
			},
		});
	}
}

function send(response: ServerResponse, status: number, body: string): void {
	if (response.headersSent) return;
	response.statusCode = status;
	response.end(body);
}

function asText(body: unknown): string {
	return typeof body === 'string' ? body : JSON.stringify(body);
}

/** What express and n8n's rawBodyReader add to a request. */
function dress(request: IncomingMessage, { ip, params }: TriggerOptions): void {
	const extras: { rawBody?: Buffer } & object = {};
	Object.assign(request, extras, {
		originalUrl: request.url,
		ip: ip ?? request.socket.remoteAddress,
		params: params ?? {},
		readRawBody: async () => {
			Object.assign(request, { rawBody: await readInflated(request) });
		},
	});
}

/** As raw-body in n8n: inflates, and stops at 16 MB. */
async function readInflated(request: IncomingMessage): Promise<Buffer> {
	const inflater =
		request.headers['content-encoding'] === 'gzip' ? createGunzip() : createInflate();
	const stream = request.pipe(inflater);
	const pieces: Buffer[] = [];
	let size = 0;
	return await new Promise<Buffer>((resolve, reject) => {
		stream.on('error', reject);
		stream.on('end', () => resolve(Buffer.concat(pieces)));
		stream.on('data', (piece: Buffer) => {
			size += piece.length;
			if (size > 16 * 1024 * 1024) {
				request.unpipe(inflater);
				reject(Object.assign(new Error('too large'), { type: 'entity.too.large', status: 413 }));
				return;
			}
			pieces.push(piece);
		});
	});
}
