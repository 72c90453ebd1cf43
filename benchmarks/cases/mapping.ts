import type { INodeParameters } from 'n8n-workflow';
import { line, type Line } from '../support/report';
import { serverWith } from '../support/server';
import { inTurn } from '../support/stats';
import { eventObjects, throughNode } from '../support/work';

const ROUNDS = 3;
const ROWS = ['invoice', 'total', 'note'];

/** Ten thousand items, mapped with expressions, beside n8n's own evaluation of them. */
export async function mapping(): Promise<Line[]> {
	const { keys, stop } = await serverWith(0);
	const items = eventObjects(10_000);
	const run = (parameters: INodeParameters) => () => throughNode(keys, items, parameters);

	const plain = mapped((path) => `={{ $json.${path} }}`);
	// The same values in a form that only n8n can read.
	const evaluated = mapped((path) => `={{ ($json.${path}) }}`);
	const [ours, theirs] = await inTurn(ROUNDS, run(plain), run(evaluated));

	const imports = (parameters: INodeParameters) => () =>
		throughNode(keys, items, imported(parameters), 'bento');
	const [subscribers, evaluatedOnes] = await inTurn(ROUNDS, imports(plain), imports(evaluated));

	const fixed = mapped(() => 'customer@example.com');
	const [again, nothing] = await inTurn(ROUNDS, run(plain), run(fixed));

	const real = mapped((path) => `={{ String($json.${path}).toUpperCase() }}`);
	const [expressions, engine] = await inTurn(ROUNDS, run(real), () =>
		evaluateOnly(items.length, real),
	);
	stop();
	return [
		line('10,000 items, plain paths', 'ms', ours, 'n8n evaluating the same', theirs, {
			text: 'at most 0.125 (8 times faster)',
			holds: (ratio) => ratio <= 0.125,
		}),
		line(
			'10,000 items, plain paths, Bento > Create or Update',
			'ms',
			subscribers,
			'n8n evaluating the same',
			evaluatedOnes,
			{ text: 'at most 0.125 (8 times faster)', holds: (ratio) => ratio <= 0.125 },
		),
		line('10,000 items, plain paths', 'ms', again, 'fixed values', nothing),
		line('10,000 items, real expressions', 'ms', expressions, "n8n's cost for them alone", engine, {
			text: 'at most 1.1',
			holds: (ratio) => ratio <= 1.1,
		}),
	];
}

function mapped(value: (path: string) => string): INodeParameters {
	return {
		email: value('email').replace('String(', '(').replace('.toUpperCase()', '.toLowerCase()'),
		eventType: 'invoice.paid',
		details: {
			assignments: ROWS.map((name) => ({
				id: name,
				name,
				value: value(`details.${name}`),
				type: 'string',
			})),
		},
	};
}

/** The same values for an import of subscribers. */
function imported({ email = '', details = {} }: INodeParameters): INodeParameters {
	return { resource: 'subscriber', operation: 'createOrUpdate', email, customFields: details };
}

/** n8n's own cost for the expressions: a node that evaluates them and does nothing else. */
async function evaluateOnly(count: number, parameters: INodeParameters): Promise<void> {
	const { runWorkflow } = await import('../../test/support/engine/run');
	const { evaluator } = await import('../support/evaluator');
	const run = await runWorkflow('2x', {
		items: eventObjects(count),
		nodes: [{ name: 'Evaluate', type: 'test.evaluate', parameters }],
		extraTypes: { 'test.evaluate': evaluator },
	});
	if (run.error) throw new Error(run.error.message);
}
