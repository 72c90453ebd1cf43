import type { IWebhookFunctions } from 'n8n-workflow';
import type { Payload } from '../shared/http/inbound/payload';
import type { TriggerConfig } from './config';
import { nodeKey, staticDataOf } from './configure';
import { identify, type Identity } from './identity';
import { keep, recall } from './memory';
import { toOutput, visibleQuery } from './output';
import { loadPerson, type Profile } from './person';
import { recognize, type Recognized } from './recognize';
import { hideSecrets } from './secretCredential';
import { decideFirst, decideRepeat } from './underWay';
import { reject, type Arrival, type Rejected, type Verdict } from './verdict';

/** A request whose sender is known and whose body is read. */
export interface Taken {
	readonly config: TriggerConfig;
	readonly hidden: readonly string[];
	readonly body: Buffer;
	readonly payload: Payload;
}

/**
 * Takes a known sender's request the rest of the way: filter, duplicates, person, output. Whatever keeps the
 * workflow from starting also makes the request new again, for the sender's next try.
 */
export async function take(
	context: IWebhookFunctions,
	arrival: Arrival,
	taken: Taken,
): Promise<Verdict> {
	const { head, receivedAt } = arrival;
	const { config, hidden, payload } = taken;
	const query = visibleQuery(head, config.scheme, hidden);
	const recognized = recognize(payload.value, query);
	if (!config.wants(recognized.event)) return { kind: 'skip', why: 'ignored' };

	const identity = identify(head, query, taken.body, recognized, config.duplicates);
	const request = `${nodeKey(context)}:${identity.key}`;
	const claim = claimOnce(context, config, identity, receivedAt);
	if (claim === 'duplicate') return await decideRepeat(request);
	return await decideFirst(request, async () => {
		let started = false;
		try {
			const person = await personFor(context, config, recognized);
			if (person.kind === 'reject') return person;
			const item = toOutput({
				head,
				query,
				payload,
				recognized,
				profile: person.profile,
				scheme: config.scheme,
				hidden,
				requestId: hideSecrets(arrival.requestId, hidden),
				idempotencyKey: identity.key,
				receivedAt,
			});
			started = true;
			return { kind: 'start', item, immediateBody: config.immediateBody, release: claim.release };
		} finally {
			if (!started) claim.release();
		}
	});
}

async function personFor(
	context: IWebhookFunctions,
	config: TriggerConfig,
	{ email, visitorUuid }: Recognized,
): Promise<Rejected | { kind: 'person'; profile: Profile | null }> {
	if (config.loadPerson === 'no') return { kind: 'person', profile: null };
	const loaded = await loadPerson(context, email, visitorUuid);
	if (loaded.kind === 'answered') return { kind: 'person', profile: loaded.profile };
	const { problem } = loaded;
	return config.loadPerson === 'orStart'
		? { kind: 'person', profile: { found: false, problem } }
		: reject('person_not_loaded', { problem });
}

/**
 * Lets a request through once. Nothing is awaited between looking and remembering. A builder who tests by
 * hand sends the same payload again and again, so test runs are left alone.
 */
function claimOnce(
	context: IWebhookFunctions,
	config: TriggerConfig,
	identity: Identity,
	now: number,
): 'duplicate' | { readonly release: () => void } {
	const { ignored, maxKeys, stored } = config.duplicates;
	if (!ignored || identity.window === 0 || context.getMode() === 'manual') {
		return { release: () => undefined };
	}
	const node = nodeKey(context);
	const staticData = stored ? staticDataOf(context) : {};
	const keys = recall(node, staticData, now);
	const isNew = keys.claim(identity.key, now + identity.window, now, maxKeys);
	keep(node, staticData, now);
	return isNew ? { release: () => keys.release(identity.key) } : 'duplicate';
}
