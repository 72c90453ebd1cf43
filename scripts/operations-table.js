/**
 * Writes the table of the Bento node's operations into README.md, between its two markers, from the
 * operations as they are compiled. With --check it writes nothing and ends with 1 when the table is stale.
 */
const fs = require('fs');
const path = require('path');
const { ensureDevBuild } = require('./lib/ensure');
const { root } = require('./lib/run');

const START = '<!-- operations:start -->';
const END = '<!-- operations:end -->';
const HEAD = ['Resource', 'Operation', 'What it does', 'Bento call', 'After a lost answer'];
const readmeFile = path.join(root, 'README.md');

/** The table as Markdown, one row for each operation of these resources. */
function operationsTable(resources) {
	const rows = resources.flatMap(({ name: resource, operations }) =>
		[...operations]
			.sort((one, other) => one.name.localeCompare(other.name, 'en'))
			.map((operation, index) => [
				index === 0 ? `**${resource}**` : '',
				operation.name,
				operation.description.replace(/\.$/, ''),
				routeOf(operation),
				repeats(operation),
			]),
	);
	return [HEAD, HEAD.map(() => '---'), ...rows].map(line).join('\n');
}

function line(cells) {
	return `| ${cells.map((cell) => cell.replace(/\|/g, '\\|')).join(' | ')} |`;
}

function routeOf({ route }) {
	return route.path === '/:path' ? 'any' : `\`${route.method} ${route.path}\``;
}

function repeats({ route, whenUnknown }) {
	if (route.path === '/:path') return 'your choice';
	return whenUnknown === 'resend' ? 'sent again' : 'never sent again';
}

/** A README with the table in its place. */
function withTable(readme, table) {
	const from = readme.indexOf(START);
	const to = readme.indexOf(END);
	if (from < 0 || to < from) throw new Error(`README.md needs ${START} and ${END}`);
	return `${readme.slice(0, from + START.length)}\n\n${table}\n\n${readme.slice(to)}`;
}

function main(check) {
	ensureDevBuild();
	const { RESOURCES } = require(path.join(root, '.build', 'nodes', 'Bento', 'resources'));
	const readme = fs.readFileSync(readmeFile, 'utf8');
	const fresh = withTable(readme, operationsTable(RESOURCES));
	if (fresh === readme) return;
	if (check) {
		console.error(
			'The operations table in README.md is stale. Run `node scripts/operations-table.js`.',
		);
		process.exitCode = 1;
		return;
	}
	fs.writeFileSync(readmeFile, fresh);
	console.log('Wrote the operations table into README.md.');
}

if (require.main === module) main(process.argv.includes('--check'));

module.exports = { operationsTable, withTable };
