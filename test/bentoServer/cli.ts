/** `npm run bento`: the stand-in for Bento, to develop against. */
import { serve } from './serve';

serve(process.argv.slice(2), console.log).catch((error: unknown) => {
	console.error(error instanceof Error ? error.message : error);
	process.exitCode = 1;
});
