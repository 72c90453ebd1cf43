/**
 * Builds `dist`, the package as it is published: tsc compiles, esbuild joins what it compiled into one file, and
 * gulp copies what neither knows (icons, codex files and output schemas). `gulp watch` does it on every change.
 */
const { spawn } = require('child_process');
const fs = require('fs');
const path = require('path');
const esbuild = require('esbuild-wasm');
const { dest, parallel, series, src, watch } = require('gulp');
const { n8n } = require('./package.json');

const COMPILED = '.build/package';
const BUNDLE = 'dist/bundle.js';
const sources = ['nodes/**/*.ts', 'credentials/**/*.ts', 'tsconfig.json'];
const icons = 'icons/*.svg';
const codex = ['nodes/**/*.node.json', 'nodes/**/__schema__/**/*.json'];

/** The files that n8n is told to load, and the class that each exports. */
const entries = [...n8n.credentials, ...n8n.nodes].map((file) => ({
	file,
	name: path.basename(file).split('.')[0],
}));

function compile(done) {
	const tsc = path.join(path.dirname(require.resolve('typescript')), 'tsc.js');
	const child = spawn(process.execPath, [tsc, '-p', 'tsconfig.json'], { stdio: 'inherit' });
	child.on('exit', (code) =>
		done(code === 0 ? undefined : new Error('The TypeScript build failed')),
	);
}

/** The beginning of a doc comment before an export. */
const PUBLIC_DOC_COMMENT = /^\/\*\*(?=(?:[^*]|\*(?!\/))*\*\/\nexport )/gm;

/**
 * esbuild drops all comments but those that look like a license, so the doc comments of what other files use look
 * like one on their way through it.
 */
const keepDocComments = {
	name: 'keep doc comments',
	setup(build) {
		build.onLoad({ filter: /\.js$/ }, async ({ path: file }) => {
			const text = await fs.promises.readFile(file, 'utf8');
			return { contents: text.replace(PUBLIC_DOC_COMMENT, '/*!*') };
		});
	},
};

/**
 * The zod 3 API, whichever zod Node finds: from 3.25 on, and so with a zod 4 that another package brought along, it is
 * `zod/v3`; older ones, such as the 3.24.1 of n8n 1.99, have it as `zod` only. Bundling zod would cost 19 kB packed.
 */
const zod3 = {
	name: 'zod 3',
	setup(build) {
		build.onResolve({ filter: /^zod(\/v3)?$/ }, ({ path: file, namespace }) =>
			namespace === 'zod 3' ? { path: file, external: true } : { path: file, namespace: 'zod 3' },
		);
		build.onLoad({ filter: /.*/, namespace: 'zod 3' }, () => ({
			contents: `
				function load() {
					try {
						return require('zod/v3');
					} catch {
						return require('zod');
					}
				}
				module.exports = load();`,
		}));
	},
};

/**
 * Joins the compiled files into one that can be read: not minified, with names and doc comments, and a line that
 * tells where each part comes from. One file loads in a third of the time that two hundred take, and n8n loads it
 * at every start.
 */
async function bundle() {
	const lines = entries.map(({ file, name }) => {
		const compiled = path.relative('dist', file).replaceAll(path.sep, '/');
		return `export { ${name} } from './${compiled}';`;
	});
	const { outputFiles } = await esbuild.build({
		stdin: { contents: lines.join('\n'), resolveDir: path.resolve(COMPILED) },
		outfile: BUNDLE,
		bundle: true,
		platform: 'node',
		target: 'node20',
		format: 'cjs',
		external: ['n8n-workflow'],
		// A text of one byte a character is parsed faster than one of two.
		charset: 'ascii',
		legalComments: 'inline',
		plugins: [keepDocComments, zod3],
		write: false,
	});
	const [{ text }] = outputFiles;
	fs.mkdirSync('dist', { recursive: true });
	fs.writeFileSync(BUNDLE, text.replaceAll('/*!*', '/**').replaceAll(`// ${COMPILED}/`, '// '));
	for (const { file, name } of entries) {
		const way = path.relative(path.dirname(file), BUNDLE).replaceAll(path.sep, '/');
		fs.mkdirSync(path.dirname(file), { recursive: true });
		fs.writeFileSync(file, `exports.${name} = require('${way}').${name};\n`);
	}
}

function copyIcons() {
	return src(icons).pipe(dest('dist/icons'));
}

function copyCodex() {
	return src(codex, { base: 'nodes' }).pipe(dest('dist/nodes'));
}

const build = parallel(series(compile, bundle), copyIcons, copyCodex);

function watchAll() {
	watch(sources, series(compile, bundle));
	watch(icons, copyIcons);
	watch(codex, copyCodex);
}

exports.build = build;
exports.default = build;
exports.watch = series(build, watchAll);
