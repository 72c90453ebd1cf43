import { later } from '../../support/later';
import { send, type ParsedResponse, type Sent } from './client';
import { SECRET, startTrigger, type TriggerOptions, type TriggerServer } from './triggerServer';

/** What a request needs to be let in by a trigger with default settings. */
export const header = { 'x-bento-secret': SECRET };

/** Starts triggers in the tests of a file, and closes the last one after each. */
export function useTrigger() {
	let started: TriggerServer | undefined;
	const server = later(() => started);
	afterEach(() => server.close());
	return {
		server,
		async start(options: TriggerOptions = {}): Promise<void> {
			started = await startTrigger(options);
		},
		/** Sends a request with the secret. */
		async post(body: Sent['body'], more: Sent = {}): Promise<ParsedResponse> {
			return await send(server.url, { ...more, headers: { ...header, ...more.headers }, body });
		},
	};
}
