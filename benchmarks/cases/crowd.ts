import { startBentoServer } from '../../test/bentoServer';
import { line, type Line } from '../support/report';
import { eventObjects, throughNode } from '../support/work';

const EXECUTIONS = 60;
const PER_SECOND = 20;

/** Many executions of one event each at Bento's 60 requests a minute, beside a request for each execution. */
export async function crowd(): Promise<Line[]> {
	const [together, apart] = [await meet(true), await meet(false)];
	const name = `${EXECUTIONS} executions of one event, ${PER_SECOND} a second`;
	return [
		line(name, 'per second', together.rate, 'a request an execution', apart.rate),
		line(
			`${name}: 1,000 events`,
			'requests',
			together.requests,
			'a request an execution',
			apart.requests,
		),
	];
}

async function meet(combineExecutions: boolean): Promise<{ rate: number; requests: number }> {
	const server = await startBentoServer({ latencyMs: 50 });
	const parameters = { inputMode: 'eventObjects', options: { combineExecutions } };
	const startedAt = performance.now();
	await Promise.all(
		eventObjects(EXECUTIONS).map(async (event, index) => {
			await new Promise((resolve) => setTimeout(resolve, (index * 1000) / PER_SECOND));
			await throughNode(server.credentials, [event], parameters, 'bentoTrackEvent', String(index));
		}),
	);
	const seconds = (performance.now() - startedAt) / 1000;
	const requests = (server.requests.length * 1000) / EXECUTIONS;
	await server.close();
	return { rate: EXECUTIONS / seconds, requests };
}
