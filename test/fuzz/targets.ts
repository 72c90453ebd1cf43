import { deepStrictEqual, ok, strictEqual } from 'assert';
import fc from 'fast-check';
import { checkEvent, type CheckOptions } from '../../nodes/BentoTrackEvent/event';
import type { RequestHead } from '../../nodes/shared/http/server/head';
import { parseUntrustedJson, readPayload } from '../../nodes/shared/http/server/payload';
import { redactorOf } from '../../nodes/shared/http/redact';

/** Code that takes what strangers send, and what has to be true for anything they send. */
export interface Target {
	readonly name: string;
	readonly run: (parameters: fc.Parameters<unknown>) => void;
}

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

const payloadParser: Target = {
	name: 'payload parser',
	run: (parameters) =>
		fc.assert(
			fc.property(body, fc.constantFrom(...TYPES), (bytes, type) => {
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
			}),
			parameters,
		),
};

const jsonParser: Target = {
	name: 'JSON parser against JSON.parse',
	run: (parameters) =>
		fc.assert(
			fc.property(text, (plain) => {
				const read = parseUntrustedJson(plain, 64, RULES.redact);
				if (/\d{16}/.test(plain)) return;
				const expected = parsed(plain);
				if (expected === undefined) return void ok(!read.ok, 'takes what JSON.parse refuses');
				if (read.ok) deepStrictEqual(plainCopy(read.value), withoutDangerous(expected));
			}),
			parameters,
		),
};

const SECRET = 'p\u00e4ss "w/o\\rd" +%\u{1f511} 42';

const redact = redactorOf([SECRET]);

/** One character of a secret in one of the spellings in which it travels. */
function spelled(character: string, how: number): string {
	const escaped = JSON.stringify(character).slice(1, -1);
	const units = Array.from({ length: character.length }, (_, index) =>
		character.charCodeAt(index).toString(16).padStart(4, '0'),
	);
	const unicode = units.map((unit) => `\\u${how % 2 === 0 ? unit : unit.toUpperCase()}`).join('');
	const percent = [...Buffer.from(character, 'utf8')]
		.map((byte) => `%${byte.toString(16).padStart(2, '0')}`)
		.join('');
	const spellings = [character, escaped, unicode, percent, percent.replaceAll('%', '%25')];
	return spellings[how % spellings.length] ?? character;
}

const hider: Target = {
	name: 'secrets in any mix of spellings',
	run: (parameters) =>
		fc.assert(
			fc.property(fc.string(), fc.string(), fc.array(fc.nat(), { minLength: 40 }), (a, b, how) => {
				const secret = Array.from(SECRET, (one, at) => spelled(one, how[at] ?? 0)).join('');
				ok(redact(`${a} ${secret} ${b}`).includes('[secret removed]'));
				strictEqual(redact(`${a} ${b}`), `${a} ${b}`);
				const inside = Buffer.from(`${a}${SECRET}${b}`, 'utf8').toString('base64');
				strictEqual(redact(inside), '[secret removed]');
			}),
			parameters,
		),
};

const OPTIONS: CheckOptions = {
	labels: { type: 'type', email: 'email', fields: 'fields', details: 'details', date: 'date' },
	timeZone: 'Europe/Berlin',
	normalizeFieldKeys: true,
};
const MARK = 'user-data-7f3a';

const anything = fc.oneof(fc.anything(), value, fc.constant(`${MARK}@nowhere`));
const eventSchema: Target = {
	name: 'event schema',
	run: (parameters) =>
		fc.assert(
			fc.property(
				fc.record(
					{ type: anything, email: anything, fields: anything, details: anything, date: anything },
					{ requiredKeys: [] },
				),
				(draft) => {
					const checked = checkEvent(draft, OPTIONS);
					if (!checked.ok) {
						ok(checked.issues.length > 0);
						return void ok(
							!JSON.stringify(checked.issues.map(({ text: said }) => said)).includes(MARK),
						);
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
			),
			parameters,
		),
};

export const TARGETS: readonly Target[] = [payloadParser, jsonParser, hider, eventSchema];

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
