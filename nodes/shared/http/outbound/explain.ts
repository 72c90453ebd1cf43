import type { CallReport, Outcome, RefusalReason, UnknownReason } from './types';

/** Why a call didn't succeed, in words for a builder. `message` holds no user data: n8n rewrites messages by substring. */
export interface Explanation {
	readonly message: string;
	/** What to do next, and Bento's own words where there are any. */
	readonly description: string;
	readonly httpCode: string | undefined;
}

interface Words {
	readonly message: string;
	readonly advice: string;
}

const REFUSALS: Readonly<Record<RefusalReason, Words>> = {
	blocked: {
		message: 'Bento blocked the request',
		advice:
			"Check in Bento that the account is active and may use the API. Behind a proxy, make sure that it passes on the 'User-Agent' header",
	},
	credentials: {
		message: "Bento didn't accept the credentials",
		advice:
			"Check 'Publishable Key', 'Secret Key' and 'Site UUID' in the Bento API credential. Bento shows all three under Settings > API Keys; each site has its own",
	},
	forbidden: {
		message: "n8n wasn't able to open a trusted connection to Bento",
		advice:
			"Check 'API Base URL' in the Bento API credential, the certificate of that address, and which addresses this n8n may call",
	},
	invalid: {
		message: 'Bento refused the data',
		advice: 'Correct the values that Bento names and run the node again',
	},
	notFound: {
		message: "Bento doesn't know what was asked for",
		advice: "Check the ID, and 'API Base URL' in the Bento API credential",
	},
	other: {
		message: 'Bento refused the request',
		advice: 'Read what Bento answered and change the request',
	},
	redirected: {
		message: 'The API address answered with a redirect, which is never followed with your keys',
		advice: "Check 'API Base URL' in the Bento API credential",
	},
	unconfigured: {
		message: "The Bento API credential isn't ready",
		advice: 'Nothing was sent',
	},
	tooLarge: {
		message: 'Bento found the request too large',
		advice: "Send less data for each item, or lower 'Batch Size' in Options",
	},
};

const UNKNOWNS: Readonly<Record<UnknownReason, string>> = {
	cutOff: "Bento's answer couldn't be read to its end",
	lost: "The connection ended before Bento's answer came",
	stopped: 'The execution was stopped while a request was under way',
	timeout: "Bento didn't answer in time",
};

/** Puts a report in words. A report of success gives none that make sense: ask only after a look at `outcome.kind`. */
export function explain(report: CallReport): Explanation {
	const { outcome } = report;
	const words = wordsFor(outcome);
	const said = 'words' in outcome ? saidBy(outcome) : '';
	const code = 'code' in outcome ? `Network code: ${outcome.code}` : '';
	return {
		message: words.message,
		description: [said, code, patience(report), words.advice]
			.filter((sentence) => sentence !== '')
			.join('. '),
		httpCode:
			'status' in outcome && outcome.status !== undefined ? String(outcome.status) : undefined,
	};
}

/** Who speaks in a description: Bento, or this package about the credential. */
function saidBy(outcome: Extract<Outcome, { words: string }>): string {
	if (outcome.words === '') return '';
	const own = outcome.kind === 'refused' && outcome.reason === 'unconfigured';
	return own ? outcome.words : `Bento's answer: ${outcome.words}`;
}

function wordsFor(outcome: Outcome): Words {
	switch (outcome.kind) {
		case 'refused':
			return REFUSALS[outcome.reason];
		case 'busy':
			return outcome.status === 429
				? {
						message: 'Bento is receiving too many requests',
						advice:
							"Run the workflow again later, send fewer requests, or raise the interval between them or 'Max Attempts' in Options",
					}
				: {
						message: 'Bento is unavailable at the moment',
						advice: 'Look at status.bentonow.com and run the workflow again later',
					};
		case 'unreached':
			return {
				message: "Bento couldn't be reached",
				advice:
					"Check this n8n's network and proxy, and 'API Base URL' in the Bento API credential. Nothing was sent",
			};
		case 'unknown':
			return {
				message: UNKNOWNS[outcome.reason],
				advice: 'Bento may or may not have accepted the data: look there before you send it again',
			};
		case 'stopped':
			return { message: 'The execution was stopped before this was sent', advice: '' };
		case 'accepted':
			return { message: 'Bento accepted the request', advice: '' };
	}
}

function patience({ attempts, gaveUp }: CallReport): string {
	const requests = `${attempts} ${attempts === 1 ? 'request' : 'requests'}`;
	switch (gaveUp) {
		case 'attempts':
			return `Given up after ${requests}`;
		case 'time':
			return `Given up after ${requests}, because the next wait would pass 'Total Time Limit (Ms)'`;
		case 'guarantee':
			return 'Not sent again, because a repeat could double it';
		case undefined:
			return '';
	}
}
