import { sentences, type Problem } from '../problem';
import { NO_CODE } from './transport';
import type { CallReport, Outcome, RefusalReason, UnknownReason } from './types';

/** A problem before it is known what the response said. */
type Words = Pick<Problem, 'advice' | 'code' | 'message'>;

const NOTHING_SENT = 'Nothing was sent';

const PROXY_ADVICE =
	'Check HTTPS_PROXY (or HTTP_PROXY) of your n8n instance, with the user name and password if the proxy asks for them, and allow app.bentonow.com in the proxy. Hosts listed in NO_PROXY are called directly';

const REFUSALS: Readonly<Record<RefusalReason, Words>> = {
	blocked: {
		code: 'FORBIDDEN',
		message: 'Bento blocked the request',
		advice:
			"Check that your Bento account is active and has API access. If you use a proxy, make sure it forwards the 'User-Agent' header",
	},
	certificate: {
		code: 'UNREACHABLE',
		message: "n8n doesn't trust the certificate of the API address",
		advice: `Your n8n instance says this, not Bento. If a proxy or firewall inspects your traffic, set NODE_EXTRA_CA_CERTS of your n8n instance to its CA certificate. Otherwise, check 'API Base URL' in the Bento API credential.`,
	},
	credentials: {
		code: 'CREDENTIALS',
		message: 'Bento rejected the credentials',
		advice:
			"Check 'Publishable Key', 'Secret Key' and 'Site UUID' in the Bento API credential. You can find them in Bento under Settings > API Keys. Keys belong to a user, work for all sites of that user, and stop working if the user leaves the team",
	},
	forbidden: {
		code: 'FORBIDDEN',
		message: "Bento doesn't allow the request",
		advice:
			'Check that your Bento account is active, and that it and the owner of the keys have access to this',
	},
	hostNotAllowed: {
		code: 'UNREACHABLE',
		message: "Your n8n instance isn't allowed to call the API address",
		advice: `Your n8n instance says this, not Bento. Check 'API Base URL' in the Bento API credential. If n8n's SSRF protection is on, allow the host in N8N_SSRF_ALLOWED_HOSTNAMES.`,
	},
	invalid: {
		code: 'REJECTED',
		message: 'Bento rejected the data',
		advice: 'Correct the values that Bento names and run the node again',
	},
	notFound: {
		code: 'NOT_FOUND',
		message: "The resource wasn't found in Bento",
		advice: "Check the ID, and 'API Base URL' in the Bento API credential",
	},
	other: {
		code: 'REJECTED',
		message: 'Bento rejected the request',
		advice: "Adjust the request based on Bento's response",
	},
	proxy: {
		code: 'UNREACHABLE',
		message: "A proxy between n8n and Bento didn't let the request through",
		advice: PROXY_ADVICE,
	},
	redirected: {
		code: 'UNREACHABLE',
		message: "The API responded with a redirect, which isn't followed to protect your keys",
		advice: "Check 'API Base URL' in the Bento API credential",
	},
	tooLarge: {
		code: 'TOO_LARGE',
		message: 'The request is too large for Bento',
		advice: "Send less data per item, or lower 'Batch Size' under Options",
	},
	unconfigured: {
		code: 'CREDENTIALS',
		message: "The Bento API credential can't be used",
		advice: '',
	},
	unsafePath: {
		code: 'INVALID_INPUT',
		message: "The ID or path can't be used in a request",
		advice: '',
	},
};

/** Sites and senders wait for Bento's approval (status 403, bento-actionmailer). */
const NOT_APPROVED = /\bnot approved\b/i;

const APPROVAL: Words = {
	code: 'FORBIDDEN',
	message: "Bento hasn't approved the site or the sender yet",
	advice: 'Check in Bento whether the site and its authors are approved, or ask its support',
};

/** Refusals of which nothing left this machine. */
const UNSENT: ReadonlySet<RefusalReason> = new Set([
	'certificate',
	'hostNotAllowed',
	'unconfigured',
	'unsafePath',
]);

const UNKNOWNS: Readonly<Record<UnknownReason, string>> = {
	cutOff: "Bento's response was incomplete",
	lost: 'The connection closed before Bento responded',
	stopped: 'The execution was stopped during a request',
	timeout: "Bento didn't respond in time",
};

const MAY_HAVE_ARRIVED =
	'Bento may have received the data. Check in Bento before you send it again';

const ASK_AGAIN = 'Try again later. If it happens again, check the network of your n8n instance';

/**
 * Puts a report into words. Only for reports that aren't a success: check `outcome.kind` first.
 *
 * @returns a problem whose `message` contains no user data; what the response says is its detail
 */
export function explain(report: CallReport): Problem {
	const { outcome } = report;
	const { code, message, advice } = wordsFor(report);
	const detail = responseOrCode(outcome);
	const status = 'status' in outcome ? outcome.status : undefined;
	const requestId = 'requestId' in outcome ? outcome.requestId : undefined;
	return {
		code,
		mayHaveArrived: report.mayHaveArrived,
		message,
		...(detail !== '' && { detail }),
		advice: sentences([patience(report), advice, aboutTheData(report)]),
		...(status !== undefined && { httpCode: String(status) }),
		...(requestId !== undefined && { requestId }),
	};
}

/** Whether Bento may have the data, or certainly doesn't. */
function aboutTheData({ outcome, mayHaveArrived }: CallReport): string {
	if (mayHaveArrived) return MAY_HAVE_ARRIVED;
	const unsent =
		outcome.kind === 'unreached' || (outcome.kind === 'refused' && UNSENT.has(outcome.reason));
	return unsent ? NOTHING_SENT : '';
}

/** Who says what: Bento, a proxy, this machine's network, or this package about a credential or path. */
function responseOrCode(outcome: Outcome): string {
	if ('code' in outcome && outcome.code !== undefined) {
		return outcome.code === NO_CODE ? '' : `Network code: ${outcome.code}`;
	}
	if (!('words' in outcome) || outcome.words === '') return '';
	if (outcome.kind === 'busy') return quotedResponse(outcome.from === 'proxy', outcome.words);
	const { reason, words } = outcome;
	return reason === 'unconfigured' || reason === 'unsafePath'
		? words
		: quotedResponse(reason === 'proxy', words);
}

/** Bento's own words as a sentence; empty if there are none. */
export function fromBento(words = ''): string {
	return words === '' ? '' : `Bento's response: ${words}`;
}

function quotedResponse(byProxy: boolean, words: string): string {
	return byProxy ? `The proxy's response: ${words}` : fromBento(words);
}

function wordsFor({ outcome, reads }: CallReport): Words {
	switch (outcome.kind) {
		case 'refused':
			if (outcome.reason === 'forbidden' && NOT_APPROVED.test(outcome.words)) return APPROVAL;
			return REFUSALS[outcome.reason];
		case 'busy':
			return wordsForBusy(outcome);
		case 'unreached':
			return {
				code: 'UNREACHABLE',
				message: "Bento couldn't be reached",
				advice: `Check your n8n instance's network and proxy settings (HTTPS_PROXY, NO_PROXY), and 'API Base URL' in the Bento API credential.`,
			};
		case 'unknown':
			return {
				code: 'UNKNOWN',
				message: UNKNOWNS[outcome.reason],
				advice: reads && outcome.reason !== 'stopped' ? ASK_AGAIN : '',
			};
		case 'noTurn':
			return {
				code: 'RATE_LIMITED',
				message: "The wait for Bento's rate limit took too long",
				advice: `${executionsWaiting(outcome.executions)}. ${COLLECT}, or raise 'Total Time Limit' under Options`,
			};
		case 'stopped':
			return {
				code: 'NOT_SENT',
				message: 'The execution was stopped before this was sent',
				advice: '',
			};
		case 'accepted':
			return { code: 'UNEXPECTED', message: 'Bento accepted the request', advice: '' };
	}
}

/** What helps if more executions send than Bento's limit has room for: an interval can't. */
const COLLECT =
	"Run fewer executions at once, collect events and send them together (examples/collect-events.json in this package's repository)";

function executionsWaiting(count: number): string {
	return count === 1
		? 'No other execution was waiting'
		: `${count} executions were waiting for a turn`;
}

function wordsForBusy(outcome: Extract<Outcome, { kind: 'busy' }>): Words {
	if (outcome.from === 'proxy') {
		return {
			code: 'UNAVAILABLE',
			message: "A proxy between n8n and Bento couldn't pass the request on",
			advice: PROXY_ADVICE,
		};
	}
	if (outcome.status === 429) {
		return {
			code: 'RATE_LIMITED',
			message: "Bento's rate limit was reached",
			advice: `${COLLECT}, or raise 'Total Time Limit' under Options`,
		};
	}
	return {
		code: 'UNAVAILABLE',
		message: 'Bento is currently unavailable',
		advice:
			'Check status.bentonow.com and try again later. If n8n uses a proxy, check that it can reach Bento',
	};
}

function patience({ attempts, gaveUp }: CallReport): string {
	const requests = `${attempts} ${attempts === 1 ? 'attempt' : 'attempts'}`;
	switch (gaveUp) {
		case 'attempts':
			return `Stopped after ${requests}`;
		case 'time':
			return `Stopped after ${requests} because another one would exceed 'Total Time Limit'`;
		case 'guarantee':
			return 'Not retried to avoid duplicates';
		case undefined:
			return '';
	}
}
