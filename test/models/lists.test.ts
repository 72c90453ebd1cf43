import type { INodeParameters } from 'n8n-workflow';
import { pickFields } from '../../nodes/shared/operation/responses';
import { NODE, runBento } from '../bento/support';
import { LINE_NAMES } from '../support/engine/packages';
import { useBento } from '../support/useBento';

/** Lists that a model, or a table, can read: without emails' HTML, and with the fields that are asked for. */

const server = useBento();

const WITH_HTML: ReadonlyArray<readonly [string, INodeParameters]> = [
	['workflow', {}],
	['sequence', {}],
	['broadcast', { status: 'any' }],
];

describe.each(LINE_NAMES)('On engine %s', (line) => {
	async function list(resource: string, parameters: INodeParameters) {
		const all = { resource, operation: 'getAll', returnAll: true, ...parameters };
		const run = await runBento(line, server, all);
		expect(run.error).toBeUndefined();
		return run.json(NODE);
	}

	it.each(WITH_HTML)('%s > Get Many leaves HTML out when simplified', async (resource, more) => {
		const rows = await list(resource, more);
		expect(rows.length).toBeGreaterThan(0);
		expect(JSON.stringify(rows)).toContain('subject');
		expect(JSON.stringify(rows)).not.toMatch(/html|<p>/);
		const raw = await list(resource, { ...more, simplify: false });
		expect(JSON.stringify(raw)).toMatch(/"html":"<p>/);
	});

	it.each(WITH_HTML)(
		'%s > Get Many returns the fields that are asked for',
		async (resource, more) => {
			const options = { outputFields: 'id, name, nothing' };
			const rows = await list(resource, { ...more, options });
			expect(rows.length).toBeGreaterThan(0);
			for (const row of rows) expect(Object.keys(row)).toEqual(['id', 'name']);
		},
	);

	it('returns HTML that is asked for by name', async () => {
		const [first] = await list('workflow', { options: { outputFields: 'email_templates.html' } });
		expect(first).toEqual({
			email_templates: [{ html: expect.stringContaining('<p>') as string }],
		});
	});

	it('every other list takes fields too', async () => {
		const rows = await list('tag', { options: { outputFields: 'name' } });
		expect(rows[0]).toEqual({ name: 'customer' });
	});
});

it('a dot reaches into objects and the entries of lists', () => {
	const row = { id: 1, stats: { open: 1, click: 2 }, mails: [{ a: 1, b: { c: 2, d: 3 } }, 5] };
	expect(pickFields(row, ['stats.open', 'mails.a', 'mails.b.c', 'none.x'])).toEqual({
		stats: { open: 1 },
		mails: [{ a: 1, b: { c: 2 } }],
	});
	expect(pickFields(row, ['stats', 'stats.open', 'id.x'])).toEqual({ stats: row.stats, id: 1 });
	expect(pickFields({ a: 1 }, ['constructor', '__proto__.x'])).toEqual({});
});
