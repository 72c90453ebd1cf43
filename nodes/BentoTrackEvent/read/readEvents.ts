import type { IExecuteFunctions } from 'n8n-workflow';
import type { FailedItem, ItemFailure } from '../../shared/batchRun/result';
import type { Piece } from '../../shared/delivery/types';
import { compileValue, readerContext } from '../../shared/parameters/valueReader';
import { checkEvent, type CheckOptions, type Labels } from '../event/check';
import type { BentoEvent, EventIssue } from '../event/types';
import type { Settings } from '../settings';
import { mappedDrafts, wholeItemDrafts, type DraftReader } from './drafts';
import type { RawParameters } from './types';

export interface EventPiece extends Piece {
	readonly record: BentoEvent;
}

export interface ReadEvents {
	readonly events: readonly EventPiece[];
	readonly invalid: readonly FailedItem[];
}

const PANEL_LABELS: Labels = {
	date: 'Date',
	details: 'Details',
	email: 'Email',
	fields: 'Profile Fields',
	type: 'Event Type',
};

const JSON_LABELS: Labels = {
	date: 'date',
	details: 'details',
	email: 'email',
	fields: 'fields',
	type: 'type',
};

/** Turns every input item into an event, or into the reason why it is none. Sends nothing. */
export function readEvents(context: IExecuteFunctions, settings: Settings): ReadEvents {
	const wholeEvents = settings.inputMode === 'eventObjects';
	const read = draftReader(context, settings);
	const options: CheckOptions = {
		labels: wholeEvents ? JSON_LABELS : PANEL_LABELS,
		timeZone: context.getTimezone(),
		normalizeFieldKeys: settings.normalizeFieldKeys,
	};
	const events: EventPiece[] = [];
	const invalid: FailedItem[] = [];
	for (let item = 0; item < context.getInputData().length; item += 1) {
		const draft = read(item);
		const checked = draft.ok ? checkEvent(draft.draft, options) : draft;
		if (checked.ok) events.push({ item, record: checked.event });
		else invalid.push({ kind: 'failed', item, failure: toFailure(checked.issues) });
	}
	return { events, invalid };
}

function draftReader(context: IExecuteFunctions, settings: Settings): DraftReader {
	const reader = readerContext(context);
	if (settings.inputMode === 'eventObjects') return wholeItemDrafts(reader);
	const raw: RawParameters = (name) =>
		context.getNodeParameter(name, 0, null, { rawExpressions: true });
	return mappedDrafts(settings.operation, raw, reader, (name) => compileValue(raw(name), reader));
}

function toFailure(issues: readonly EventIssue[]): ItemFailure {
	const [first] = issues;
	const more = issues.length > 1 || issues[0]?.field !== label(issues[0]);
	const sentences = more ? issues.map(({ field, text }) => `'${field}' ${text}. `) : [];
	return {
		message: `'${label(first)}' ${first?.text ?? 'is missing'}`,
		description: `${sentences.join('')}Correct the value, or the expression that gives it`,
	};
}

/** Keys inside details and fields are the user's own, so a message names only the part they are in. */
function label(issue: EventIssue | undefined): string {
	return issue?.field.split(' > ')[0] ?? '';
}
