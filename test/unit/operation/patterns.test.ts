import { checkPath } from '../../../nodes/Bento/resources/apiCall';
import { normalizeKey, looksSecret } from '../../../nodes/BentoTrackEvent/event';
import { toMinorUnits } from '../../../nodes/BentoTrackEvent/purchase';
import { pathProblem } from '../../../nodes/shared/http/client/call';
import { classify } from '../../../nodes/shared/http/client/classify';
import { isForBento, readBaseUrl, readKeys } from '../../../nodes/shared/http/client/credential';
import { limitsIn } from '../../../nodes/shared/http/client/limitHeaders';
import { readDate } from '../../../nodes/shared/operation/dates';
import { domain, readJsonObject } from '../../../nodes/shared/operation/schemas';
import {
	cleanEmail,
	emailProblem,
	plainName,
	readNames,
	readSwitch,
} from '../../../nodes/shared/operation/values';
import { parsePlainPath } from '../../../nodes/shared/run/read';
import { answer } from '../../support/fakeTransport';

/** No value of a workflow may take n8n's event loop: reading time grows with the length, not with its square. */

const READERS: Readonly<Record<string, (text: string) => unknown>> = {
	cleanEmail,
	emailProblem: (text) => emailProblem(text.slice(0, 254)),
	'a base URL': (text) => readBaseUrl(`https://app.bentonow.com/${text}`),
	'a credential': (text) => readKeys({ publishableKey: text, secretKey: 'x', siteUuid: text }),
	'an address': (text) => isForBento({ url: text, baseURL: text }, 'https://app.bentonow.com'),
	'a path': (text) => checkPath(`/${text}`),
	pathProblem,
	'a response': (text) => classify(answer(422, text), { reads: true, encrypted: true }, 0),
	'headers about limits': (text) =>
		limitsIn(answer(429, '', { 'retry-after': text, ratelimit: text, 'ratelimit-reset': text }), 0),
	'an amount': (text) => toMinorUnits(text, 'major', 'USD'),
	'a date': (text) => readDate(text, 'UTC'),
	'a domain': (text) => domain.safeParse(text),
	'a plain path': parsePlainPath,
	'JSON text': readJsonObject,
	looksSecret: (text) => looksSecret({ [text]: text }),
	normalizeKey,
	plainName,
	readNames,
	readSwitch,
};

const SHAPES: Readonly<Record<string, (length: number) => string>> = {
	zeros: (length) => `0.${'0'.repeat(length)}1`,
	digits: (length) => '4'.repeat(length),
	'digits with spaces': (length) => '4 '.repeat(length / 2),
	spaces: (length) => `a${' '.repeat(length)}a`,
	dots: (length) => 'a.'.repeat(length / 2),
	capitals: (length) => 'A'.repeat(length),
	'capitals and small letters': (length) => 'Aa'.repeat(length / 2),
	underscores: (length) => `a${'_'.repeat(length)}a`,
	slashes: (length) => `a${'/'.repeat(length)}a`,
	'percent signs': (length) => '%25'.repeat(length / 3),
	dashes: (length) => `a${'-'.repeat(length)}!`,
	backticks: (length) => `\`\`\`${' '.repeat(length)}\`\`a`,
	brackets: (length) => `={{ $json${'[ 0'.repeat(length / 3)}`,
	'a date with spaces': (length) => `2026-11-20T08:30:00${' '.repeat(length)}x`,
	lines: (length) => `${'\n'.repeat(length)}x`,
	'a pass word': (length) => `${'pass'.repeat(length / 4)}x`,
};

const LENGTH = 20_000;

/** The fastest of three: another process may take the processor meanwhile. */
function milliseconds(work: () => unknown): number {
	const times = [0, 1, 2].map(() => {
		const before = performance.now();
		work();
		return performance.now() - before;
	});
	return Math.min(...times);
}

it.each(Object.entries(READERS))('%s takes no longer than its text is long', (_name, read) => {
	for (const [shape, make] of Object.entries(SHAPES)) {
		const short = milliseconds(() => read(make(LENGTH)));
		const long = milliseconds(() => read(make(LENGTH * 8)));
		// Linear is 8 times, quadratic 64; below 100 ms, the garbage collector decides.
		expect({ shape, slow: long > 100 && long > short * 24 }).toEqual({ shape, slow: false });
	}
});
