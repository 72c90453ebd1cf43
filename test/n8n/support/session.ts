import { z } from 'zod';

const cookieName = 'n8n-auth';

/** n8n ties a session to a browser by this header, so it must stay the same over all calls. */
const browserId = 'n8n-nodes-bentonow-tests';

/** What a response must look like; every response is checked. */
export type Shape<Result> = z.ZodType<Result, z.ZodTypeDef, unknown>;

export interface Reply {
	readonly status: number;
	readonly body: unknown;
}

/** A signed-in session with n8n's internal REST API, the one that the editor uses. */
export class Session {
	private cookie = '';

	constructor(readonly origin: string) {}

	/** Sends a call and returns the response, including errors. */
	async send(method: string, path: string, body?: unknown): Promise<Reply> {
		const headers: Record<string, string> = { 'browser-id': browserId, Accept: 'application/json' };
		if (this.cookie !== '') headers.Cookie = this.cookie;
		if (body !== undefined) headers['Content-Type'] = 'application/json';
		const answer = await fetch(this.origin + path, {
			method,
			headers,
			body: body === undefined ? undefined : JSON.stringify(body),
		});
		for (const cookie of answer.headers.getSetCookie()) {
			if (cookie.startsWith(`${cookieName}=`)) this.cookie = cookie.split(';')[0] ?? '';
		}
		return { status: answer.status, body: parseLoosely(await answer.text()) };
	}

	/** Sends a call that must succeed and returns its `data` in the given shape. */
	async call<Result>(
		shape: Shape<Result>,
		method: string,
		path: string,
		body?: unknown,
	): Promise<Result> {
		const reply = await this.send(method, path, body);
		if (reply.status >= 300) {
			const words = JSON.stringify(reply.body).slice(0, 600);
			throw new Error(`${method} ${path} was answered ${reply.status}: ${words}`);
		}
		const wrapped = z.object({ data: z.unknown() }).safeParse(reply.body);
		return shape.parse(wrapped.success ? wrapped.data.data : reply.body);
	}

	/** The session's cookie as the browser would keep it. */
	get signedInCookie(): { name: string; value: string } {
		return { name: cookieName, value: this.cookie.slice(cookieName.length + 1) };
	}
}

function parseLoosely(text: string): unknown {
	try {
		return JSON.parse(text) as unknown;
	} catch {
		return text;
	}
}
