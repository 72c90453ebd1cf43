import { uuidOf, type BentoState, type Person } from './state';

const CREATED = '2026-01-05T09:00:00.000Z';

/** A small shop's site, the same after every start. */
export function seededState(): BentoState {
	return {
		people: new Map(PEOPLE().map((person) => [person.email, person])),
		tags: ['customer', 'newsletter', 'trial'].map((name, index) => ({
			id: String(index + 1),
			name,
			createdAt: CREATED,
			discardedAt: null,
		})),
		fields: [
			{ id: '11', key: 'first_name', name: 'First Name', createdAt: CREATED },
			{ id: '12', key: 'last_name', name: 'Last Name', createdAt: CREATED },
			{ id: '13', key: 'plan', name: 'Plan', createdAt: CREATED },
		],
		authors: [
			{ id: '21', email: 'hello@example.com', name: 'Example Shop' },
			{ id: '22', email: 'support@example.com', name: 'Example Support' },
		],
		emails: [],
		commands: [],
		broadcasts: BROADCASTS(),
		sequences: [
			{ id: 'sequence_1a2b3c', name: 'Welcome', createdAt: CREATED, templateIds: ['51', '52'] },
			{ id: 'sequence_4d5e6f', name: 'Trial ends', createdAt: CREATED, templateIds: ['53'] },
		],
		workflows: [
			{ id: '61', name: 'Cart left', status: 'live', createdAt: CREATED, templateIds: ['54'] },
			{ id: '62', name: 'Win back', status: 'draft', createdAt: CREATED, templateIds: [] },
		],
		templates: [
			template('51', 'Welcome 1', 'Nice to meet you', { opened: 120, clicked: 34 }),
			template('52', 'Welcome 2', 'Three things to try first', { opened: 96, clicked: 20 }),
			template('53', 'Trial 1', 'Your trial ends on Friday', null),
			template('54', 'Cart 1', 'Still interested?', { opened: 40, clicked: 11 }),
		],
		segments: [
			segment('71', 'Customers', 'Everyone who has bought something', 'customer', '1'),
			segment('72', 'Active trials', null, 'trial', '3'),
		],
		responses: [
			response('81', 'ada.byron@example.com', { topic: 'Invoice', message: 'Where is it?' }),
			response('82', 'lin.chen@example.com', { topic: 'Praise', message: 'Great service' }),
		],
		reports: [
			{ id: '91', name: 'Orders', style: 'number', type: 'count', data: 42, wrapped: false },
			{
				id: '92',
				name: 'Orders by day',
				style: 'line',
				type: 'series',
				data: [
					{ g: 'Orders', x: '2026-11-18', y: 19 },
					{ g: 'Orders', x: '2026-11-19', y: 23 },
				],
				wrapped: true,
			},
		],
		deletions: [],
		listed: ['spam.example', '203.0.113.66'],
		enterprise: false,
		nextId: 1001,
	};
}

/** Someone with everything, someone new, someone who left, and someone without any field. */
function PEOPLE(): Person[] {
	return [
		person('101', 'ada.byron@example.com', { first_name: 'Ada', plan: 'team' }, ['1', '2']),
		person('102', 'lin.chen@example.com', { first_name: 'Lin' }, ['3']),
		{
			...person('103', 'omar.haddad@example.com', { first_name: 'Omar', plan: 'solo' }, ['1']),
			unsubscribedAt: '2026-06-30T16:20:00.000Z',
		},
		person('104', 'sofia.rossi@example.com', {}, []),
	];
}

function person(
	id: string,
	email: string,
	fields: Readonly<Record<string, unknown>>,
	tagIds: readonly string[],
): Person {
	return {
		id,
		uuid: uuidOf(id),
		email,
		fields: new Map(Object.entries(fields)),
		tagIds: new Set(tagIds),
		unsubscribedAt: null,
		createdAt: CREATED,
		updatedAt: CREATED,
		lastEventAt: null,
	};
}

function BROADCASTS(): BentoState['broadcasts'] {
	const html = '<p>Hi {{ visitor.first_name }}</p>';
	const sent = '2026-10-01T08:00:00.000Z';
	const common = { html, createdAt: CREATED, openRate: 0, sendAt: null, sentAt: null };
	return [
		{
			...common,
			id: '41',
			name: 'Autumn news',
			status: 'sent',
			subject: 'What is new this autumn',
			sendAt: sent,
			sentAt: sent,
			openRate: 38.5,
		},
		{ ...common, id: '42', name: 'Winter sale', status: 'draft', subject: 'Up to a third off' },
		{
			...common,
			id: '43',
			name: 'Year in review',
			status: 'scheduled',
			subject: 'Your year with us',
			sendAt: '2026-12-30T08:00:00.000Z',
		},
	];
}

function template(
	id: string,
	name: string,
	subject: string,
	stats: { opened: number; clicked: number } | null,
) {
	const html = `<p>${subject}</p><a href="{{ visitor.unsubscribe_url }}">Unsubscribe</a>`;
	return { id, name, subject, html, createdAt: CREATED, stats };
}

function segment(id: string, name: string, description: string | null, tag: string, tagId: string) {
	return { id, name, description, query: `tag:${tag}`, tagId, createdAt: CREATED };
}

function response(id: string, email: string, fields: Readonly<Record<string, string>>) {
	return {
		id,
		uuid: uuidOf(id),
		formId: 'form_contact',
		email,
		date: '2026-11-02T10:15:00.000Z',
		fields,
	};
}
