import type { IHookFunctions, INode, IWebhookFunctions } from 'n8n-workflow';
import { readAllowList } from '../shared/http/server/head';
import { carrierOf, isHeaderName, type Scheme } from '../shared/http/server/secret';
import { readConditions, type Condition } from './conditions';
import type { DuplicateRules } from './duplicates';
import { readPatterns, type EventFilter } from './normalize';
import { badHeaderName, readScheme, schemeParameters } from './schemes';

/** The node's parameters, read and checked. What can't be read is a problem, never a default. */

/** The node's settings, checked; times in ms, sizes in bytes. */
export interface Settings {
	readonly scheme: Scheme;
	readonly allows: (address: string) => boolean;
	readonly wants: EventFilter;
	/** Only Run If; empty if everything may start the workflow. */
	readonly conditions: readonly Condition[];
	readonly maxBytes: number;
	readonly acceptBrokenJson: boolean;
	readonly rawBody: 'always' | 'auto' | 'never';
	readonly duplicates: DuplicateRules;
	readonly loadPerson: 'no' | 'orRefuse' | 'orStart';
	/** The body that n8n answers with immediately; undefined in the other response modes. */
	readonly immediateBody: string | undefined;
}

export type SettingsResult =
	| { readonly ok: true; readonly settings: Settings }
	| { readonly ok: false; readonly problem: string };

/** Reads one of the node's parameters; '' if it is hidden. */
export type ReadParameter = (name: string) => unknown;

const MS_PER_MINUTE = 60_000;

/** The values of options that aren't added; the same as the defaults that the editor shows. */
export const DEFAULTS = { bodyWindow: 10, idWindow: 1440, maxKilobytes: 1024 } as const;

/** A setting that can't be read, with what to change. Caught by {@link readSettings}. */
class SettingProblem extends Error {}

/** The only way to read a setting: each function takes what means the setting, and refuses everything else. */
class SettingReader {
	constructor(private readonly values: object) {}

	/** An option that isn't added has its default; one whose expression gives nothing is a problem. */
	private read<T>(
		name: string,
		label: string,
		fallback: T,
		parse: (value: unknown) => T | undefined,
		hint: string,
	): T {
		if (!Object.hasOwn(this.values, name)) return fallback;
		const value: unknown = Reflect.get(this.values, name);
		const parsed = parse(value);
		if (parsed === undefined) throw new SettingProblem(`'${label}' can't be read. ${hint}`);
		return parsed;
	}

	switch(name: string, label: string, fallback: boolean): boolean {
		return this.read(
			name,
			label,
			fallback,
			toSwitch,
			'Turn it on or off, or let its expression give true or false',
		);
	}

	/** A number out of its range is brought into it. */
	number(
		name: string,
		label: string,
		[fallback, min, max]: readonly [number, number, number],
	): number {
		const parse = (value: unknown) => {
			const number = toNumber(value);
			return number === undefined ? undefined : Math.min(max, Math.max(min, Math.round(number)));
		};
		return this.read(name, label, fallback, parse, `Use a number from ${min} to ${max}`);
	}

	choice<T extends string>(
		name: string,
		label: string,
		[fallback, ...others]: readonly [T, ...T[]],
	): T {
		const parse = (value: unknown) => [fallback, ...others].find((choice) => choice === value);
		return this.read(name, label, fallback, parse, 'Select one of its options');
	}

	text(name: string, label: string): string {
		const parse = (value: unknown) => (typeof value === 'string' ? value.trim() : undefined);
		return this.read(name, label, '', parse, 'Use text, or remove the option');
	}

	/** Rows of conditions. */
	conditions(name: string, label: string): readonly Condition[] {
		if (!Object.hasOwn(this.values, name)) return [];
		const read = readConditions(Reflect.get(this.values, name));
		if (typeof read === 'string') throw new SettingProblem(`'${label}' ${read}`);
		return read;
	}

	/** Text with commas or line breaks, or a list of texts; undefined if there is no such limit. */
	list(name: string, label: string): string | undefined {
		const hint =
			'Use comma-separated text or a list of texts that contains at least one entry, or remove the option';
		return this.read<string | undefined | null>(name, label, null, toList, hint) ?? undefined;
	}
}

function toSwitch(value: unknown): boolean | undefined {
	if (typeof value === 'boolean') return value;
	const word = typeof value === 'string' ? value.trim().toLowerCase() : '';
	return word === 'true' ? true : word === 'false' ? false : undefined;
}

function toNumber(value: unknown): number | undefined {
	const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
	return typeof number === 'number' && Number.isFinite(number) ? number : undefined;
}

/** null for a field that was left empty, which is no limit; undefined for what isn't a list. */
function toList(value: unknown): string | null | undefined {
	if (typeof value === 'string') {
		if (value.trim() === '') return null;
		return /[^\s,]/.test(value) ? value : undefined;
	}
	if (!Array.isArray(value)) return undefined;
	const entries = value.filter(
		(entry): entry is string => typeof entry === 'string' && entry.trim() !== '',
	);
	return entries.length > 0 && entries.length === value.length ? entries.join(',') : undefined;
}

/** Reads and checks the node's parameters. A problem says which one to change. */
export function readSettings(read: ReadParameter): SettingsResult {
	try {
		return { ok: true, settings: settingsFrom(read) };
	} catch (error) {
		const problem =
			error instanceof SettingProblem ? error.message : "The node's settings can't be read";
		return { ok: false, problem };
	}
}

function settingsFrom(read: ReadParameter): Settings {
	const stored = read('settings');
	if (
		typeof stored !== 'object'
			? stored !== '' && stored !== undefined
			: stored === null || Array.isArray(stored)
	) {
		throw new SettingProblem(
			"'Options' can't be read. Add the options one by one instead of using an expression for all",
		);
	}
	const options = new SettingReader(typeof stored === 'object' && stored !== null ? stored : {});
	const scheme = readScheme(read);
	if (typeof scheme === 'string') throw new SettingProblem(scheme);
	const allowList = readAllowList(options.list('allowedAddresses', 'IP(s) Allowlist') ?? '');
	if (!allowList.ok) {
		throw new SettingProblem(
			"'IP(s) Allowlist' contains an invalid entry. Use a format like 203.0.113.7, 10.0.0.0/8 or 2001:db8::/32",
		);
	}
	const responseMode = read('responseMode');
	const immediate = responseMode === 'onReceived' ? read('responseData') : undefined;
	const code = read('responseCode');
	const codeNumber = toNumber(code);
	if (
		code !== '' &&
		code !== undefined &&
		(codeNumber === undefined || codeNumber < 200 || codeNumber > 599)
	) {
		throw new SettingProblem("'Response Code' isn't a status code. Use a number from 200 to 299");
	}
	return {
		scheme,
		allows: allowList.allows,
		wants: readPatterns(options.list('events', 'Events') ?? ''),
		conditions: options.conditions('onlyRunIf', 'Only Run If'),
		maxBytes:
			options.number('maxKilobytes', 'Max Body Size (KB)', [DEFAULTS.maxKilobytes, 1, 16_384]) *
			1024,
		acceptBrokenJson: options.switch('acceptBrokenJson', 'Accept Invalid JSON', true),
		rawBody: options.choice('rawBody', 'Raw Body', ['auto', 'always', 'never']),
		duplicates: {
			ignored: options.switch('ignoreDuplicates', 'Ignore Duplicates', true),
			repeatsReads: responseMode === 'lastNode' || responseMode === 'responseNode',
			byExternalId:
				options.choice('recognizeRepeatsBy', 'Recognize Repeats By', ['request', 'externalId']) ===
				'externalId',
			deliveryHeader: readDeliveryHeader(
				options.text('deliveryHeader', 'Delivery ID Header').toLowerCase(),
				scheme,
			),
			idWindow:
				options.number('idWindow', 'Duplicate Window with ID (Minutes)', [
					DEFAULTS.idWindow,
					1,
					43_200,
				]) * MS_PER_MINUTE,
			bodyWindow:
				options.number('bodyWindow', 'Duplicate Window Without ID (Minutes)', [
					DEFAULTS.bodyWindow,
					0,
					1440,
				]) * MS_PER_MINUTE,
			stored: responseMode !== 'responseNode',
		},
		loadPerson: readLoadPerson(
			read('loadPerson'),
			options.choice('whenNotLoaded', 'If Loading Fails', ['start', 'refuse']),
		),
		immediateBody: typeof immediate === 'string' ? immediate : undefined,
	};
}

/** The secret's header would give every request one and the same ID. */
function readDeliveryHeader(name: string, scheme: Scheme): string {
	if (name === '') return name;
	if (!isHeaderName(name))
		throw new SettingProblem(badHeaderName('Delivery ID Header', 'X-Delivery-ID'));
	if (name === carrierOf(scheme)?.name || name === 'authorization') {
		throw new SettingProblem(
			"'Delivery ID Header' is the header that contains the secret. Use the header with the ID of each delivery, or leave it empty",
		);
	}
	return name;
}

function readLoadPerson(
	wanted: unknown,
	whenNotLoaded: 'refuse' | 'start',
): Settings['loadPerson'] {
	const isOn = wanted === '' || wanted === undefined ? false : toSwitch(wanted);
	if (isOn === undefined)
		throw new SettingProblem("'Load Subscriber' can't be read. Turn it on or off");
	if (!isOn) return 'no';
	return whenNotLoaded === 'refuse' ? 'orRefuse' : 'orStart';
}

/** What a request and a hook have in common. */
export type Context = IHookFunctions | IWebhookFunctions;

/** Names the node within this n8n, so that no two share what they remember. */
export function nodeKey(context: Context, node: INode): string {
	return `${context.getWorkflow().id ?? ''}:${node.id}`;
}

/** The parameters that are read, with their labels. */
const PARAMETERS: ReadonlyArray<readonly [name: string, label: string]> = [
	['authentication', 'Authentication'],
	...schemeParameters.map(({ name, displayName }) => [name, displayName] as const),
	['loadPerson', 'Load Subscriber'],
	['responseCode', 'Response Code'],
	['responseData', 'Response Body'],
	['responseMode', 'Respond'],
	['settings', 'Options'],
];

function withUndefined(_name: string, value: unknown): unknown {
	return value === undefined ? '\0' : value;
}

/** The last reading of a node's settings; they are checked again only when they change. */
export class SettingsMemory {
	private last: { readonly values: string; readonly result: SettingsResult } | undefined;

	/** The settings of the node that a request or a hook belongs to. */
	read(context: Context, node: INode): SettingsResult {
		const host = hostProblem(node);
		if (host !== undefined) return { ok: false, problem: host };
		const parameters: Record<string, unknown> = {};
		let isFixed = true;
		for (const [name, label] of PARAMETERS) {
			const read = parameterOf(context, node, name, label);
			if (!read.ok) return read;
			parameters[name] = read.value;
			isFixed &&= read.isFixed;
		}
		// Only an expression can give undefined, which JSON would leave out as if the option weren't there.
		const values = JSON.stringify(parameters, isFixed ? undefined : withUndefined);
		if (this.last?.values === values) return this.last.result;
		const result = readSettings((name) => parameters[name]);
		this.last = { values, result };
		return result;
	}
}

/**
 * n8n leaves the body to the node only for version 1 and with `options.binaryData`; else it reads the body before the
 * secret is checked, and responds to strangers' broken JSON with a stack trace.
 */
function hostProblem(node: INode): string | undefined {
	const { options } = node.parameters;
	const isLeftAlone =
		options === undefined ||
		(typeof options === 'object' &&
			options !== null &&
			Reflect.get(options, 'binaryData') === true);
	if (!isLeftAlone) {
		return hostProblemWith(
			"'options'",
			"remove 'options' from its parameters (what is optional goes into 'settings')",
		);
	}
	return node.typeVersion === 1
		? undefined
		: hostProblemWith("another 'typeVersion' than 1", "set 'typeVersion' to 1");
}

function hostProblemWith(found: string, change: string): string {
	return `The JSON of this node contains ${found}, so that n8n would read requests before the secret is checked. Copy the node into a text editor, ${change}, and paste it back`;
}

type ParameterResult =
	| { readonly ok: true; readonly value: unknown; readonly isFixed: boolean }
	| { readonly ok: false; readonly problem: string };

/** n8n is asked only for expressions: for a fixed value, it takes longer than all the rest of the node. */
function parameterOf(context: Context, node: INode, name: string, label: string): ParameterResult {
	const stored: unknown = node.parameters[name] ?? '';
	const values = typeof stored === 'object' && stored !== null ? Object.values(stored) : [stored];
	if (!values.some(isOrHasExpression)) return { ok: true, value: stored, isFixed: true };
	let evaluated: unknown;
	try {
		evaluated = context.getNodeParameter(name, '');
	} catch {
		return {
			ok: false,
			problem: `The expression in '${label}' can't be evaluated. The data of a webhook, such as $json, isn't there yet: to respond with it, set 'Respond' to When Last Node Finishes or to the Respond to Webhook node`,
		};
	}
	const value = isOrHasExpression(stored) ? evaluated : withoutEmpty(stored, evaluated);
	return { ok: true, value, isFixed: false };
}

function isOrHasExpression(value: unknown): boolean {
	if (typeof value === 'string') return value.startsWith('=');
	return Array.isArray(value) && value.some(isOrHasExpression);
}

/** An expression that gives empty text was meant to give something; only a field left empty is empty. */
function withoutEmpty(stored: unknown, evaluated: unknown): unknown {
	if (typeof stored !== 'object' || stored === null) return evaluated;
	const values: Record<string, unknown> = {};
	for (const [name, value] of Object.entries(stored)) {
		const given: unknown =
			typeof evaluated === 'object' && evaluated !== null
				? Reflect.get(evaluated, name)
				: undefined;
		values[name] =
			isOrHasExpression(value) && typeof given === 'string' && given.trim() === ''
				? undefined
				: given;
	}
	return values;
}
