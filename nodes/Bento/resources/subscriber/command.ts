import type { INodeProperties } from 'n8n-workflow';
import { defineBatch, type Schema } from '../../../shared/operation/define';
import type { OperationText } from '../../../shared/operation/types';

/** Commands in one request at most (docs.bentonow.com/api-v1/commands; newer pages don't name a number). */
const MOST_COMMANDS = 100;

interface Command<Input extends { readonly email: string }> extends OperationText {
	/** Bento's name for it. */
	readonly command: string;
	readonly idempotent: boolean;
	readonly properties: readonly INodeProperties[];
	readonly input: Schema<Input>;
	/** What Bento calls the query of the command; some have none. */
	readonly query?: (input: Input) => unknown;
}

/** Defines a command to subscribers. Bento processes commands later and responds with counts only. */
export function defineCommand<Input extends { readonly email: string }>(
	definition: Command<Input>,
) {
	const { command, query } = definition;
	return defineBatch<Input>({
		...definition,
		route: { method: 'POST', path: '/fetch/commands' },
		noun: { one: 'command', many: 'commands' },
		wrapper: 'command',
		most: MOST_COMMANDS,
		record: (input) => ({ command, email: input.email, query: query?.(input) }),
		about: ({ email }) => ({ command, email }),
	});
}
