import type { IDataObject } from 'n8n-workflow';
import type { Rejection, RejectionCode } from '../shared/http/inbound/rejections';
import type { RequestHead, RequestStream } from '../shared/http/inbound/types';

/** What becomes of a request. */
export type Verdict =
	| {
			readonly kind: 'start';
			readonly item: IDataObject;
			readonly immediateBody: string | undefined;
			/** Forgets the request, for when n8n can't start the workflow after all. */
			readonly release: () => void;
	  }
	/** Taken, and on purpose without an execution. */
	| { readonly kind: 'skip'; readonly why: 'duplicate' | 'ignored' }
	| {
			readonly kind: 'reject';
			readonly rejection: Rejection;
			readonly headers?: Readonly<Record<string, string>>;
			/** For the operator's log: what to change. Never a value. */
			readonly problem?: string;
	  };

/** A request on its way through the steps. */
export interface Arrival {
	readonly request: RequestStream;
	readonly head: RequestHead;
	readonly requestId: string;
	/** In ms since the epoch. */
	readonly receivedAt: number;
}

export type Rejected = Verdict & { readonly kind: 'reject' };

/** Turns a request away. */
export function reject(
	code: RejectionCode,
	more: { headers?: Record<string, string>; problem?: string } = {},
): Rejected {
	return { kind: 'reject', rejection: { code }, ...more };
}
