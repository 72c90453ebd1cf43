import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';

/** What a user sees of one way to authenticate. */
interface SchemeTexts {
	readonly name: string;
	readonly description: string;
	/** Where its sender is set up, and how the secret gets there. */
	readonly steps: readonly string[];
}

/** By the value of the parameter `authentication`, in the order of the option list. */
const SCHEMES: Readonly<Record<string, SchemeTexts>> = {
	apiKey: {
		name: 'API Key',
		description: 'Secret in the X-API-KEY header',
		steps: [
			"In Bolten, create a webhook under Settings > Integrations > Webhooks with the authentication 'API Key' and your secret. Other senders put it into a header named X-API-KEY.",
		],
	},
	basic: {
		name: 'Basic Auth',
		description: 'User name, with the secret as the password',
		steps: [
			"In Bolten, create a webhook under Settings > Integrations > Webhooks with the authentication 'Basic Auth', the credential's user name, and your secret as the password.",
		],
	},
	bearer: {
		name: 'Bearer Token',
		description: 'Secret as a bearer token in the Authorization header',
		steps: [
			"In Bolten, create a webhook under Settings > Integrations > Webhooks with the authentication 'Bearer Token' and your secret. Other senders put 'Bearer', a space, and your secret into a header named Authorization.",
		],
	},
	none: {
		name: 'None',
		description: 'Anyone who knows the URL can trigger the workflow',
		steps: ["In Bento, open a workflow and add the 'Send webhook' action with the method POST."],
	},
	query: {
		name: 'Query Parameter',
		description: "Secret in the URL, for senders that can't set headers, such as WP Fusion",
		steps: [
			"In Bento, open the 'Send webhook' action that calls WordPress, or add one with the method POST.",
			'Append a question mark, the parameter name below, an equals sign, and your URL-encoded secret to the URL.',
		],
	},
	header: {
		name: 'Secret Header',
		description: 'Secret in a custom header',
		steps: [
			"In Bento, open a workflow and add the 'Send webhook' action with the method POST.",
			'Add a header with the name below and your secret as the value.',
			'Paste the payload below into its body.',
		],
	},
};

export const schemeOptions: INodePropertyOptions[] = Object.entries(SCHEMES).map(
	([value, { name, description }]) => ({ name, value, description }),
);

/**
 * Bento has no API to register a webhook, so the user pastes. n8n 2.x takes everything out of a notice but links and
 * unordered lists, 1.x shows an ordered list without its numbers: so the numbers are part of the text.
 */
function stepsNotice([authentication, { steps: senderSteps }]: [
	string,
	SchemeTexts,
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

export const stepsNotices = Object.entries(SCHEMES).map(stepsNotice);
