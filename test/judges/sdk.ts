import type { Analytics as AnalyticsClass } from '@bentonow/bento-node-sdk';
import { readFileSync } from 'fs';
import path from 'path';
import ts from 'typescript';
import { compileFunction } from 'vm';
import type { BentoServer } from '../bentoServer';
import { ROOT } from '../support/root';

const FOLDER = path.join(ROOT, 'node_modules/@bentonow/bento-node-sdk');

/** The version that judges. Another one has to be read before it may. */
export const SDK_VERSION = (
	JSON.parse(readFileSync(path.join(FOLDER, 'package.json'), 'utf8')) as { version: string }
).version;

/** Bento's own client, for the stand-in's site. */
export function bentoSdk({ credentials }: BentoServer): AnalyticsClass['V1'] {
	const { publishableKey, secretKey, siteUuid, baseUrl } = credentials;
	const { Analytics } = load();
	return new Analytics({
		authentication: { publishableKey, secretKey },
		clientOptions: { baseUrl },
		siteUuid,
	}).V1;
}

interface Sdk {
	readonly Analytics: typeof AnalyticsClass;
}

let loaded: Sdk | undefined;

/** The SDK is an ES module, which jest doesn't load by itself; it is one file that imports nothing. */
function load(): Sdk {
	if (loaded) return loaded;
	const source = readFileSync(path.join(FOLDER, 'dist/index.js'), 'utf8');
	const { outputText } = ts.transpileModule(source, {
		compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 },
	});
	const exported = {};
	Reflect.apply(compileFunction(outputText, ['exports']), undefined, [exported]);
	loaded = exported as Sdk;
	return loaded;
}
