import { defineBatch } from '../../../shared/operation/define';
import { IMPORT_PROPERTIES } from './importFields';
import { importInput } from './importInput';

export const upsertSubscriber = defineBatch({
	value: 'createOrUpdate',
	name: 'Create or Update',
	action: 'Create or update subscriber',
	description:
		'Import people with fields and tags, who are created or updated by their email, without starting workflows. Up to 1,000 items a request.',
	route: { method: 'POST', path: '/batch/subscribers' },
	// An import writes the same values again.
	whenUnknown: 'resend',
	noun: { one: 'subscriber', many: 'subscribers' },
	wrapper: 'subscribers',
	most: 1_000,
	properties: IMPORT_PROPERTIES,
	input: importInput,
	record: (subscriber) => subscriber,
	about: ({ email }) => ({ email }),
});
