import { deepStrictEqual, notStrictEqual, ok, strictEqual } from 'assert';
import { BlockList } from 'net';
import { PassThrough } from 'stream';
import fc from 'fast-check';
import {
	DELIVERY_HEADERS,
	identify,
	type DuplicateRules,
} from '../../nodes/BentoWebhookTrigger/duplicates';
import { eventsOf, normalize, readPatterns } from '../../nodes/BentoWebhookTrigger/normalize';
import { readSettings } from '../../nodes/BentoWebhookTrigger/settings';
import { readBody } from '../../nodes/shared/http/server/body';
import {
	readAllowList,
	readHead,
	type HeaderValues,
	type RequestHead,
} from '../../nodes/shared/http/server/head';
import {
	readPayload,
	type JsonObject,
	type JsonValue,
} from '../../nodes/shared/http/server/payload';
import { target, type Target } from './target';

/** What the trigger reads of a request beside JSON: forms, senders' shapes, encodings, identities, and settings. */

const RULES = { maxDepth: 100, acceptBrokenJson: true, redact: (text: string) => text };

function headOf(headers: HeaderValues, url = '/hook'): RequestHead {
	return readHead(Object.assign(new PassThrough(), { method: 'POST', url, headers }));
}

function bodyOf(bytes: Buffer | string, type: string): JsonValue {
	const read = readPayload(Buffer.from(bytes), headOf({ 'content-type': type }), RULES);
	ok(read.ok, 'refuses what it has to read');
	return read.payload.value;
}

const FORM = 'application/x-www-form-urlencoded';
const DANGEROUS = ['__proto__', 'constructor', 'prototype'];

/** Neither an index, which would make a list, nor a field in which JSON is looked for. */
const fieldName = fc
	.stringMatching(/^[^[\]]{1,6}$/u)
	.filter((name) => !/^\d+$|^(payload|mandrill_events)$/.test(name) && !DANGEROUS.includes(name));
const { fields } = fc.letrec((tie) => ({
	fields: fc.dictionary(fieldName, tie('field'), { minKeys: 1, maxKeys: 4, noNullPrototype: true }),
	field: fc.oneof(
		{ maxDepth: 5 },
		fc.string({ unit: 'grapheme' }),
		fc.array(fc.string({ unit: 'grapheme' }), { minLength: 1, maxLength: 3 }),
		tie('fields'),
		fc.array(tie('fields'), { minLength: 1, maxLength: 3 }),
	),
}));

/** As PHP's `http_build_query` and jQuery's `$.param` name what is nested. */
function pairsOf(value: unknown, name = ''): Array<[string, string]> {
	if (typeof value !== 'object' || value === null) return [[name, String(value)]];
	return Object.entries(value).flatMap(([key, inner]: [string, unknown]) =>
		pairsOf(inner, name === '' ? key : `${name}[${key}]`),
	);
}

const nestedForms = target('forms: what is nested comes back', fields, (form) => {
	const pairs = pairsOf(form);
	deepStrictEqual(bodyOf(new URLSearchParams(pairs).toString(), FORM), form);
	if (pairs.some(([name]) => /[\r\n"]|%22/.test(name))) return;
	const parts = pairs.map(
		([name, value]) =>
			`--b-7\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
	);
	const sent = Buffer.from(`${parts.join('')}--b-7--\r\n`, 'utf8');
	deepStrictEqual(bodyOf(sent, 'multipart/form-data; boundary=b-7'), form);
});

const anyName = fc
	.array(fc.constantFrom('a', 'b', '[', ']', '[]', '[0]', '[1]', '[x]', ...DANGEROUS), {
		maxLength: 6,
	})
	.map((pieces) => pieces.join(''));

const anyForm = target(
	'forms: any names, and no value is lost',
	fc.array(fc.tuple(anyName, fc.nat().map(String)), { maxLength: 12 }),
	(pairs) => {
		const text = JSON.stringify(bodyOf(new URLSearchParams(pairs).toString(), FORM));
		for (const [name, value] of pairs) {
			const isDropped = DANGEROUS.includes(name);
			ok(isDropped || text.includes(`"${value}"`), `loses ${name}`);
		}
		for (const name of DANGEROUS) ok(!text.includes(`"${name}":`), 'lets a dangerous key through');
	},
);

const entry = fc.record(
	{
		event: fc.constantFrom('open', 'click', ''),
		email: fc.constantFrom('a@b.co', ''),
		id: fc.oneof(fc.uuid(), fc.nat()),
		n: fc.jsonValue({ maxDepth: 2 }),
	},
	{ requiredKeys: [] },
);

const jsonInForms = target(
	'JSON in a form, and lists of events, say what the JSON says',
	fc.tuple(
		fc.oneof(entry, fc.array(fc.oneof(entry, fc.constant(null)), { minLength: 1 })),
		fc.constantFrom('payload', 'mandrill_events'),
	),
	([sent, name]) => {
		const direct = bodyOf(JSON.stringify(sent), 'application/json');
		const inForm = bodyOf(new URLSearchParams({ [name]: JSON.stringify(sent) }).toString(), FORM);
		deepStrictEqual(inForm, { [name]: direct });
		const [one, other] = [direct, inForm].map((body) => normalize(body, {}));
		deepStrictEqual(other, one);
		const events = [direct, inForm].map((body) => eventsOf(body, normalize(body, {})));
		deepStrictEqual(new Set(events[1]), new Set(events[0]));
		const entries = Array.isArray(sent) ? sent : [sent];
		const wants = readPatterns('click');
		strictEqual(
			events[0]?.some(wants),
			entries.some((each) => each?.event === 'click'),
		);
	},
);

/** What can't be: text that is empty or has spaces around it. */
function isWordOrNull(value: unknown): boolean {
	return value === null || (typeof value === 'string' && value !== '' && value.trim() === value);
}

const anyBody = target(
	'senders: any body, query, and topic',
	fc.tuple(
		fc.json(),
		fc.dictionary(
			fc.constantFrom('wpf_action', 'contact_id', 'email', 'role', 'send_notification', 'x'),
			fc.oneof(fc.string(), fc.array(fc.string(), { minLength: 2, maxLength: 2 })),
		),
		fc.array(fc.string(), { maxLength: 2 }),
	),
	([text, query, topics]) => {
		const found = normalize(bodyOf(text, 'application/json'), query, topics);
		const { event, email, visitorUuid, externalId, workflow, action } = found;
		for (const word of [event, email, visitorUuid, externalId, workflow, action]) {
			ok(isWordOrNull(word), `gives ${JSON.stringify(word)}`);
		}
		strictEqual(found.sender === 'wpFusion', action !== null);
	},
);

const inAttributes = (value: JsonObject, is: boolean): JsonObject =>
	is ? { attributes: value } : value;

const bolten = target(
	'Bolten: in Portuguese or English, flat or under attributes',
	fc.record({
		id: fc.uuid(),
		email: fc.emailAddress(),
		contact: fc.constantFrom('Contato', 'Contact', 'contato', 'contact'),
		emailKey: fc.constantFrom('E-mail', 'e-mail', 'Email', 'email'),
		type: fc.constantFrom('opportunity.won', 'Opportunity.Lost', 'contact.created'),
		isFlat: fc.boolean(),
		isDeep: fc.boolean(),
		isOnOpportunity: fc.boolean(),
	}),
	({ id, email, contact, emailKey, type, isFlat, isDeep, isOnOpportunity }) => {
		const person = inAttributes({ [emailKey]: email }, isDeep);
		const withContact: JsonObject = isOnOpportunity
			? { [emailKey]: email, [contact]: { Nome: 'x' } }
			: { [contact]: person };
		const opportunity = inAttributes({ ...withContact, id: 'opp-1' }, !isFlat);
		const data: JsonObject = type === 'contact.created' ? { [contact]: person } : { opportunity };
		const found = normalize({ id, type, data }, {});
		const expected = { sender: 'bolten', event: type, email, eventId: id, visitorUuid: null };
		for (const [key, value] of Object.entries(expected)) {
			deepStrictEqual([key, Reflect.get(found, key)], [key, value]);
		}
		ok(found.contact !== null, 'finds no contact');
	},
);

const wpFusion = target(
	'WP Fusion: everything in the URL, with any body that says nothing',
	fc.tuple(
		fc.uuid(),
		fc.emailAddress(),
		fc.constantFrom('add', 'update', 'update_tags'),
		fc.constantFrom('', '{}', 'null', '[]', '{"id":""}'),
	),
	([id, email, action, text]) => {
		const parameters = new URLSearchParams({ wpf_action: action, contact_id: id, email });
		const { query } = headOf({}, `/hook?${parameters.toString()}`);
		const found = normalize(bodyOf(text, 'application/json'), query);
		deepStrictEqual(
			[found.sender, found.action, found.visitorUuid, found.email],
			['wpFusion', action, id, email],
		);
	},
);

const CODING_WORDS = [
	'gzip',
	'deflate',
	'identity',
	'utf-8',
	'UTF8',
	'iso-8859-1',
	'br',
	'zstd',
	'',
];
const anyCase = (words: readonly string[]) =>
	fc
		.tuple(fc.constantFrom(...words), fc.boolean(), fc.constantFrom('', 'x-'))
		.map(
			([word, isUpper, prefix]) =>
				`${word === 'gzip' ? prefix : ''}${isUpper ? word.toUpperCase() : word}`,
		);

const contentCodings = target(
	'content codings: of any case, of charsets, and of several',
	fc.array(anyCase(CODING_WORDS), { maxLength: 3 }),
	async (names) => {
		const request = Object.assign(new PassThrough(), {
			headers: { 'content-encoding': names.join(', ') },
			readRawBody: async () => {
				Object.assign(request, { rawBody: Buffer.from('inflated') });
				await Promise.resolve();
			},
		});
		request.end('as it is');
		const limits = { maxBytes: 100, maxPause: 1000 };
		const body = await readBody(request, headOf(request.headers), limits);
		const codings = names.map((name) => name.toLowerCase().replace(/^x-gzip$/, 'gzip'));
		const real = codings.filter((name) => ['gzip', 'deflate', 'br', 'zstd'].includes(name));
		const [first] = real;
		const isList = real.length > 1 && new Set(real).size === real.length;
		const canInflate = real.length === 1 && (first === 'gzip' || first === 'deflate');
		const plain = first === undefined || isList ? 'as it is' : 'encoding_not_supported';
		strictEqual(body.ok ? body.bytes.toString() : body.code, canInflate ? 'inflated' : plain);
		if (canInflate) strictEqual(request.headers['content-encoding'], first);
	},
);

const charsets = target(
	'charsets: known ones give the text, others a status',
	fc.tuple(
		fc.string({ unit: 'grapheme' }),
		fc.oneof(
			fc.constantFrom('utf-8', 'UTF8', '"utf-8"', 'utf8mb4', 'utf-16le', 'latin1', 'us-ascii', ''),
			fc.stringMatching(/^[\w" ;=-]{0,12}$/),
		),
	),
	([written, charset]) => {
		const text = `"${JSON.stringify(written).slice(1, -1)}"`;
		const type = `application/json; charset=${charset}`;
		const encoding = charset === 'utf-16le' ? 'utf16le' : 'utf8';
		const read = readPayload(Buffer.from(text, encoding), headOf({ 'content-type': type }), RULES);
		if (/^"?(utf-?8(mb4)?|utf-16le|us-ascii|)"?$/i.test(charset)) {
			ok(read.ok && !read.payload.isBroken, 'refuses a charset that it knows');
			if (/^\s*[[{]/.test(written)) return;
			deepStrictEqual(read.payload.value, written);
		} else if (!read.ok) {
			ok(['encoding_not_supported', 'text_not_utf8'].includes(read.rejection.code));
		}
	},
);

const DUPLICATE_RULES: DuplicateRules = {
	ignored: true,
	repeatsReads: false,
	byExternalId: false,
	deliveryHeader: '',
	idWindow: 2,
	bodyWindow: 1,
	stored: true,
};
const TOPICS = [
	'x-wc-webhook-topic',
	'x-shopify-topic',
	'x-github-event',
	'x-gitlab-event',
	'ce-type',
];
const word = fc.stringMatching(/^[a-z0-9./]{1,5}$/);

interface Asked {
	readonly method: string;
	readonly path: string;
	readonly query: Record<string, string>;
	readonly body: string;
	readonly headers: Record<string, string>;
}
const asked: fc.Arbitrary<Asked> = fc.record({
	method: fc.constantFrom('POST', 'PUT'),
	path: word.map((text) => `/${text}`),
	query: fc.dictionary(word, word, { maxKeys: 3 }),
	body: fc.string(),
	headers: fc.dictionary(fc.constantFrom(...TOPICS, ...DELIVERY_HEADERS, 'user-agent'), word, {
		maxKeys: 4,
	}),
});

function keyOf({ method, path, query, body, headers }: Asked): string {
	const head = { ...headOf(headers), method, path };
	return identify(head, query, Buffer.from(body), normalize(body, query), DUPLICATE_RULES).key;
}

const identities = target(
	'repeats: what tells two events apart makes another key, and nothing else does',
	fc.tuple(asked, fc.constantFrom(...TOPICS), fc.constantFrom(...DELIVERY_HEADERS)),
	([one, topic, delivery]) => {
		const key = keyOf(one);
		const { headers, query } = one;
		const reversed = (values: Record<string, string>) =>
			Object.fromEntries(Object.entries(values).reverse());
		strictEqual(keyOf({ ...one, headers: reversed(headers), query: reversed(query) }), key);
		strictEqual(keyOf({ ...one, headers: { ...headers, 'user-agent': 'other' } }), key);
		const others: Array<Partial<Asked>> = [
			{ path: `${one.path}x` },
			{ headers: { ...headers, [topic]: `${headers[topic] ?? ''}x` } },
		];
		const ids = DELIVERY_HEADERS.filter((name) => headers[name] !== undefined);
		if (ids.length === 0) {
			others.push({ method: 'PATCH' }, { body: `${one.body} ` }, { query: { ...query, new: '1' } });
			others.push({ headers: { ...headers, [delivery]: 'new' } });
		} else {
			const [first = ''] = ids;
			others.push({ headers: { ...headers, [first]: `${headers[first] ?? ''}x` } });
			strictEqual(keyOf({ ...one, body: 'another' }), key);
		}
		for (const other of others) notStrictEqual(keyOf({ ...one, ...other }), key);
	},
);

const octets = fc.array(fc.constantFrom(0, 1, 127, 128, 255), { minLength: 4, maxLength: 4 });
const v4 = octets.map((parts) => parts.join('.'));
const v6 = fc
	.array(fc.constantFrom(0, 1, 0x7fff, 0x8000, 0xffff), { minLength: 7, maxLength: 7 })
	.map((parts) => ['2001', ...parts.map((part) => part.toString(16))].join(':'));
const network = fc.oneof(
	fc.tuple(v4, fc.nat(32), fc.constant('ipv4' as const)),
	fc.tuple(v6, fc.nat(128), fc.constant('ipv6' as const)),
);

const allowLists = target(
	"allowlists allow what Node's own BlockList finds",
	fc.tuple(
		fc.array(network, { minLength: 1, maxLength: 3 }),
		fc.constantFrom(',', '\n', ' , '),
		fc.oneof(v4, v6),
	),
	([networks, separator, address]) => {
		const judge = new BlockList();
		const own = address.includes(':') ? 'ipv6' : 'ipv4';
		// To Node, ::/0 contains every IPv4 address too.
		for (const [net, bits, family] of networks) {
			if (family === own) judge.addSubnet(net, bits, family);
		}
		const list = readAllowList(networks.map(([net, bits]) => `${net}/${bits}`).join(separator));
		ok(list.ok, 'refuses a network');
		const isV4 = own === 'ipv4';
		strictEqual(list.allows(address), judge.check(address, own));
		strictEqual(list.allows(isV4 ? `${address}:443` : `[${address}]:443`), list.allows(address));
		if (isV4) strictEqual(list.allows(`::ffff:${address}`), list.allows(address));
	},
);

const STRANGER = '198.51.100.99';
const anySetting = fc.oneof(
	fc.anything(),
	fc.string(),
	fc.constantFrom('', ' ', ',', '10.0.0.0/8', '10.0.0.1, x', 'true', 'False', '5', 'auto', null),
);

const settings = target(
	'settings: what cannot be read closes, with the name of what to change',
	fc.dictionary(
		fc.constantFrom(
			'allowedAddresses',
			'events',
			'ignoreDuplicates',
			'acceptBrokenJson',
			'maxKilobytes',
			'rawBody',
			'deliveryHeader',
			'onlyRunIf',
			'recognizeRepeatsBy',
			'idWindow',
			'bodyWindow',
			'whenNotLoaded',
		),
		anySetting,
	),
	(options) => {
		const read = readSettings((name) =>
			name === 'settings' ? options : name === 'authentication' ? 'none' : '',
		);
		if (!read.ok) return void ok(/^'[A-Z][^']+' /.test(read.problem), read.problem);
		const { allows, wants, maxBytes, acceptBrokenJson, duplicates } = read.settings;
		const isEmpty = (name: string) => {
			const value: unknown = Object.hasOwn(options, name) ? options[name] : '';
			return typeof value === 'string' && value.trim() === '';
		};
		strictEqual(allows(STRANGER), isEmpty('allowedAddresses'));
		if (wants(null)) ok(isEmpty('events'), 'a list of events that lets all of them in');
		ok(maxBytes >= 1024 && maxBytes <= 16_384 * 1024);
		strictEqual(acceptBrokenJson, !/^\s*false\s*$/i.test(String(options.acceptBrokenJson)));
		strictEqual(duplicates.ignored, !/^\s*false\s*$/i.test(String(options.ignoreDuplicates)));
	},
);

export const READERS: readonly Target[] = [
	nestedForms,
	anyForm,
	jsonInForms,
	anyBody,
	bolten,
	wpFusion,
	contentCodings,
	charsets,
	identities,
	allowLists,
	settings,
];
