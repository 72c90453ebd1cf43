import type { IDataObject } from 'n8n-workflow';
import type { CallRequest } from '../../../shared/operation/types';

/** All tags of the site, which Bento gives in one answer. */
export const TAG_LIST = {
	method: 'GET',
	path: '/fetch/tags',
	whenUnknown: 'resend',
} as const satisfies CallRequest;

/** Whether a tag was deleted: Bento goes on listing it, with the time of its end. */
export function isDeleted({ discarded_at }: IDataObject): boolean {
	return discarded_at !== null && discarded_at !== undefined;
}
