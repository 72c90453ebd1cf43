import { z } from 'zod';
import { defineLongCall, type CallTools } from '../../../shared/operation/define';
import { emailProperty } from '../../../shared/operation/properties';
import { ask } from '../../../shared/operation/requests';
import {
	items,
	readCounts,
	refusalIn,
	single,
	UNEXPECTED,
} from '../../../shared/operation/responses';
import { emailAddress, flatObject } from '../../../shared/operation/schemas';
import type { OperationResult, ParsedResponse } from '../../../shared/operation/types';
import { profile, profileProperty, tidy } from './profile';

const input = z.object({
	email: emailAddress,
	customFields: flatObject,
	additionalFields: profile,
});

type Input = z.output<typeof input>;

export const createSubscriber = defineLongCall<Input>(
	{
		value: 'create',
		name: 'Create',
		action: 'Create subscriber',
		description:
			'Create a subscriber, or retrieve the existing one with this email. May start Bento workflows.',
		route: { method: 'POST', path: '/fetch/subscribers' },
		// Finds the subscriber that the first request created, and writes the same values again.
		idempotent: true,
		dryRun: true,
		properties: [
			emailProperty('Email of the new subscriber'),
			{
				displayName: 'Custom Fields',
				name: 'customFields',
				type: 'assignmentCollection',
				default: {},
				description:
					'Custom fields to set. Text, numbers, true or false. Sent in a second request, which Bento processes within minutes.',
			},
			profileProperty(),
		],
		input,
		execute: create,
	},
	{ simplified: true },
);

async function create(
	{ email: address, customFields, additionalFields }: Input,
	{ call, own }: CallTools,
	simplify: boolean,
): Promise<OperationResult> {
	const request = own({ json: { subscriber: { email: address } } });
	const created = await ask(call, request, (body) => readSubscriber(body, simplify));
	const more = { ...customFields, ...additionalFields };
	if (created.kind !== 'items' || Object.keys(more).length === 0) return created;
	const imported = {
		method: 'POST',
		path: '/batch/subscribers',
		json: { subscribers: [{ ...more, email: address }] },
		idempotent: true,
	} as const;
	return await ask(call, imported, (body) => (isImported(body) ? created : notImported(body)));
}

function readSubscriber(body: unknown, simplify: boolean): ParsedResponse {
	const created = single(body, simplify);
	if (created.kind === 'none') return UNEXPECTED;
	return simplify && created.kind === 'items' ? items(...created.items.map(tidy)) : created;
}

function isImported(body: unknown): boolean {
	const { results, failed = 0 } = readCounts(body);
	return results === 1 && failed === 0;
}

function notImported(body: unknown): ParsedResponse {
	const refused = refusalIn(body);
	const words = refused?.kind === 'refused' && refused.words !== '' ? ` (${refused.words})` : '';
	return {
		kind: 'refused',
		words: `The subscriber was created, but the import of fields, names, and tags failed${words}`,
	};
}
