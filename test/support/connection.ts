import type { BentoConnection } from '../../nodes/shared/http/client/call';
import { DEFAULT_RETRY_POLICY } from '../../nodes/shared/http/client/policies';
import { Caller, RateLimiter } from '../../nodes/shared/http/client/rateLimiter';

type Given = Pick<BentoConnection, 'clock' | 'transport'> & Partial<BentoConnection>;

/** A connection of one execution, with a limiter of its own for all kinds of calls unless it is given one. */
export function connectionOf(
	given: Given,
	limiter = new RateLimiter(given.clock, given.random),
): BentoConnection & { readonly limiter: RateLimiter } {
	return {
		baseUrl: 'https://bento.test/api/v1',
		siteUuid: 'the-site',
		account: 'the-account',
		policy: DEFAULT_RETRY_POLICY,
		random: Math.random,
		limiterFor: () => limiter,
		caller: new Caller({}),
		...given,
		limiter,
	};
}
