import { RESOURCES as BENTO } from '../../nodes/Bento/resources';
import { RESOURCES as TRACK_EVENT } from '../../nodes/BentoTrackEvent/operations';
import { LINE_NAMES } from '../support/engine/packages';
import { runWorkflow } from '../support/engine/run';
import { DOCUMENTED } from './documented';
import { JOBS } from './jobs';
import { useBento } from '../support/useBento';

const server = useBento({ enterprise: true });

const OPERATIONS = [
	...BENTO.flatMap(({ value: resource, operations }) =>
		operations.map(({ value }) => `bento.${resource}.${value}`),
	),
	...TRACK_EVENT.flatMap(({ operations }) =>
		operations.map(({ value }) => `bentoTrackEvent.${value}`),
	),
];

/** The operations that the SDK judges. */
const BY_SDK = Object.values(JOBS).flatMap(({ node }) => {
	if (!node) return [];
	const { resource, operation } = node.parameters;
	const place = typeof resource === 'string' ? `${node.type}.${resource}` : node.type;
	return typeof operation === 'string' ? [`${place}.${operation}`] : [];
});

it('every operation of both nodes has a judge', () => {
	const judged = new Set([...BY_SDK, ...DOCUMENTED.map(({ operation }) => operation)]);
	const alone = OPERATIONS.filter((operation) => !judged.has(operation)).map(
		(operation) =>
			`${operation}: add \`documented\` to its case in test/bento/cases.ts, or a row in test/judges/documented.ts`,
	);
	expect(alone).toEqual([]);
	expect([...judged].filter((operation) => !OPERATIONS.includes(operation))).toEqual([]);
});

describe.each(LINE_NAMES)('on engine %s', (line) => {
	it.each(DOCUMENTED)('$operation sends $shows as shown ($by)', async ({ node, request }) => {
		const { type, parameters } = node;
		const run = await runWorkflow(line, {
			nodes: [{ name: 'Bento', type, parameters }],
			items: [{}],
			credentials: { bentoApi: server.credentials },
		});
		expect(run.error).toBeUndefined();
		const [sent] = server.requests;
		const { method, path, query, body, headers } = sent ?? {};
		const usual = request.body === undefined ? undefined : 'application/json';
		expect({ method, path, query, body, type: headers?.['content-type'] }).toEqual({
			method: request.method,
			path: `/api/v1${request.path}`,
			query: { site_uuid: server.credentials.siteUuid, ...request.query },
			body: request.body,
			type: request.type ?? usual,
		});
	});
});
