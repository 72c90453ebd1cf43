import type { Site } from '../site';
import type { ParsedResponse, Route, RouteRequest } from '../types';
import { badRequest, isEmail, isRecord, isText, ok } from '../values';

const FREE_PROVIDERS = ['gmail.com', 'hotmail.com', 'outlook.com', 'yahoo.com'];
const ROLES = ['admin', 'info', 'noreply', 'postmaster'];
const RUDE = /\b(casino|jackpot|viagra)\b/gi;

/** Enough to return "female", "male", and "unsure". */
const NAMES: ReadonlyMap<string, { gender: string; confidence: number }> = new Map([
	['ada', { gender: 'female', confidence: 0.99 }],
	['nathan', { gender: 'male', confidence: 0.98 }],
	['sofia', { gender: 'female', confidence: 0.97 }],
]);

/** `/experimental/*` (bentonow.com/docs/utility, /docs/spam_api). Inputs come in the query or in the body. */
export function experimentalRoutes(site: Site): Route[] {
	const route = (
		method: string,
		name: string,
		needs: readonly string[],
		answer: (input: Input) => unknown,
	): Route => ({
		method,
		path: `/experimental/${name}`,
		handle: (request) => withInput(request, needs, answer),
	});
	const blacklist = (input: Input) => checkBlacklist(site, input);
	return [
		route('POST', 'validation', ['email'], ({ email }) => ({ valid: isDeliverable(email) })),
		route('POST', 'jesses_ruleset', ['email'], checkStrictly),
		route('GET', 'blacklist', [], blacklist),
		// The name in the documentation's own page and in older SDKs.
		route('GET', 'blacklist.json', [], blacklist),
		route('POST', 'content_moderation', ['content'], moderate),
		route('POST', 'gender', ['name'], guessGender),
		// Switched off, says bento-skills of July 2026.
		route('GET', 'geolocation', ['ip'], () => ({})),
	];
}

type Input = Readonly<Record<string, unknown>>;

/** A call without any of its required values is a bad request. */
function withInput(
	{ query, body }: RouteRequest,
	needs: readonly string[],
	answer: (input: Input) => unknown,
): ParsedResponse {
	const input: Input = { ...query, ...(isRecord(body) ? body : {}) };
	if (needs.length > 0 && !needs.some((name) => isText(input[name]))) {
		return badRequest(`${needs.join(' or ')} is missing`);
	}
	return ok(answer(input));
}

function isDeliverable(email: unknown): boolean {
	return isEmail(email) && /@[^@]+\.[^@.]+$/.test(email) && !email.endsWith('.invalid');
}

function checkStrictly({ email, block_free_providers: blocksFree, wiggleroom }: Input) {
	const [name = '', domain = ''] = String(email).toLowerCase().split('@');
	const reasons: string[] = [];
	if (!isDeliverable(email)) reasons.push('Email is not valid');
	if (isOn(blocksFree) && FREE_PROVIDERS.includes(domain)) reasons.push('Free email provider');
	if (!isOn(wiggleroom) && ROLES.includes(name)) reasons.push('Role address');
	return { valid: reasons.length === 0, reasons };
}

/** In a query everything is text. */
function isOn(value: unknown): boolean {
	return value === true || value === 'true';
}

/** What it can't check isn't an error (bento-laravel-sdk, GetBlackListStatusTest). */
function checkBlacklist({ state }: Site, { domain, ip, ip_address: address }: Input) {
	const query = [domain, ip, address].find(isText) ?? '';
	const description = 'True means that the list has it';
	if (!/^[\w.:-]+$/.test(query)) {
		return {
			query: null,
			description,
			results: { result: 'Please provide an IP or clean domain' },
		};
	}
	return {
		query,
		description,
		results: {
			just_registered: false,
			spamhaus: state.listed.includes(query),
			nordspam: false,
			spfbl: false,
			sorbs: false,
			abusix: false,
		},
	};
}

function moderate({ content }: Input) {
	const text = String(content);
	const safe = text.replace(RUDE, (word) => '*'.repeat(word.length));
	const valid = safe === text;
	return { valid, reasons: valid ? [] : ['spam'], safe_original_content: safe };
}

function guessGender({ name }: Input) {
	const [first = ''] = String(name).trim().toLowerCase().split(/\s+/);
	return NAMES.get(first) ?? { gender: null, confidence: null };
}
