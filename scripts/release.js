const { spawnSync } = require('child_process');
const fs = require('fs');
const path = require('path');
const { ensureBuilt } = require('./lib/ensure');
const { npm, root, run } = require('./lib/run');

const FOLDER = 'release';

/** What a command prints. @throws Error if it fails */
function outputOf(command, args) {
	const { status, stdout, stderr } = spawnSync(command, args, { cwd: root, encoding: 'utf8' });
	if (status !== 0) throw new Error(stderr);
	return stdout.trim();
}

/** The text below a heading of the changelog; undefined without the heading. */
function sectionOf(changelog, title) {
	const section = changelog.split(/^## /m).find((part) => part.startsWith(`${title}\n`));
	return section?.slice(title.length).trim();
}

/** What keeps this commit from being released as `version`, in words. */
function obstacles(version) {
	const tag = `v${version}`;
	const changelog = fs.readFileSync(path.join(root, 'CHANGELOG.md'), 'utf8');
	// The workflow that publishes starts with the tag.
	const isNew = process.env.GITHUB_REF_NAME === tag || outputOf('git', ['tag', '-l', tag]) === '';
	return [
		!isNew && `${tag} is tagged already: raise the version with npm version --no-git-tag-version`,
		!sectionOf(changelog, version) && `CHANGELOG.md has nothing under "## ${version}"`,
		sectionOf(changelog, 'Unreleased') && 'CHANGELOG.md still has changes under "## Unreleased"',
		outputOf('git', ['status', '--porcelain']) !== '' && 'There are changes that are not committed',
	].filter(Boolean);
}

/** `npm run release`. */
function main(args) {
	const { version } = JSON.parse(fs.readFileSync(path.join(root, 'package.json'), 'utf8'));
	const isDryRun = args.includes('--dry-run');
	const found = obstacles(version);
	const list = found.map((obstacle) => `\n  ${obstacle}`).join('');
	if (found.length > 0 && !isDryRun)
		throw new Error(`Version ${version} can't be released:${list}`);
	ensureBuilt();
	const [command, ...first] = npm();
	fs.mkdirSync(path.join(root, FOLDER), { recursive: true });
	const target = isDryRun ? ['--dry-run'] : ['--pack-destination', FOLDER];
	run(command, [...first, 'pack', '--ignore-scripts', ...target]);
	if (found.length > 0) return console.log(`\nBefore version ${version} can be released:${list}`);
	console.log(
		`\nTo publish version ${version}: git tag v${version} && git push origin v${version}`,
	);
}

module.exports = { main };
