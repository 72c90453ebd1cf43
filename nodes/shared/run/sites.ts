import { NodeOperationError, type IExecuteFunctions } from 'n8n-workflow';
import type { BentoConnection } from '../http/client/call';
import {
	connect,
	readCredentials,
	type BentoKeys,
	type ConnectOptions,
	type CredentialGroup,
} from '../http/client/credential';
import { codeOf, type Noun, type Problem } from '../http/problem';
import type { Site } from './memory';
import type { PlannedItem } from './plan';
import { invalidItemsError } from './report';
import { failed } from './results';

/** The planned items that go to one Bento site, by one credential. */
export interface SiteGroup<Plan> {
	readonly planned: ReadonlyArray<PlannedItem<Plan>>;
	/** Their places among all planned items. */
	readonly positions: readonly number[];
	/** Their input items. */
	readonly items: readonly number[];
	readonly connection: BentoConnection;
	readonly keys: BentoKeys;
	readonly site: Site;
}

/**
 * Connects the planned items to Bento, each by its own credential: one group, unless fields of the credential are
 * expressions that differ between items.
 *
 * @throws NodeOperationError when a credential can't be used, unless the node continues on failures: the calls of those
 * items are then refused
 */
export async function connectGroups<Plan>(
	context: IExecuteFunctions,
	planned: ReadonlyArray<PlannedItem<Plan>>,
	noun: Noun,
	options: ConnectOptions,
): Promise<Array<SiteGroup<Plan>>> {
	const items = planned.map(({ item }) => item);
	const groups = await readCredentials(context, items);
	if (!context.continueOnFail()) throwUnusable(context, groups, noun);
	const signal = context.getExecutionCancelSignal();
	return groups.map(({ read, items: own }) => {
		const { connection, keys } = connect(context, read, { ...options, signal });
		const site = { origin: new URL(keys.baseUrl).origin, siteUuid: keys.siteUuid };
		return { ...membersOf(planned, own), items: own, connection, keys, site };
	});
}

/** The planned items of a group, and their places among all. */
function membersOf<Plan>(planned: ReadonlyArray<PlannedItem<Plan>>, items: readonly number[]) {
	if (items.length === planned.length) return { planned, positions: [...planned.keys()] };
	const own = new Set(items);
	const positions = [...planned.keys()].filter((place) => own.has(planned[place]?.item ?? -1));
	return { planned: positions.flatMap((place) => planned[place] ?? []), positions };
}

function throwUnusable(
	context: IExecuteFunctions,
	groups: readonly CredentialGroup[],
	noun: Noun,
): void {
	const [only] = groups;
	if (only && groups.length === 1) {
		if (!only.read.ok) {
			const { problem } = only.read;
			const description = codeOf(unusable(problem));
			throw new NodeOperationError(context.getNode(), problem, { description });
		}
		return;
	}
	const refused = groups.flatMap(({ read, items }) => {
		if (read.ok) return [];
		return items.map((item) => failed(item, [unusable(read.problem)], {}));
	});
	if (refused.length === 0) return;
	throw invalidItemsError(context.getNode(), refused, context.getInputData().length, noun);
}

function unusable(message: string): Problem {
	return { code: 'CREDENTIALS', message, advice: '' };
}
