/**
 * Builds `dist`. `gulp build` makes the package as it is published: tsc compiles, and esbuild joins what it compiled into
 * one file. `gulp develop` leaves tsc out, and gives the file a source map; `gulp watch` does that on every change.
 */
const { spawn } = require('child_process');
const fs = require('fs');
const path = require('path');
const { pathToFileURL } = require('url');
const esbuild = require('esbuild-wasm');
const { dest, parallel, series, src, watch } = require('gulp');
const { n8n } = require('./package.json');

const COMPILED = '.build/package';
const BUNDLE = 'dist/bundle.js';
const BUILT = '.build/.dist-built';
const SOURCES = ['nodes/**/*.ts', 'credentials/**/*.ts'];
const COPIED = ['icons/*.svg', 'nodes/**/*.node.json', 'nodes/**/__schema__/**/*.json'];

/** The files that n8n is told to load, and the class that each exports. */
const entries = [...n8n.credentials, ...n8n.nodes].map((file) => ({
	file,
	name: path.basename(file).split('.')[0],
}));

/** Compiles everything to modules of their own, and fails on a wrong type. */
function compile() {
	fs.rmSync(COMPILED, { recursive: true, force: true });
	const tsc = path.join(path.dirname(require.resolve('typescript')), 'tsc.js');
	return spawn(process.execPath, [tsc, '-p', 'tsconfig.json'], { stdio: 'inherit' });
}

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
			// A module with one export; each import of a whole zod would copy its hundred and fifty.
			contents: `
				function load() {
					try {
						return require('zod/v3');
					} catch {
						return require('zod');
					}
				}
				export const { z } = load();`,
		}));
	},
};

/**
 * Joins the modules below a folder into one that can be read: not minified, with its names, and a line that tells where
 * each part comes from. Comments stay in the sources: they would be an eighth of the download. One file loads in a third
 * of the time that two hundred take, and n8n loads it at every start.
 */
async function bundle(folder, options) {
	const lines = entries.map(({ file, name }) => {
		const module = path.posix.relative('dist', file).replace(/\.js$/, '');
		return `export { ${name} } from './${module}';`;
	});
	const build = esbuild.build({
		stdin: { contents: lines.join('\n'), resolveDir: path.resolve(folder) },
		outfile: BUNDLE,
		bundle: true,
		platform: 'node',
		target: 'node20',
		format: 'cjs',
		// Shorter statements, 3 % of the download; names and lines stay.
		minifySyntax: true,
		external: ['n8n-workflow'],
		// A text of one byte a character is parsed faster than one of two.
		charset: 'ascii',
		plugins: [zod3],
		write: false,
		// Its program never comes to an end when it writes an error into a file, so this one writes it.
		logLevel: 'silent',
		...options,
	});
	const { outputFiles } = await build.catch((error) => {
		console.error(error.message);
		throw error;
	});
	const [{ text }] = outputFiles;
	fs.mkdirSync('dist', { recursive: true });
	fs.writeFileSync(BUNDLE, text.replaceAll(`// ${COMPILED}/`, '// '));
	for (const { file, name } of entries) {
		const way = path.posix.relative(path.posix.dirname(file), BUNDLE);
		fs.mkdirSync(path.dirname(file), { recursive: true });
		fs.writeFileSync(file, `exports.${name} = require('${way}').${name};\n`);
	}
}

const publish = () => bundle(COMPILED, {});

/** A debugger finds the sources wherever n8n has copied the bundle to. */
const develop = () =>
	bundle('.', { sourcemap: 'inline', sourceRoot: pathToFileURL(path.resolve('dist')).href + '/' });

/** Icons into dist/icons, codex files and output schemas beside their nodes. */
function copy() {
	return src(COPIED, { base: '.', encoding: false }).pipe(dest('dist'));
}

/** The time at which the build began: what is changed from then on is newer. */
let begunAt = new Date();

function begin(done) {
	begunAt = new Date();
	fs.rmSync(BUILT, { force: true });
	done();
}

/** So that nothing of an earlier build is published. */
function clean(done) {
	fs.rmSync('dist', { recursive: true, force: true });
	done();
}

/** Notes that `dist` is complete, and which build it is. */
function finish(kind) {
	return function note(done) {
		fs.mkdirSync(path.dirname(BUILT), { recursive: true });
		fs.writeFileSync(BUILT, kind);
		fs.utimesSync(BUILT, begunAt, begunAt);
		done();
	};
}

/** Each time in a process of its own, which nothing from the time before can reach. */
function rebuild(done) {
	const gulp = path.join(path.dirname(require.resolve('gulp')), 'bin', 'gulp.js');
	const child = spawn(process.execPath, [gulp, 'develop', '--silent'], { stdio: 'inherit' });
	const end = () => child.kill();
	process.once('exit', end);
	child.once('exit', (code) => {
		process.off('exit', end);
		console.log(code === 0 ? 'Built.' : 'The build failed; dist is what it was.');
		done();
	});
}

exports.build = series(begin, clean, parallel(series(compile, publish), copy), finish('release'));
exports.default = exports.build;
exports.develop = series(begin, parallel(develop, copy), finish('development'));
exports.watch = series(rebuild, () => watch([...SOURCES, ...COPIED], rebuild));
