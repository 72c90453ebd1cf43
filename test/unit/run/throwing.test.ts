import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';
import { RESOURCES as BENTO } from '../../../nodes/Bento/resources';
import { RESOURCES as TRACK_EVENT } from '../../../nodes/BentoTrackEvent/operations';
import { optionsProperty } from '../../../nodes/shared/operation/options';
import { compileParameters } from '../../../nodes/shared/run/read';

const THROWING = '={{ $("Nope").item.json.x }}';

/** A run with one item, in which one parameter has a value and every expression throws. */
function context(name: string, value: unknown): IExecuteFunctions {
	const part = {
		getInputData: (...asked: unknown[]) => (asked[1] === 'ai_tool' ? [] : [{ json: {} }]),
		getNodeParameter: (one: string) => (one === name ? value : null),
		evaluateExpression: () => {
			throw new Error("Referenced node doesn't exist");
		},
	};
	return part as unknown as IExecuteFunctions;
}

interface Place {
	readonly title: string;
	readonly property: INodeProperties;
	readonly value: unknown;
}

/** Every place of a parameter that can contain an expression, including in collections. */
function places(title: string, property: INodeProperties): Place[] {
	const { type, name, options = [] } = property;
	if (type === 'notice') return [];
	if (type !== 'collection') return [{ title: `${title}.${name}`, property, value: THROWING }];
	return options.flatMap((option) => [
		{ title: `${title}.${name}.${option.name}`, property, value: { [option.name]: THROWING } },
	]);
}

const PLACES = [...BENTO, ...TRACK_EVENT].flatMap((resource) =>
	resource.operations.flatMap((operation) =>
		[...operation.properties, optionsProperty(operation)].flatMap((property) =>
			places(`${resource.value}.${operation.value}`, property),
		),
	),
);

it('an expression that throws is an issue of its item, in every parameter of every operation', () => {
	expect(PLACES.length).toBeGreaterThan(300);
	const unnoticed = PLACES.filter(({ property, value }) => {
		const { issues } = compileParameters(context(property.name, value), [property])(0);
		return issues.length !== 1 || !/can't (evaluate|be an expression)/.test(issues[0]?.text ?? '');
	});
	expect(unnoticed.map(({ title }) => title)).toEqual([]);
});

it('neither data nor an agent sets what only the panel may set', () => {
	const fixed = PLACES.filter(({ property }) => property.name === 'confirm');
	expect(fixed.length).toBeGreaterThan(3);
	for (const { property } of fixed) {
		const { values, issues } = compileParameters(context('confirm', '={{ true }}'), [property])(0);
		expect(values.confirm).toBeUndefined();
		expect(issues[0]?.text).toContain("can't be an expression");
	}
});
