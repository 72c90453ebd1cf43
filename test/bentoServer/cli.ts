/** `npm run bento`: the stand-in for Bento, to develop against. */
import { parseArgs } from 'util';
import { startBentoServer } from '.';

async function main(): Promise<void> {
	const { values } = parseArgs({ options: { port: { type: 'string', default: '4400' } } });
	const server = await startBentoServer({
		port: Number(values.port),
		onRequest: ({ method, path, status, bodyBytes }) =>
			console.log(`${method} ${path}  ${bodyBytes} bytes  ${status}`),
	});
	const { publishableKey, secretKey, siteUuid, baseUrl } = server.credentials;
	console.log(`A stand-in for Bento is running. Values for the Bento API credential:

  Publishable Key   ${publishableKey}
  Secret Key        ${secretKey}
  Site UUID         ${siteUuid}
  API Base URL      ${baseUrl}

Tracking webhook: ${server.origin}/webhooks/${siteUuid}/generic/track
Ctrl-C stops it. Requests:`);
}

main().catch((error: unknown) => {
	console.error(error instanceof Error ? error.message : error);
	process.exitCode = 1;
});
