import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';
import { isDangerousKey } from '../shared/http/server/head';
import {
	canCarrySecret,
	carrierOf,
	isHeaderName,
	type Carrier,
	type Scheme,
} from '../shared/http/server/secret';
import { DELIVERY_HEADERS } from './duplicates';

/** One way to authenticate: all that the node says and does about it but the check itself. */
interface SchemeRecord {
	readonly name: string;
	readonly description: string;
	/** Where its sender is set up, and how the secret gets there. */
	readonly steps: readonly string[];
	/** Where the user names the header or the query parameter. */
	readonly parameter?: INodeProperties & { readonly default: string };
	/**
	 * Gives the scheme, or what to change.
	 *
	 * @param name what `parameter` contains; '' without one
	 */
	readonly read: (name: string) => Scheme | string;
}

/** By the value of the parameter `authentication`, in the order of the option list. */
const SCHEMES = {
	apiKey: {
		name: 'API Key',
		description: 'Secret in the X-API-KEY header',
		steps: [
			"In Bolten, create a webhook under Settings > Integrations > Webhooks with the authentication 'API Key' and your secret. Other senders put it into a header named X-API-KEY.",
		],
		read: () => ({ kind: 'header', name: 'x-api-key' }),
	},
	basic: {
		name: 'Basic Auth',
		description: 'User name, with the secret as the password',
		steps: [
			"In Bolten, create a webhook under Settings > Integrations > Webhooks with the authentication 'Basic Auth', the credential's user name, and your secret as the password.",
		],
		read: () => ({ kind: 'basic' }),
	},
	bearer: {
		name: 'Bearer Token',
		description: 'Secret as a bearer token in the Authorization header',
		steps: [
			"In Bolten, create a webhook under Settings > Integrations > Webhooks with the authentication 'Bearer Token' and your secret. Other senders put 'Bearer', a space, and your secret into a header named Authorization.",
		],
		read: () => ({ kind: 'bearer' }),
	},
	none: {
		name: 'None',
		description: 'Anyone who knows the URL can trigger the workflow',
		steps: ["In Bento, open a workflow and add the 'Send webhook' action with the method POST."],
		read: () => ({ kind: 'none' }),
	},
	query: {
		name: 'Query Parameter',
		description: "Secret in the URL, for senders that can't set headers, such as WP Fusion",
		steps: [
			"In Bento, open the 'Send webhook' action that calls WordPress, or add one with the method POST.",
			'Append a question mark, the parameter name below, an equals sign, and your URL-encoded secret to the URL.',
		],
		parameter: {
			displayName: 'Parameter Name',
			name: 'queryName',
			type: 'string',
			required: true,
			default: 'access_key',
			placeholder: 'e.g. access_key',
			description:
				'Query parameter that contains the secret. URLs may be logged, so use a header if you can. URL-encode the secret.',
		},
		read(name) {
			if (name === '') return "Fill in 'Parameter Name'";
			if (!isDangerousKey(name)) return { kind: 'query', name };
			return "A query parameter called like this one in 'Parameter Name' is always dropped. Use another name, e.g. access_key";
		},
	},
	header: {
		name: 'Secret Header',
		description: 'Secret in a custom header',
		steps: [
			"In Bento, open a workflow and add the 'Send webhook' action with the method POST.",
			'Add a header with the name below and your secret as the value.',
			'Paste the payload below into its body.',
		],
		parameter: {
			displayName: 'Header Name',
			name: 'headerName',
			type: 'string',
			required: true,
			default: 'X-Bento-Secret',
			placeholder: 'e.g. X-Bento-Secret',
			description: 'Name of the header that contains the secret',
		},
		read(typed) {
			const name = typed.toLowerCase();
			if (!isHeaderName(name)) return badHeaderName('Header Name', 'X-Bento-Secret');
			if (canCarrySecret(name) && !DELIVERY_HEADERS.includes(name)) return { kind: 'header', name };
			return "The header in 'Header Name' has a meaning of its own and can't contain a secret. Use another name, e.g. X-Bento-Secret";
		},
	},
} satisfies Record<string, SchemeRecord>;

export type Authentication = keyof typeof SCHEMES;

const RECORDS: ReadonlyArray<readonly [string, SchemeRecord]> = Object.entries(SCHEMES);

/** What to change about a header's name. */
export function badHeaderName(label: string, example: string): string {
	return `'${label}' isn't a valid header name. Use letters, digits, and hyphens, e.g. ${example}`;
}

/**
 * Reads the scheme, or what to change.
 *
 * @param read reads one of the node's parameters
 */
export function readScheme(read: (name: string) => unknown): Scheme | string {
	const wanted = read('authentication');
	const [, record] = RECORDS.find(([value]) => value === wanted) ?? [];
	if (record === undefined) return "Select an 'Authentication' option";
	const name = record.parameter === undefined ? '' : read(record.parameter.name);
	return record.read(typeof name === 'string' ? name.trim() : '');
}

/** The node's parameters for all schemes, each shown for its own. */
export const schemeParameters: INodeProperties[] = RECORDS.flatMap(
	([authentication, { parameter }]) =>
		parameter
			? [{ ...parameter, displayOptions: { show: { authentication: [authentication] } } }]
			: [],
);

/** What carries a secret unless the user names something else. Hidden from workflows whatever a node's own scheme is. */
export const USUAL_CARRIERS: Readonly<Record<Carrier['place'], ReadonlySet<string>>> = {
	header: usualNames('header'),
	query: usualNames('query'),
};

function usualNames(place: Carrier['place']): ReadonlySet<string> {
	const schemes = RECORDS.map(([, { parameter, read }]) => read(parameter?.default ?? ''));
	const carriers = schemes.map((scheme) => (typeof scheme === 'string' ? null : carrierOf(scheme)));
	return new Set(carriers.flatMap((one) => (one?.place === place ? one.name : [])));
}

export const schemeOptions: INodePropertyOptions[] = RECORDS.map(
	([value, { name, description }]) => ({ name, value, description }),
);

/**
 * Bento has no API to register a webhook, so the user pastes. n8n 2.x takes everything out of a notice but links and
 * unordered lists, 1.x shows an ordered list without its numbers: so the numbers are part of the text.
 */
function stepsNotice([authentication, { steps: senderSteps }]: readonly [
	string,
	SchemeRecord,
]): INodeProperties {
	const steps = [
		...(authentication === 'none' ? [] : ['Create a secret and save it in the credential below.']),
		...senderSteps,
		"Set its URL to this node's Test URL (under Webhook URLs), click 'Execute step', and send a webhook.",
		'Once it works, set the Production URL instead and publish or activate this workflow.',
		'A copy of this node has the same Path, if one is set. Give it a path of its own.',
	];
	const items = steps.map((step, index) => `<li>${index + 1}. ${step}</li>`);
	return {
		displayName: `<ul>${items.join('')}</ul>`,
		name: 'stepsNotice',
		type: 'notice',
		displayOptions: { show: { authentication: [authentication] } },
		default: '',
	};
}

export const stepsNotices = RECORDS.map(stepsNotice);
