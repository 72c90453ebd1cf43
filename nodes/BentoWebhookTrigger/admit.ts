import type { IWebhookFunctions } from 'n8n-workflow';
import { challenge, findPresented, type Scheme } from '../shared/http/inbound/schemes';
import { isAcceptedSecret } from '../shared/http/inbound/secrets';
import type { TriggerConfig } from './config';
import { nodeKey, secretsOf } from './configure';
import { recentSecrets } from './recentSecrets';
import { SECRET_CREDENTIAL, type SecretResult } from './secretCredential';
import { reject, type Arrival, type Rejected } from './verdict';

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
	{ head, receivedAt }: Arrival,
	config: TriggerConfig,
): Promise<Admission> {
	const { scheme } = config;
	if (scheme.kind === 'none') return { kind: 'admitted', hidden: [] };
	const headers = { 'WWW-Authenticate': challenge(scheme) };
	const presented = findPresented(head, scheme);
	if (presented.kind !== 'value') return reject('unauthorized', { headers });
	const secrets = await secretsNow(context, scheme, receivedAt);
	if (!secrets.ok) return reject('not_configured', { problem: secrets.problem });
	return isAcceptedSecret(presented.value, secrets.accepted)
		? { kind: 'admitted', hidden: secrets.hidden }
		: reject('unauthorized', { headers });
}

/** A test run always reads: its builder may have changed the secret just now. */
async function secretsNow(
	context: IWebhookFunctions,
	scheme: Scheme,
	now: number,
): Promise<SecretResult> {
	const read = async () => await secretsOf(context, scheme);
	if (context.getMode() === 'manual') return await read();
	const credential = context.getNode().credentials?.[SECRET_CREDENTIAL]?.id ?? '';
	return await recentSecrets(nodeKey(context), `${scheme.kind} ${credential}`, now, read);
}
