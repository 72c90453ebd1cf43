import { parseArgs } from 'util';
import { startBentoServer, type BentoServer, type RecordedRequest } from '.';
import { isRecord } from './values';

const DEFAULT_PORT = '4400';
const HIGHEST_PORT = 65_535;

/**
 * Starts the stand-in as the command line asks, and tells how to use it.
 *
 * @param args `--port N` (default 4400; 0 is any free one), `--enterprise` to allow searching
 * @param print gets a text at the start, and a line for each request
 * @throws Error for the person who typed the command
 */
export async function serve(
	args: readonly string[],
	print: (text: string) => void,
): Promise<BentoServer> {
	const { values } = parseArgs({
		args: [...args],
		options: {
			port: { type: 'string', default: DEFAULT_PORT },
			enterprise: { type: 'boolean', default: false },
		},
	});
	const port = Number(values.port);
	if (!Number.isInteger(port) || port < 0 || port > HIGHEST_PORT) {
		throw new Error(`--port must be a number up to ${HIGHEST_PORT}`);
	}
	const server = await startBentoServer({ port, onRequest: (request) => print(lineFor(request)) })
		// A server that can't listen says so in a code.
		.catch((error: unknown) => {
			throw isTaken(error) ? new Error(`Port ${port} is taken. Choose one with --port`) : error;
		});
	server.keepBodies = false;
	server.state.enterprise = values.enterprise;
	print(introduction(server));
	return server;
}

function isTaken(error: unknown): boolean {
	return isRecord(error) && error.code === 'EADDRINUSE';
}

function introduction({ origin, credentials }: BentoServer): string {
	const { publishableKey, secretKey, siteUuid, baseUrl } = credentials;
	return `A stand-in for Bento is running. Values for the Bento API credential:

  Publishable Key   ${publishableKey}
  Secret Key        ${secretKey}
  Site UUID         ${siteUuid}
  API Base URL      ${baseUrl}

Tracking webhook: ${origin}/webhooks/${siteUuid}/generic/track
Ctrl-C stops it. Requests:`;
}

/** Never a key or a body. */
function lineFor({ method, path, bodyBytes, status }: RecordedRequest): string {
	const size = bodyBytes > 0 ? `  ${bodyBytes} bytes` : '';
	return `${method} ${path}${size}  ${status}`;
}
