import type { FailedItem, ItemFailure } from '../../shared/batchRun/result';
import type { Noun } from '../../shared/batchRun/words';
import { explain } from '../../shared/http/outbound/explain';
import type { CallReport } from '../../shared/http/outbound/types';
import type { InputIssue, NotFound } from '../../shared/operation/types';

/** What the run of an operation calls the things that it does, where they don't travel in batches. */
export const REQUESTS: Noun = { one: 'request', many: 'requests' };

export function failed(item: number, failure: ItemFailure): FailedItem {
	return { kind: 'failed', item, failure };
}

/** An item that can't be sent as it is. The message names a field of the panel; keys and details are for the description. */
export function invalidInput(issues: readonly InputIssue[]): ItemFailure {
	const [first] = issues;
	const [reason = 'is missing'] = (first?.text ?? 'is missing').split(': ');
	// A single sentence that the message says already isn't said again.
	const more = issues.length > 1 || first?.key !== undefined || first?.text !== reason;
	const sentences = !more
		? []
		: issues.map(({ field, key, text }) => {
				const place = key === undefined ? field : `${field} > ${key}`;
				return `'${place}' ${text}. `;
			});
	return {
		message: `'${first?.field ?? 'Input'}' ${reason}`,
		description: `${sentences.join('')}Correct the value, or the expression that gives it`,
	};
}

/** A call that came to nothing. Without `blocked`, a 403 is explained as for any call. */
export function unsuccessfulCall(report: CallReport, blocked: string | undefined): ItemFailure {
	const { outcome } = report;
	const explained = explain(report);
	const means = outcome.kind === 'refused' && outcome.status === 403 ? blocked : undefined;
	return means === undefined ? explained : { ...explained, message: means };
}

/** Bento doesn't have it. */
export function notFoundFailure(notFound: NotFound | undefined, report?: CallReport): ItemFailure {
	const advice = notFound
		? "Check the value, or set 'If Not Found' in Options to Continue"
		: "Check the values, and 'API Base URL' in the Bento API credential";
	const message = notFound?.message ?? "Bento doesn't have what was asked for";
	const said = report?.outcome.kind === 'refused' ? report.outcome : undefined;
	const words = said && said.words !== '' ? `Bento's answer: ${said.words}. ` : '';
	const status = said?.status;
	return {
		message,
		description: words + advice,
		...(status !== undefined && { httpCode: String(status) }),
	};
}

/** Bento answered with success and said in the body that it refused. */
export function refusedInBody(words: string): ItemFailure {
	return {
		message: 'Bento refused the data',
		description: `${words === '' ? '' : `Bento's answer: ${words}. `}Correct the values that Bento names and run the node again`,
	};
}

export const UNEXPECTED_ANSWER: ItemFailure = {
	message: "Bento's answer has another form than it documents",
	description:
		"Check 'API Base URL' in the Bento API credential. What was asked for may have been done: look in Bento before you do it again",
};

export const HELD_BACK: ItemFailure = {
	message: "The request wasn't sent, because an earlier one came to nothing",
	description: 'Correct the earlier item, or let the node continue when one fails',
};

export const UNCERTAIN: ItemFailure = {
	message: 'Bento may have this from an earlier try, so it was not sent again',
	description: 'Look in Bento whether it arrived before you send it again',
};
