import { deepStrictEqual, ok, strictEqual } from 'assert';
import fc from 'fast-check';
import { checkEvent, type CheckOptions } from '../../nodes/BentoTrackEvent/event';
import type { RequestHead } from '../../nodes/shared/http/server/head';
import { parseUntrustedJson, readPayload } from '../../nodes/shared/http/server/payload';
import { redactorOf } from '../../nodes/shared/http/redact';
import { READERS } from './readers';
import { target, type Target } from './target';

const DANGEROUS = ['__proto__', 'constructor', 'prototype'];
const RULES = {
	maxDepth: 16,
	acceptBrokenJson: true,
	redact: (text: string) => text,
};
const TYPES = [
	'application/json',
	'application/json; charset=utf-8',
	'application/x-www-form-urlencoded',
	'multipart/form-data; boundary=b',
	'text/plain',
	'text/plain; charset=utf-16le',
	'',
];

const key = fc.oneof(fc.string(), fc.constantFrom(...DANGEROUS, 'email', 'event', 'id'));
const { value } = fc.letrec((tie) => ({
	value: fc.oneof(
		{ maxDepth: 6 },
		fc.jsonValue(),
		fc.array(tie('value')),
		fc.dictionary(key, tie('value')),
	),
}));

/** JSON, and JSON with a hole, a doubled part or a foreign byte in it. */
const text = fc
	.tuple(
		value,
		fc.nat(),
		fc.nat(),
		fc.string({ maxLength: 6 }),
		fc.constantFrom('whole', 'cut', 'insert', 'double'),
	)
	.map(([json, one, other, extra, how]) => {
		const whole = JSON.stringify(json) ?? '';
		const [from, to] = [one % (whole.length + 1), other % (whole.length + 1)].sort((a, b) => a - b);
		if (how === 'whole') return whole;
		if (how === 'cut') return whole.slice(0, from) + whole.slice(to);
		if (how === 'insert') return whole.slice(0, from) + extra + whole.slice(from);
		return whole + whole.slice(from, to);
	});

const body = fc.oneof(
	text.map((plain) => Buffer.from(plain, 'utf8')),
	fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
);

const payloadParser = target(
	'payload parser',
	fc.tuple(body, fc.constantFrom(...TYPES)),
	([bytes, type]) => {
		const head: RequestHead = {
			method: 'POST',
			path: '/',
			query: {},
			params: {},
			headers: type === '' ? {} : { 'content-type': type },
			rawHeaders: [],
			address: '127.0.0.1',
		};
		const read = readPayload(bytes, head, RULES);
		if (read.ok) noDangerousKeys(read.payload.value);
		else ok(read.rejection.code.length > 0);
	},
);

/** What stands outside of texts, and numbers. */
const TOKENS = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|[[{\]}]/gs;
const MAX_DEPTH = 64;

/** What the parser has to give for JSON: a code, or JSON.parse's value with long integers as text. */
function expectedOf(json: string): { value: unknown } | { code: string } {
	let depth = 0;
	let deepest = 0;
	let isHuge = false;
	const exact = json.replace(TOKENS, (token) => {
		if (token === '[' || token === '{') deepest = Math.max(deepest, (depth += 1));
		if (token === ']' || token === '}') depth -= 1;
		if (!/^-?\d/.test(token)) return token;
		if (!Number.isFinite(Number(token))) isHuge = true;
		if (!/^-?\d+$/.test(token) || BigInt(token) === BigInt(Math.trunc(Number(token)))) return token;
		return `"${token}"`;
	});
	if (deepest > MAX_DEPTH) return { code: 'json_too_deep' };
	if (isHuge) return { code: 'json_number_out_of_range' };
	return withoutDangerous({ value: JSON.parse(exact) as unknown });
}

const number = fc.oneof(
	fc.integer().map(String),
	fc.double({ noNaN: true, noDefaultInfinity: true }).map(String),
	fc.bigInt({ min: -(2n ** 80n), max: 2n ** 80n }).map(String),
	fc.stringMatching(/^-?(0|[1-9]\d{0,24})(\.\d{1,3})?([eE][+-]?\d{1,3})?$/),
);
const { numbers } = fc.letrec<{ numbers: string }>((tie) => ({
	numbers: fc.oneof(
		{ maxDepth: 4 },
		number,
		fc.string().map((plain) => JSON.stringify(plain)),
		fc.array(tie('numbers')).map((entries) => `[${entries.join(' , ')}]`),
		fc
			.array(fc.tuple(key, tie('numbers')))
			.map((pairs) => `{${pairs.map(([name, one]) => `${JSON.stringify(name)}:${one}`).join()}}`),
	),
}));

const jsonParser = target(
	'JSON parser against JSON.parse, with every digit of integers',
	fc.oneof(
		text,
		numbers,
		fc
			.tuple(fc.nat(70), numbers)
			.map(([depth, one]) => '['.repeat(depth) + one + ']'.repeat(depth)),
	),
	(plain) => {
		const read = parseUntrustedJson(plain, MAX_DEPTH, RULES.redact);
		if (parsed(plain) === undefined) return void ok(!read.ok, 'takes what JSON.parse refuses');
		const expected = expectedOf(plain);
		if ('code' in expected) return strictEqual(read.ok ? 'read' : read.code, expected.code);
		ok(read.ok, 'refuses JSON');
		strictEqual(read.text, plain);
		deepStrictEqual(plainCopy(read.value), plainCopy(expected.value));
	},
);

const SPECIAL = '\u00e4\u2603\u{1f511} "/\\+%&<>\'=-_~.';
const anySecret = fc.string({
	unit: fc.constantFrom(...SPECIAL, ...'abcxuntrdefABCXUN0123456789'),
	minLength: 16,
	maxLength: 24,
});

/** One character of a secret in one of the spellings in which it travels. */
function spelled(character: string, how: number): string {
	const escaped = JSON.stringify(character).slice(1, -1);
	const units = Array.from({ length: character.length }, (_, index) =>
		character.charCodeAt(index).toString(16).padStart(4, '0'),
	);
	const unicode = units.map((unit) => `\\u${how % 2 === 0 ? unit : unit.toUpperCase()}`).join('');
	const bytes = [...Buffer.from(character, 'utf8')].map((byte) =>
		byte.toString(16).padStart(2, '0'),
	);
	const withPrefix = (prefix: string) => bytes.map((byte) => prefix + byte).join('');
	const spellings = [
		character,
		escaped,
		unicode,
		withPrefix('%'),
		withPrefix('%25'),
		withPrefix('='),
		withPrefix('\\x'),
		`&#${character.codePointAt(0)};`,
		`&#x${character.codePointAt(0)?.toString(16)};`,
	];
	return spellings[how % spellings.length] ?? character;
}

const hider = target(
	'any secret in any mix of spellings, and nothing else',
	fc.tuple(anySecret, fc.string(), fc.string(), fc.array(fc.nat(), { minLength: 24 })),
	([secret, a, b, how]) => {
		const redact = redactorOf([secret]);
		const written = Array.from(secret, (one, at) => spelled(one, how[at] ?? 0)).join('');
		ok(redact(`${a} ${written} ${b}`).includes('[secret removed]'), written);
		if (!`${a} ${b}`.includes(secret)) strictEqual(redact(`${a} ${b}`), `${a} ${b}`);
		const inside = Buffer.from(`${a}${secret}${b}`, 'utf8');
		strictEqual(redact(inside.toString('base64')), '[secret removed]');
		ok(!redact(inside.toString('hex')).includes(Buffer.from(secret).toString('hex')));
	},
);

const OPTIONS: CheckOptions = {
	labels: { type: 'type', email: 'email', fields: 'fields', details: 'details', date: 'date' },
	timeZone: 'Europe/Berlin',
	normalizeFieldKeys: true,
};
const MARK = 'user-data-7f3a';

const anything = fc.oneof(fc.anything(), value, fc.constant(`${MARK}@nowhere`));
const eventSchema = target(
	'event schema',
	fc.record(
		{ type: anything, email: anything, fields: anything, details: anything, date: anything },
		{ requiredKeys: [] },
	),
	(draft) => {
		const checked = checkEvent(draft, OPTIONS);
		if (!checked.ok) {
			ok(checked.issues.length > 0);
			const said = JSON.stringify(checked.issues.map(({ text: words }) => words));
			return void ok(!said.includes(MARK));
		}
		const { event } = checked;
		ok(event.type.trim() !== '' && event.email.includes('@'));
		ok(
			Object.values(event.fields ?? {}).every(
				(field) => typeof field !== 'object' || field === null,
			),
		);
		if (event.date !== undefined) ok(!Number.isNaN(Date.parse(event.date)));
	},
);

export const TARGETS: readonly Target[] = [
	payloadParser,
	jsonParser,
	hider,
	eventSchema,
	...READERS,
];

function parsed(plain: string): { value: unknown } | undefined {
	try {
		return { value: JSON.parse(plain) as unknown };
	} catch {
		return undefined;
	}
}

function noDangerousKeys(found: unknown): void {
	if (typeof found !== 'object' || found === null) return;
	for (const [name, inner] of Object.entries(found)) {
		ok(Array.isArray(found) || !DANGEROUS.includes(name), 'lets a dangerous key through');
		noDangerousKeys(inner);
	}
}

function plainCopy(found: unknown): { value: unknown } {
	return { value: JSON.parse(JSON.stringify(found)) as unknown };
}

function withoutDangerous({ value: found }: { value: unknown }): { value: unknown } {
	const text = JSON.stringify(found, (_name, inner: unknown) => {
		if (typeof inner !== 'object' || inner === null || Array.isArray(inner)) return inner;
		return Object.fromEntries(Object.entries(inner).filter(([name]) => !DANGEROUS.includes(name)));
	});
	return { value: JSON.parse(text) as unknown };
}
