import type { Site } from '../site';
import type { FormResponse } from '../state';
import type { Route } from '../types';
import { badRequest, isText, list } from '../values';

/** `GET /fetch/responses`, in no documentation: as bento-node-sdk and bento-laravel-sdk know it. */
export function formRoutes({ state }: Site): Route[] {
	return [
		{
			method: 'GET',
			path: '/fetch/responses',
			// A form that doesn't exist has no responses.
			handle({ query: { id } }) {
				if (!isText(id)) return badRequest('id is missing');
				return list(state.responses.filter(({ formId }) => formId === id).map(present));
			},
		},
	];
}

function present({ id, uuid, formId, email, date, fields }: FormResponse) {
	const url = `https://shop.example.com/${formId}`;
	return {
		id,
		type: 'form_responses',
		attributes: {
			uuid,
			data: {
				id: uuid,
				type: `$form.${formId}`,
				date,
				ip: '203.0.113.7',
				fields,
				details: {},
				identity: { email },
				browser: { height: '900', user_agent: 'Mozilla/5.0', width: '1440' },
				location: {},
				page: { host: 'shop.example.com', path: `/${formId}`, protocol: 'https:', url },
				visit: uuid,
				visitor: uuid,
				site: 'shop',
			},
		},
	};
}
