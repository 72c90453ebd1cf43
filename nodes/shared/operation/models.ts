import type { INodeProperties } from 'n8n-workflow';
import { CODES } from '../http/problem';
import { isRecord } from './schemas';

/**
 * What models that write workflows read about a node. They see its search hint and a type that n8n generates from the
 * whole description, whatever the operation; not the texts of dropdowns, notices, or the documentation.
 */

/**
 * Stands in for Options in the types. n8n prints a collection in full for every operation, and of several properties
 * with one name it prints the first, whatever version that is for. No version of a node is 0, so no panel shows this.
 *
 * @param shared names of the options that the type's header tells once
 */
export function optionsInTypes(
	property: INodeProperties,
	shared: ReadonlySet<string>,
): INodeProperties {
	const own = optionsOf(property).filter(({ name }) => !shared.has(name));
	const listed = own.map((option) => `${signature(option)}: ${option.description ?? ''}`);
	return {
		displayName: property.displayName,
		name: property.name,
		type: 'collection',
		default: {},
		displayOptions: { show: { '@version': [0] } },
		description: [...listed, 'See common options'].join(' | '),
	};
}

/** The options that many operations have in common, told once. */
export function commonOptionsNote(options: readonly INodeProperties[]): string {
	const signatures = [...new Map(options.map((one) => [one.name, signature(one)])).values()];
	return `Common options, in "options" of the operations that have it; times in ms; outputFields in lists; leave them out unless asked for: ${signatures.sort().join(', ')}.`;
}

/** What failed items have, for models; the codes are those of docs/troubleshooting.md. */
export const FAILURES_NOTE = `With onError 'continueErrorOutput', failed items leave by the second output with their input and { error, message }: error says what happened, message what to do, and ends with 'Code: RATE_LIMITED, HTTP 429, not received', or 'may have been received'; without a response, no HTTP. Codes: ${CODES.join(', ')}.`;

/** A name with what it may be and what it is if left out: `ifNotFound?: 'continue' | 'fail' = 'fail'`. */
function signature({ name, type, options = [], default: usual }: INodeProperties): string {
	const choices = options.flatMap((option) =>
		'value' in option ? [JSON.stringify(option.value)] : [],
	);
	const kind = choices.length > 0 ? choices.join(' | ') : type;
	return `${name}?: ${kind} = ${JSON.stringify(usual)}`;
}

function optionsOf({ options = [] }: INodeProperties): INodeProperties[] {
	return options.flatMap((option) => ('type' in option ? [option] : []));
}

/** The choices of how a set of values is given. */
const CHOICES: ReadonlySet<string> = new Set(['customFieldsMode', 'detailsMode', 'fieldsMode']);

/**
 * Keeps the value of a choice that isn't made. n8n drops what the panel doesn't show before a node runs, so a model that
 * gives JSON and forgets the choice would never learn that it was lost: see `lostValues`.
 */
export function keptUnshown(property: INodeProperties): INodeProperties[] {
	const { show = {}, hide } = property.displayOptions ?? {};
	const choice = Object.keys(show).find((name) => CHOICES.has(name));
	if (choice === undefined) return [];
	const { [choice]: made, ...others } = show;
	const displayOptions = { show: others, hide: { ...hide, [choice]: made } };
	return [{ ...property, type: 'hidden', displayOptions }];
}

/** Whether the choice that shows a parameter is made; a parameter without one, or whose choice isn't there, counts as shown. */
export function isChosen(property: INodeProperties, read: (name: string) => unknown): boolean {
	return Object.entries(property.displayOptions?.show ?? {}).every(([name, values]) => {
		const made = CHOICES.has(name) ? read(name) : null;
		return made === null || values?.some((value) => value === made);
	});
}

/** Hints for values that don't reach Bento: another choice is made, or n8n has emptied what wasn't in the form of rows. */
export function lostValues(
	properties: readonly INodeProperties[],
	read: (name: string) => unknown,
): string[] {
	const shown = properties.filter((property) => isChosen(property, read));
	const names = new Set(shown.map(({ name }) => name));
	const unused = properties
		.filter(({ name, default: usual }) => !names.has(name) && isGiven(read(name), usual))
		.map(
			({ displayName: label }) =>
				`'${label}' has a value that isn't used. Choose it under 'Specify ${label.replace(' (JSON)', '')}'`,
		);
	return [...unused, ...shown.flatMap((property) => emptied(property, read(property.name)))];
}

function emptied(property: INodeProperties, value: unknown): string[] {
	if (property.type !== 'collection' || !isRecord(value)) return [];
	return optionsOf(property).flatMap(({ name, type, displayName, options: [group] = [] }) => {
		const given: unknown = value[name];
		const isEmpty = isRecord(given) && Object.keys(given).length === 0;
		if (type !== 'fixedCollection' || !isEmpty || group === undefined) return [];
		return [
			`'${displayName}' was added without rows. In a workflow's JSON, they are {"${group.name}": [{ … }]}`,
		];
	});
}

function isGiven(value: unknown, usual: unknown): boolean {
	if (value === undefined || value === null || value === '') return false;
	return ![usual, {}, { assignments: [] }].some(
		(empty) => JSON.stringify(empty) === JSON.stringify(value),
	);
}
