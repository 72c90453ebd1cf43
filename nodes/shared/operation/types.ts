import type { IDataObject, INodeProperties } from 'n8n-workflow';
import type { BentoKeys } from '../http/client/credential';
import type { Noun, Problem } from '../http/problem';
import type { CallReport, HttpMethod, QueryValue } from '../http/client/types';

/** What the interface and an AI agent read about an operation. */
export interface OperationText {
	/** Stored in workflows: never changes. */
	readonly value: string;
	/** In the dropdown, Title Case. */
	readonly name: string;
	/** In n8n's node list, sentence case without articles. */
	readonly action: string;
	readonly description: string;
}

/** The call that an operation makes, as Bento's documentation writes it: `:id` is a placeholder. */
export interface Route {
	readonly method: HttpMethod;
	readonly path: string;
}

interface OperationBase extends OperationText {
	readonly route: Route;
	/**
	 * Whether a repeat changes nothing (RFC 9110, section 9.2.2), so that a call is sent again if Bento may have done it
	 * already. Every operation decides it for itself, with its reason beside it.
	 */
	readonly idempotent: boolean;
	/** Below the operation, without `displayOptions` for resource and operation. */
	readonly properties: readonly INodeProperties[];
	/** Of its own, for the Options collection. */
	readonly options: readonly INodeProperties[];
	/** Names of options that shape what is sent; default none. Others may change between two tries of a run. */
	readonly contentOptions?: readonly string[];
}

/** One request, or a few, for each input item. */
export interface CallOperation extends OperationBase {
	readonly kind: 'call';
	readonly notFound: NotFound | undefined;
	/** What 403 means here, if it is more than a blocked account. */
	readonly blocked: string | undefined;
	/** Reads an item's values into an item's calls. Pure: nothing is sent yet. */
	readonly plan: (values: InputValues, context: PlanContext) => Planned<Execute>;
}

/** One record for each input item; many records travel in one request. */
export interface BatchOperation extends OperationBase {
	readonly kind: 'batch';
	readonly noun: Noun;
	/** The plural key that Bento wants the records under. */
	readonly wrapper: string;
	/** Most records in one request. */
	readonly most: number;
	/** Records in one request unless the user chooses another number. */
	readonly usual: number;
	/** Records per minute unless the user chooses another number; undefined if Bento sets no limiter. */
	readonly perMinute: number | undefined;
	/** What every accepted item says beside its status. */
	readonly info?: string;
	/** Whether a record that arrives twice counts twice; then the run says how many may have. */
	readonly repeatsMatter: boolean;
	/** How the records travel, if options decide it; default: the route, signed, with counts in the response. */
	readonly way?: (options: Readonly<Record<string, unknown>>) => Way;
	readonly plan: (values: InputValues, context: PlanContext) => Planned<BatchRecord>;
}

/** How the records of a run travel. */
export interface Way {
	/** Under the API base URL, or a whole URL. */
	readonly path: (keys: BentoKeys) => string;
	readonly idempotent: boolean;
	/** Whether requests carry the keys. */
	readonly signed: boolean;
	/** Whether Bento responds with counts here. */
	readonly counted: boolean;
}

export type Operation = BatchOperation | CallOperation;

export interface Resource {
	/** Stored in workflows: never changes. */
	readonly value: string;
	readonly name: string;
	readonly description: string;
	readonly operations: readonly Operation[];
	/** The operation that the panel begins with; default Get Many, or else the first. */
	readonly usual?: string;
}

/** What an operation does about something that Bento doesn't have. */
export interface NotFound {
	/** For the error. */
	readonly message: string;
	/** Unless the user chooses: fail the item, or go on with an empty result. */
	readonly otherwise: 'continue' | 'fail';
}

/** The input item's own JSON, beside the parameters: no parameter's name begins with a dollar sign. */
export const ITEM = '$item';

/** The names of the account's fields, if what an item gives depends on them: see `needsAccountFields`. */
export const ACCOUNT_FIELDS = '$fields';

/** An item's parameters by name, and its JSON under `ITEM`; what the panel doesn't show is missing. */
export type InputValues = Readonly<Record<string, unknown>>;

export interface PlanContext {
	/** IANA name, for dates without a zone. */
	readonly timeZone: string;
	/** As `toIsoDate` gives it. */
	readonly now: string;
}

/** Something that keeps an item from being sent. `text` quotes no value. */
export interface InputIssue {
	/** What the user sees. */
	readonly field: string;
	/** A key of the user's own below it. */
	readonly key?: string;
	/** A sentence to follow both. */
	readonly text: string;
	/** What to do; default: correct the value. */
	readonly advice?: string;
	/** Words that aren't ours and may quote data; for a description only. */
	readonly detail?: string;
}

export type Planned<T> =
	/** The notes are sentences about the item, for hints. */
	| { readonly ok: true; readonly plan: T; readonly notes?: readonly string[] }
	| {
			readonly ok: false;
			readonly issues: readonly InputIssue[];
			/** What to do if the item itself isn't the cause. */
			readonly problem?: Problem;
	  };

export interface BatchRecord {
	readonly record: Readonly<Record<string, unknown>>;
	/** What the output item says about the record, such as whom it was for. */
	readonly about: IDataObject;
}

/** One request. */
export interface CallRequest extends Route {
	readonly query?: Readonly<Record<string, QueryValue | undefined>>;
	readonly json?: unknown;
	/** Form-encoded; `site_uuid` is added. */
	readonly form?: Readonly<Record<string, string>>;
	readonly idempotent: boolean;
}

/** Makes a request. Equal reads of one run share one. */
export type Call = (request: CallRequest) => Promise<CallReport>;

/** Everything that Bento has to do for an item. It never throws. */
export type Execute = (call: Call) => Promise<OperationResult>;

/** What Bento's response means to the user. */
export type ParsedResponse =
	| { readonly kind: 'items'; readonly items: readonly IDataObject[] }
	/** The record wasn't found in Bento; the report is there when it said so with 404. */
	| { readonly kind: 'none'; readonly report?: CallReport }
	/** Bento responded with 2xx and refused in the body. */
	| { readonly kind: 'refused'; readonly words: string }
	/** JSON, but not what Bento documents. */
	| { readonly kind: 'unexpected' };

export type OperationResult = (
	| ParsedResponse
	| { readonly kind: 'failed'; readonly report: CallReport }
	/** A list that goes on after so many pages. */
	| { readonly kind: 'endless'; readonly pages: number }
) & {
	/** Set if failed calls have certainly changed nothing, so that it may be run again. */
	readonly nothingDone?: boolean;
	/** Set if a dry run shows what would be sent. */
	readonly isPreview?: boolean;
};
