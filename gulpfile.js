/**
 * Builds `dist`: tsc compiles, gulp copies what tsc does not know (icons, codex files and output schemas).
 * `gulp watch` does it again on every change.
 */
const { spawn } = require('child_process');
const path = require('path');
const { dest, parallel, series, src, watch } = require('gulp');

const sources = ['nodes/**/*.ts', 'credentials/**/*.ts', 'tsconfig.json'];
const icons = 'icons/*.svg';
const codex = ['nodes/**/*.node.json', 'nodes/**/__schema__/**/*.json'];

function compile(done) {
	const tsc = path.join(path.dirname(require.resolve('typescript')), 'tsc.js');
	const child = spawn(process.execPath, [tsc, '-p', 'tsconfig.json'], { stdio: 'inherit' });
	child.on('exit', (code) =>
		done(code === 0 ? undefined : new Error('The TypeScript build failed')),
	);
}

function copyIcons() {
	return src(icons).pipe(dest('dist/icons'));
}

function copyCodex() {
	return src(codex, { base: 'nodes' }).pipe(dest('dist/nodes'));
}

const build = parallel(compile, copyIcons, copyCodex);

function watchAll() {
	watch(sources, compile);
	watch(icons, copyIcons);
	watch(codex, copyCodex);
}

exports.build = build;
exports.default = build;
exports.watch = series(build, watchAll);
