import type { IWebhookFunctions } from 'n8n-workflow';
import { z } from 'zod';
import { callBento, type BentoConnection } from '../shared/http/client/call';
import { connectToBento } from '../shared/http/client/credential';
import { explain } from '../shared/http/client/explain';
import { TRIGGER_POLICY } from '../shared/http/client/policies';
import type { BentoRequest, CallReport } from '../shared/http/client/types';
import type { JsonValue } from '../shared/http/server/payload';

/** What Bento knows about the subscriber of a webhook, or why that is missing. */
export type Profile =
	| {
			readonly found: true;
			readonly uuid: string | null;
			readonly email: string | null;
			readonly fields: Readonly<Record<string, JsonValue>>;
			/** By name. */
			readonly tags: readonly string[];
			readonly subscribed: boolean;
			readonly unsubscribedAt: string | null;
	  }
	| { readonly found: false; readonly problem: string };

export type Loaded =
	| { readonly kind: 'answered'; readonly profile: Profile }
	| { readonly kind: 'unanswered'; readonly problem: string };

const json: z.ZodType<JsonValue> = z.lazy(() =>
	z.union([z.string(), z.number(), z.boolean(), z.null(), z.array(json), z.record(json)]),
);
const textOrNumber = z.union([z.string(), z.number()]).transform(String);

/** A missing subscriber is a 200 with `{}` (bentonow.com/docs/subscribers); `fields` may be null or `[]`. */
const subscriberAnswer = z.object({
	data: z
		.object({
			attributes: z.object({
				uuid: z.string().nullish(),
				email: z.string().nullish(),
				fields: z.record(json).nullish().catch(null),
				cached_tag_ids: z.array(textOrNumber).nullish().catch(null),
				unsubscribed_at: z.string().nullish(),
			}),
		})
		.nullish(),
});

/** Some of Bento's pages show `name` beside the ID rather than under `attributes`. */
const tagsAnswer = z.object({
	data: z.array(
		z.object({
			id: textOrNumber,
			name: z.string().optional(),
			attributes: z.object({ name: z.string().optional() }).optional(),
		}),
	),
});

/** Loads the subscriber of a webhook. The email wins over the UUID, which changes when visitors are merged. */
export async function loadPerson(
	context: IWebhookFunctions,
	email: string | null,
	uuid: string | null,
): Promise<Loaded> {
	if (email === null && uuid === null) {
		return answered({ found: false, problem: 'The payload contains no email or visitor UUID' });
	}
	const connection = await connectToLoad(context);
	if (typeof connection === 'string') return unanswered(connection);
	const query = email === null ? { uuid: uuid ?? '' } : { email: email.toLowerCase() };
	const report = await callBento(connection, {
		method: 'GET',
		path: '/fetch/subscribers',
		query,
		idempotent: true,
	});
	if (report.outcome.kind !== 'accepted') return unanswered(explain(report).message);
	const read = subscriberAnswer.safeParse(report.outcome.body);
	if (!read.success) return unanswered('Bento returned an unexpected response');
	const attributes = read.data.data?.attributes;
	if (!attributes)
		return answered({ found: false, problem: "The subscriber wasn't found in Bento" });

	const tags = await loadTagNames(connection, attributes.cached_tag_ids ?? []);
	if (typeof tags === 'string') return unanswered(tags);
	return answered({
		found: true,
		uuid: attributes.uuid ?? null,
		email: attributes.email ?? null,
		fields: attributes.fields ?? {},
		tags,
		subscribed: !attributes.unsubscribed_at,
		unsubscribedAt: attributes.unsubscribed_at ?? null,
	});
}

/** Connects to Bento, or returns the reason it can't: a credential may have changed since the activation. */
async function connectToLoad(context: IWebhookFunctions): Promise<BentoConnection | string> {
	if (!context.getNode().credentials?.bentoApi) {
		return 'No Bento API credential is selected. Select or create one';
	}
	try {
		return (await connectToBento(context, { policy: TRIGGER_POLICY })).connection;
	} catch {
		return "The Bento API credential isn't valid. Open it and check its values";
	}
}

function answered(profile: Profile): Loaded {
	return { kind: 'answered', profile };
}

function unanswered(problem: string): Loaded {
	return { kind: 'unanswered', problem };
}

/** The names of a subscriber's tags, or what went wrong. An ID that Bento doesn't list stays an ID. */
async function loadTagNames(
	connection: BentoConnection,
	ids: readonly string[],
): Promise<string[] | string> {
	if (ids.length === 0) return [];
	const report = await readShared(connection, {
		method: 'GET',
		path: '/fetch/tags',
		idempotent: true,
	});
	if (report.outcome.kind !== 'accepted') return explain(report).message;
	const read = tagsAnswer.safeParse(report.outcome.body);
	if (!read.success) return 'Bento returned an unexpected response for the list of tags';
	const names = new Map(read.data.data.map((tag) => [tag.id, tag.attributes?.name ?? tag.name]));
	return ids.map((tag) => names.get(tag) ?? tag);
}

interface SharedRead {
	readonly report: Promise<CallReport>;
	readonly startedAt: number;
}

/** By credential and request. */
const reads = new Map<string, SharedRead>();

/** A response this old, in ms, is asked for again. */
const FRESH = 3_000;

/**
 * Makes a read that others of this process may have made a moment ago: equal ones by an equal credential share a
 * request. Only for lists that many ask for at once; a failure is shared by those that waited for it, and by no later one.
 */
export async function readShared(
	connection: BentoConnection,
	request: BentoRequest,
): Promise<CallReport> {
	const now = connection.clock.now();
	for (const [key, { startedAt }] of reads) if (now - startedAt > FRESH) reads.delete(key);
	const key = JSON.stringify([connection.account, request.path, request.query]);
	const known = reads.get(key);
	if (known) return await known.report;
	const read = { report: callBento(connection, request), startedAt: now };
	reads.set(key, read);
	const report = await read.report;
	if (report.outcome.kind !== 'accepted' && reads.get(key) === read) reads.delete(key);
	return report;
}
