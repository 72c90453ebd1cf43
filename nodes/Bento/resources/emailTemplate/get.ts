import { z } from 'zod';
import { single } from '../../../shared/operation/responses';
import { defineSimplifiedCall } from '../../../shared/operation/define';
import { locatedId } from '../../../shared/operation/schemas';
import { templateProperty } from '../../lists';

export const getTemplate = defineSimplifiedCall({
	value: 'get',
	name: 'Get',
	action: 'Get email template',
	description: 'Retrieve an email template with its subject, HTML, and statistics',
	route: { method: 'GET', path: '/fetch/emails/templates/:id' },
	properties: [templateProperty('Email template to retrieve')],
	notFound: { message: 'Bento has no email template with this ID', otherwise: 'fail' },
	input: z.object({ template: locatedId }),
	request: ({ template }) => ({ ids: { id: template } }),
	response: (body, _input, simplify) => single(body, simplify),
});
