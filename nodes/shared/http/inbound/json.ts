import { isDangerousKey } from './head';
import type { RejectionCode } from './rejections';

/** What JSON can say. */
export type JsonValue = JsonObject | JsonValue[] | string | number | boolean | null;
export interface JsonObject {
	[key: string]: JsonValue;
}

export type JsonResult =
	| { readonly ok: true; readonly value: JsonValue }
	| {
			readonly ok: false;
			readonly code: Extract<
				RejectionCode,
				'json_broken' | 'json_duplicate_key' | 'json_number_out_of_range' | 'json_too_deep'
			>;
			/** Both counted from 1, in characters. */
			readonly line: number;
			readonly column: number;
	  };

type Code = Extract<JsonResult, { ok: false }>['code'];

const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const BLANK_CODE = 0x20;
const BLANK = /[ \t\n\r]*/y;
const WORDS: ReadonlyArray<readonly [string, boolean | null]> = [
	['true', true],
	['false', false],
	['null', null],
];

/** Why reading stopped; handed back in place of a value. */
class Stop {
	constructor(
		readonly code: Code,
		readonly at: number,
	) {}
}

/**
 * Parses JSON (RFC 8259) from outside. Where `JSON.parse` takes a value, this gives the same one, except that
 * it refuses nesting beyond `maxDepth`, a key that an object has twice (two readers could see two values) and
 * numbers that would become infinite, and drops keys that reach into an object's prototype. What is broken
 * is told by line and column, without quoting the text. Never throws.
 */
export function parseUntrustedJson(text: string, maxDepth: number): JsonResult {
	const reader = new Reader(text.startsWith('\ufeff') ? text.slice(1) : text, maxDepth);
	const read = reader.readAll();
	if (!(read instanceof Stop)) return { ok: true, value: read };
	const before = reader.text.slice(0, read.at);
	const lineStart = before.lastIndexOf('\n') + 1;
	const line = before.split('\n').length;
	return { ok: false, code: read.code, line, column: read.at - lineStart + 1 };
}

class Reader {
	private at = 0;

	constructor(
		readonly text: string,
		private readonly maxDepth: number,
	) {}

	/** The value, or why there is none. */
	readAll(): JsonValue | Stop {
		const value = this.readValue(1);
		if (value instanceof Stop) return value;
		this.skipBlank();
		return this.at < this.text.length ? this.broken() : value;
	}

	private readValue(depth: number): JsonValue | Stop {
		this.skipBlank();
		switch (this.text[this.at]) {
			case '{':
				return depth > this.maxDepth ? this.stop('json_too_deep') : this.readObject(depth);
			case '[':
				return depth > this.maxDepth ? this.stop('json_too_deep') : this.readArray(depth);
			case '"':
				return this.readString();
			default:
				return this.readWord();
		}
	}

	private readObject(depth: number): JsonValue | Stop {
		const object: JsonObject = {};
		const dropped = new Set<string>();
		this.at += 1;
		if (this.takes('}')) return object;
		for (;;) {
			this.skipBlank();
			const keyAt = this.at;
			const key = this.readString();
			if (typeof key !== 'string') return key;
			if (Object.hasOwn(object, key) || dropped.has(key))
				return this.stop('json_duplicate_key', keyAt);
			if (!this.takes(':')) return this.broken();
			const value = this.readValue(depth + 1);
			if (value instanceof Stop) return value;
			if (isDangerousKey(key)) dropped.add(key);
			else object[key] = value;
			if (this.takes('}')) return object;
			if (!this.takes(',')) return this.broken();
		}
	}

	private readArray(depth: number): JsonValue | Stop {
		const array: JsonValue[] = [];
		this.at += 1;
		if (this.takes(']')) return array;
		for (;;) {
			const value = this.readValue(depth + 1);
			if (value instanceof Stop) return value;
			array.push(value);
			if (this.takes(']')) return array;
			if (!this.takes(',')) return this.broken();
		}
	}

	/** Scans by hand: a pattern with alternatives would run out of stack on a long text. */
	private readString(): string | Stop {
		const { text, at: start } = this;
		if (text.charCodeAt(start) !== QUOTE) return this.broken();
		let escaped = false;
		for (let index = start + 1; index < text.length; index += 1) {
			const code = text.charCodeAt(index);
			if (code === QUOTE) {
				this.at = index + 1;
				return escaped ? this.unescape(start) : text.slice(start + 1, index);
			}
			if (code < BLANK_CODE) return this.stop('json_broken', index);
			if (code === BACKSLASH) {
				escaped = true;
				index += 1;
			}
		}
		return this.stop('json_broken', start);
	}

	private unescape(start: number): string | Stop {
		try {
			const value: unknown = JSON.parse(this.text.slice(start, this.at));
			return typeof value === 'string' ? value : this.stop('json_broken', start);
		} catch {
			return this.stop('json_broken', start);
		}
	}

	private readWord(): JsonValue | Stop {
		for (const [word, value] of WORDS) {
			if (!this.text.startsWith(word, this.at)) continue;
			this.at += word.length;
			return value;
		}
		const start = this.at;
		const digits = this.match(NUMBER);
		if (digits === undefined) return this.broken();
		const number = Number(digits);
		return Number.isFinite(number) ? number : this.stop('json_number_out_of_range', start);
	}

	private takes(sign: string): boolean {
		this.skipBlank();
		if (this.text[this.at] !== sign) return false;
		this.at += 1;
		return true;
	}

	private skipBlank(): void {
		// Most JSON has none.
		if (this.text.charCodeAt(this.at) > BLANK_CODE) return;
		BLANK.lastIndex = this.at;
		BLANK.test(this.text);
		this.at = BLANK.lastIndex;
	}

	private match(pattern: RegExp): string | undefined {
		pattern.lastIndex = this.at;
		const found = pattern.exec(this.text)?.[0];
		if (found !== undefined) this.at += found.length;
		return found;
	}

	private broken(): Stop {
		return this.stop('json_broken');
	}

	private stop(code: Code, at = this.at): Stop {
		return new Stop(code, at);
	}
}
