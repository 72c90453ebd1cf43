import type { IWebhookFunctions } from 'n8n-workflow';
import { challenge, findPresented } from '../shared/http/inbound/schemes';
import { isAcceptedSecret } from '../shared/http/inbound/secrets';
import type { RequestHead } from '../shared/http/inbound/types';
import type { TriggerConfig } from './config';
import { secretsOf } from './configure';
import { reject, type Rejected } from './verdict';

export type Admission =
	| Rejected
	/** `hidden` are the secrets that must not show in the output. */
	| { readonly kind: 'admitted'; readonly hidden: readonly string[] };

/**
 * Checks what a request presents. One without a secret is refused before the credential is read. Missing and
 * wrong are answered alike, so that a sender learns nothing from trying.
 */
export async function admit(
	context: IWebhookFunctions,
	head: RequestHead,
	config: TriggerConfig,
): Promise<Admission> {
	const { scheme } = config;
	if (scheme.kind === 'none') return { kind: 'admitted', hidden: [] };
	const headers = { 'WWW-Authenticate': challenge(scheme) };
	const presented = findPresented(head, scheme);
	if (presented.kind !== 'value') return reject('unauthorized', { headers });
	const secrets = await secretsOf(context, scheme);
	if (!secrets.ok) return reject('not_configured', { problem: secrets.problem });
	return isAcceptedSecret(presented.value, secrets.accepted)
		? { kind: 'admitted', hidden: secrets.hidden }
		: reject('unauthorized', { headers });
}
