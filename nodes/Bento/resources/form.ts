import type { IDataObject } from 'n8n-workflow';
import { z } from 'zod';
import { flatten, isItem } from '../../shared/operation/responses';
import { defineList } from '../../shared/operation/define';
import { id } from '../../shared/operation/schemas';
import type { Resource } from '../../shared/operation/types';

export const getResponses = defineList({
	value: 'getResponses',
	name: 'Get Responses',
	action: 'Get form responses',
	description: 'Retrieve the responses to a form, with subscriber, date, and answers',
	route: { method: 'GET', path: '/fetch/responses' },
	paged: false,
	properties: [
		{
			displayName: 'Form ID',
			name: 'formId',
			type: 'string',
			default: '',
			required: true,
			placeholder: 'e.g. form_1a2b3c',
			description: "ID of the form. You can find it in the form's URL in Bento.",
		},
	],
	notFound: { message: 'Bento has no form with this ID', otherwise: 'fail' },
	input: z.object({ formId: id }),
	request: ({ formId }) => ({ query: { id: formId } }),
	simplify: simplifyResponse,
});

/** The response's own data, one level up; its ID is kept if the data has another. */
function simplifyResponse(row: IDataObject): IDataObject {
	const { data, ...rest } = flatten(row);
	return isItem(data) ? { ...data, ...rest } : { ...rest, ...(data !== undefined && { data }) };
}

export const form: Resource = {
	value: 'form',
	name: 'Form',
	description: 'A Bento form and its responses',
	operations: [getResponses],
};
