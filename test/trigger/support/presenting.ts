import type { Authentication } from '../../../nodes/BentoWebhookTrigger/schemes';
import type { Sent } from './client';

const utf8 = (text: string) => Buffer.from(text, 'utf8').toString('latin1');

/** What a sender of each scheme presents. A new scheme doesn't compile until it is here, and is in all tests then. */
const PRESENTED: Record<Authentication, (secret: string, user: string) => Sent> = {
	apiKey: (secret) => ({ headers: { 'x-api-key': utf8(secret) } }),
	basic: (secret, user) => ({
		headers: { authorization: `Basic ${Buffer.from(`${user}:${secret}`).toString('base64')}` },
	}),
	bearer: (secret) => ({ headers: { authorization: `Bearer ${utf8(secret)}` } }),
	header: (secret) => ({ headers: { 'x-bento-secret': utf8(secret) } }),
	none: () => ({}),
	query: (secret) => ({ query: `access_key=${encodeURIComponent(secret)}` }),
};

/** All schemes, by the value of the parameter `authentication`. */
export const PRESENTING = Object.entries(PRESENTED);

/** The schemes with a secret. */
export const WITH_SECRET = PRESENTING.filter(([authentication]) => authentication !== 'none');
