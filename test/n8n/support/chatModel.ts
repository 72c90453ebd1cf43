import { createServer, type IncomingMessage, type ServerResponse } from 'http';
import { randomUUID } from 'crypto';
import { z } from 'zod';
import { listen } from './ports';

/** A tool as n8n offers it to a model. */
const tool = z.object({
	type: z.literal('function'),
	function: z.object({
		name: z.string(),
		description: z.string(),
		parameters: z
			.object({
				properties: z.record(
					z.object({ type: z.unknown(), description: z.unknown() }).passthrough(),
				),
				required: z.array(z.string()).optional(),
			})
			.passthrough(),
	}),
});
const message = z.object({ role: z.string(), content: z.unknown() }).passthrough();
const completion = z.object({ messages: z.array(message), tools: z.array(tool).optional() });

export type OfferedTool = z.output<typeof tool>['function'];

/** What the model asks for: one of the tools that it was offered, with arguments. */
export interface ToolCall {
	readonly tool: string;
	readonly arguments: Record<string, unknown>;
}

/** A stand-in for a chat model that speaks OpenAI's Chat Completions API on loopback. */
export interface ChatModel {
	/** What to put into an OpenAI credential. */
	readonly credential: { readonly apiKey: string; readonly url: string };
	/** The tools that it was offered last. */
	readonly offered: readonly OfferedTool[];
	/** What the tools returned since `ask`, in order. */
	readonly heard: readonly string[];
	/** What it will ask for in its next conversation, one call per turn; it then says "Done.". */
	ask(...calls: ToolCall[]): void;
	close(): void;
}

export async function startChatModel(): Promise<ChatModel> {
	let calls: ToolCall[] = [];
	let offered: OfferedTool[] = [];
	let heard: string[] = [];
	const answerTo = (body: string): object => {
		const { messages, tools = [] } = completion.parse(JSON.parse(body));
		offered = tools.map((one) => one.function);
		heard = messages.filter(({ role }) => role === 'tool').map(({ content }) => textOf(content));
		return choiceOf(calls.shift());
	};
	const server = createServer((request, response) => {
		void serve(request, response, answerTo);
	});
	const port = await listen(server);
	return {
		credential: { apiKey: 'key-of-the-tests', url: `http://127.0.0.1:${port}/v1` },
		get offered() {
			return offered;
		},
		get heard() {
			return heard;
		},
		ask(...next) {
			calls = [...next];
			heard = [];
		},
		close() {
			server.close();
			server.closeAllConnections();
		},
	};
}

async function serve(
	request: IncomingMessage,
	response: ServerResponse,
	answerTo: (body: string) => object,
): Promise<void> {
	let body = '';
	for await (const piece of request.setEncoding('utf8')) body += String(piece);
	response.setHeader('content-type', 'application/json');
	try {
		const models = { object: 'list', data: [{ id: 'stand-in', object: 'model' }] };
		const answer = request.method === 'GET' ? models : answerTo(body);
		response.end(JSON.stringify(answer));
	} catch (error) {
		response.statusCode = 400;
		response.end(JSON.stringify({ error: { message: String(error) } }));
	}
}

function choiceOf(call: ToolCall | undefined): object {
	const asked = call && {
		id: `call_${randomUUID()}`,
		type: 'function',
		function: { name: call.tool, arguments: JSON.stringify(call.arguments) },
	};
	const said = { role: 'assistant', content: asked === undefined ? 'Done.' : null };
	return {
		id: 'completion',
		object: 'chat.completion',
		created: 0,
		model: 'stand-in',
		choices: [
			{
				index: 0,
				message: asked === undefined ? said : { ...said, tool_calls: [asked] },
				finish_reason: asked === undefined ? 'stop' : 'tool_calls',
			},
		],
		usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 },
	};
}

function textOf(content: unknown): string {
	return typeof content === 'string' ? content : JSON.stringify(content);
}
