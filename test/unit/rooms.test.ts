import { readdirSync, readFileSync } from 'fs';
import path from 'path';
import ts from 'typescript';
import { ROOT } from '../support/root';

/** Who may import whom, as ARCHITECTURE.md draws it. */

/** From the nodes to the wire: a room imports itself and those after it. */
const ROOMS = ['nodes', 'run', 'operation', 'delivery', 'http'] as const;

interface Import {
	readonly from: string;
	readonly to: string;
}

/** All sources below `nodes`, with slashes on every system. */
const FILES = readdirSync(path.join(ROOT, 'nodes'), { recursive: true, encoding: 'utf8' })
	.map((file) => path.posix.join('nodes', file.split(path.sep).join('/')))
	.filter((file) => file.endsWith('.ts'));

const IMPORTS: readonly Import[] = FILES.flatMap((from) =>
	ts
		.preProcessFile(readFileSync(path.join(ROOT, from), 'utf8'))
		.importedFiles.filter(({ fileName }) => fileName.startsWith('.'))
		.map(({ fileName }) => ({ from, to: targetOf(from, fileName) })),
);

function targetOf(from: string, fileName: string): string {
	const target = path.posix.join(path.posix.dirname(from), fileName);
	return [`${target}.ts`, `${target}/index.ts`].find((file) => FILES.includes(file)) ?? target;
}

/** The room of a file, by its place in the list; a file outside of all rooms, such as package.json, is below them. */
function depthOf(file: string): number {
	const [, shared = ''] = /^nodes\/shared\/(\w+)\//.exec(file) ?? [];
	const room = file.startsWith('nodes/shared/') ? shared : 'nodes';
	return file.startsWith('nodes/') ? ROOMS.findIndex((name) => name === room) : ROOMS.length;
}

/** The node that a file belongs to, or the side of the HTTP room; undefined if it is for all. */
function partOf(file: string): string | undefined {
	const [, node, side] =
		/^nodes\/(?!shared\/)(\w+)\/|^nodes\/shared\/http\/(\w+)\//.exec(file) ?? [];
	return node ?? side;
}

const drawn = ({ from, to }: Import) => `${from} imports ${to}`;

it('finds every room', () => {
	expect(new Set(FILES.map(depthOf))).toEqual(new Set(ROOMS.keys()));
});

it(`imports run one way: ${ROOMS.join(' → ')}`, () => {
	const turned = IMPORTS.filter(({ from, to }) => depthOf(to) < depthOf(from));
	expect(turned.map(drawn)).toEqual([]);
});

it('no node imports another, and neither side of the HTTP room the other', () => {
	const across = IMPORTS.filter(({ from, to }) => {
		const [one, other] = [partOf(from), partOf(to)];
		return (
			depthOf(from) === depthOf(to) && one !== undefined && other !== undefined && one !== other
		);
	});
	expect(across.map(drawn)).toEqual([]);
});

it('an operation’s file imports nothing of shared but what an operation is', () => {
	const operations = /^nodes\/(Bento\/resources|BentoTrackEvent\/operations)\//;
	const deeper = IMPORTS.filter(
		({ from, to }) => operations.test(from) && /^nodes\/shared\/(?!operation\/)/.test(to),
	);
	expect(deeper.map(drawn)).toEqual([]);
});

it('no file imports itself by way of others', () => {
	const done = new Set<string>();
	const circles: string[] = [];
	const follow = (file: string, way: readonly string[]): void => {
		const at = way.indexOf(file);
		if (at >= 0) circles.push([...way.slice(at), file].join(' → '));
		if (at >= 0 || done.has(file)) return;
		for (const { from, to } of IMPORTS) if (from === file) follow(to, [...way, file]);
		done.add(file);
	};
	for (const file of FILES) follow(file, []);
	expect(circles).toEqual([]);
});

/** A name in several files that means the same in each: a part of an operation, or what both action nodes have. */
const SAME_EVERYWHERE = new Set([
	...['Input', 'input', 'inputIn', 'notesOn', 'OPTIONS', 'PROPERTIES'],
	...['addTag', 'builderHint', 'removeTag', 'RESOURCES', 'subscribe', 'unsubscribe'],
]);

/** What a file declares outside of functions. */
function namesIn(file: string): Set<string> {
	const text = readFileSync(path.join(ROOT, file), 'utf8');
	const { statements } = ts.createSourceFile(file, text, ts.ScriptTarget.Latest);
	const names = statements.flatMap((statement) => {
		if (ts.isVariableStatement(statement)) {
			return statement.declarationList.declarations.map(({ name }) => name);
		}
		return ts.isFunctionDeclaration(statement) ||
			ts.isClassDeclaration(statement) ||
			ts.isInterfaceDeclaration(statement) ||
			ts.isTypeAliasDeclaration(statement)
			? [statement.name]
			: [];
	});
	return new Set(names.flatMap((name) => (name && ts.isIdentifier(name) ? [name.text] : [])));
}

it('a name is declared in one file', () => {
	const places = new Map<string, string[]>();
	for (const file of FILES) {
		for (const name of namesIn(file)) places.set(name, [...(places.get(name) ?? []), file]);
	}
	const several = [...places].filter(
		([name, files]) => files.length > 1 && !SAME_EVERYWHERE.has(name),
	);
	expect(several).toEqual([]);
	expect([...SAME_EVERYWHERE].filter((name) => (places.get(name) ?? []).length < 2)).toEqual([]);
});
