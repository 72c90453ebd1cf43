import type { INode, INodeParameters } from 'n8n-workflow';
import { engineLine } from '../support/engine/lines';
import { LINE_NAMES, type LineName } from '../support/engine/packages';

/** The hint about Liquid that n8n takes for its own, by the condition that n8n's editor evaluates. */

async function isWarned(name: LineName, parameters: INodeParameters): Promise<unknown> {
	const line = await engineLine(name);
	const type = line.loader.nodeTypes.bento?.type;
	if (!type) throw new Error('There is no node bento');
	const node: INode = {
		id: '1',
		name: 'Bento',
		type: 'n8n-nodes-bentonow.bento',
		typeVersion: 1,
		position: [0, 0],
		parameters: { resource: 'email', operation: 'send', ...parameters },
	};
	const nodeTypes = { getByName: () => type, getByNameAndVersion: () => type };
	const workflow = new line.Workflow({ nodes: [node], connections: {}, active: false, nodeTypes });
	const [hint, ...others] = type.description.hints ?? [];
	if (!hint?.displayCondition || others.length > 0) throw new Error('There is not one hint');
	const { expression } = workflow;
	return expression.getSimpleParameterValue(node, hint.displayCondition, 'internal', {}) ?? null;
}

const LOST: readonly INodeParameters[] = [
	{ content: '=<p>Hi {{ visitor.first_name }}</p>' },
	{ content: '=<p>\nHi {{visitor.first_name | default: "you"}}, {{ $json.order }}</p>' },
	{ subject: '=Order {{ order }}' },
	{ resource: 'sequence', operation: 'createEmail', html: '={{ $json.a }} {{ visitor.email }}' },
	{ resource: 'emailTemplate', operation: 'update', updateFields: { html: '={{ order }}' } },
];

const FINE: readonly INodeParameters[] = [
	{},
	{ content: '<p>Hi {{ visitor.first_name }}</p>' },
	{ content: '={{ $json.html }}', subject: "={{ $('Sheet').item.json.subject }}" },
	{ content: '=<p>{{ DateTime.now().toISO() }} {{ JSON.stringify($json) }}</p>' },
];

describe.each(LINE_NAMES)('On engine %s', (line) => {
	it.each(LOST)('Liquid in an expression is warned of: %j', async (parameters) => {
		expect(await isWarned(line, parameters)).toBe(true);
	});

	it.each(FINE)('nothing else is: %j', async (parameters) => {
		expect(await isWarned(line, parameters)).toBe(false);
	});
});
