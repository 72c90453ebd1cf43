/** What the stand-in knows besides events. Times are ISO 8601. Tests may change all of it. */
export interface BentoState {
	/** By email, in lower case. */
	readonly people: Map<string, Person>;
	readonly tags: Tag[];
	readonly fields: Field[];
	readonly authors: Author[];
	/** Accepted for sending, in order. */
	readonly emails: SentEmail[];
	/** Accepted, in order. */
	readonly commands: SentCommand[];
	readonly broadcasts: Broadcast[];
	readonly sequences: Sequence[];
	readonly workflows: Workflow[];
	readonly templates: Template[];
	readonly segments: Segment[];
	readonly responses: FormResponse[];
	readonly reports: Report[];
	/** Emails of subscribers whose data is to be deleted, in order. */
	readonly deletions: string[];
	/** Domains and IP addresses that block lists know. */
	readonly listed: string[];
	/** Whether the account may search. Default false. */
	enterprise: boolean;
	/** The next ID to give. */
	nextId: number;
}

export interface Person {
	readonly id: string;
	readonly uuid: string;
	email: string;
	readonly fields: Map<string, unknown>;
	readonly tagIds: Set<string>;
	unsubscribedAt: string | null;
	readonly createdAt: string;
	updatedAt: string;
	lastEventAt: string | null;
}

export interface Tag {
	readonly id: string;
	readonly name: string;
	readonly createdAt: string;
	/** Deleted tags stay in the list. */
	discardedAt: string | null;
}

export interface Field {
	readonly id: string;
	readonly key: string;
	readonly name: string;
	readonly createdAt: string;
}

export interface Author {
	readonly id: string;
	readonly email: string;
	readonly name: string;
}

/** As it came in. */
export type SentEmail = Readonly<Record<string, unknown>>;

export interface SentCommand {
	readonly command: string;
	/** Either of both. */
	readonly email?: string;
	readonly uuid?: string;
	readonly query?: unknown;
}

export type BroadcastStatus = 'archived' | 'draft' | 'scheduled' | 'sending' | 'sent';

export interface Broadcast {
	readonly id: string;
	readonly name: string;
	readonly status: BroadcastStatus;
	readonly subject: string;
	readonly html: string;
	readonly createdAt: string;
	readonly sendAt: string | null;
	readonly sentAt: string | null;
	readonly openRate: number;
	/** As it came in, where the API made it. */
	readonly input?: Readonly<Record<string, unknown>>;
}

export interface Sequence {
	readonly id: string;
	readonly name: string;
	readonly createdAt: string;
	readonly templateIds: string[];
}

export interface Workflow extends Sequence {
	readonly status: 'draft' | 'live';
}

export interface Template {
	readonly id: string;
	readonly name: string;
	subject: string;
	html: string;
	readonly createdAt: string;
	readonly stats: { readonly opened: number; readonly clicked: number } | null;
	/** As it came in, where the API made it. */
	readonly input?: Readonly<Record<string, unknown>>;
}

export interface Segment {
	readonly id: string;
	readonly name: string;
	readonly description: string | null;
	readonly query: string;
	/** Subscribers with this tag are in it. */
	readonly tagId: string;
	readonly createdAt: string;
}

export interface FormResponse {
	readonly id: string;
	readonly uuid: string;
	readonly formId: string;
	readonly email: string;
	readonly date: string;
	readonly fields: Readonly<Record<string, string>>;
}

export interface Report {
	readonly id: string;
	readonly name: string;
	readonly style: string;
	readonly type: string;
	readonly data: unknown;
	/** Whether the answer wraps it in `report_data`: sources disagree, so there is one of each. */
	readonly wrapped: boolean;
}

/** An ID that nothing else has. */
export function takeId(state: BentoState): string {
	const id = String(state.nextId);
	state.nextId += 1;
	return id;
}

/** A UUID that tells its ID, the same in every run. */
export function uuidOf(id: string): string {
	return `00000000-0000-4000-9000-${id.padStart(12, '0')}`;
}
