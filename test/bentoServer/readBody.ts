import type { IncomingMessage } from 'http';
import { isRecord } from './values';

export interface Body {
	readonly text: string;
	readonly bytes: number;
	/** Parsed JSON or form; undefined where there is none. */
	readonly value: unknown;
}

/** Reads a request to its end. Rejects when the client goes away before. */
export async function readBody(request: IncomingMessage): Promise<Body> {
	const chunks: Buffer[] = [];
	await new Promise<void>((resolve, reject) => {
		request.on('data', (chunk: Buffer) => chunks.push(chunk));
		request.on('end', resolve);
		request.on('error', reject);
	});
	const buffer = Buffer.concat(chunks);
	const text = buffer.toString('utf8');
	return { text, bytes: buffer.length, value: parse(text, request.headers['content-type'] ?? '') };
}

function parse(text: string, type: string): unknown {
	if (text === '') return undefined;
	if (type.startsWith('application/x-www-form-urlencoded')) return parseForm(text);
	try {
		return JSON.parse(text) as unknown;
	} catch {
		return undefined;
	}
}

/** `a[b]=c` becomes `{a: {b: 'c'}}`, as Rails reads forms. */
function parseForm(text: string): Record<string, unknown> {
	const form: Record<string, unknown> = {};
	for (const [name, value] of new URLSearchParams(text)) {
		const [, outer = name, inner] = /^([^[]+)(?:\[([^\]]+)\])?$/.exec(name) ?? [];
		const group = form[outer];
		if (inner === undefined) form[outer] = value;
		else form[outer] = { ...(isRecord(group) ? group : {}), [inner]: value };
	}
	return form;
}
