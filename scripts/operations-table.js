const fs = require('fs');
const path = require('path');
const { root } = require('./lib/run');

const START = '<!-- operations:start -->';
const END = '<!-- operations:end -->';
const HEAD = ['Resource', 'Operation', 'What it does', 'Bento call', 'After a lost response'];
const pageFile = path.join(root, 'docs', 'bento.md');

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

function repeats({ route, idempotent }) {
	if (route.path === '/:path') return 'your choice';
	return idempotent ? 'resent' : 'never resent';
}

/** The page with the table in its place. */
function withTable(page, table) {
	const from = page.indexOf(START);
	const to = page.indexOf(END);
	if (from < 0 || to < from) throw new Error(`The page needs ${START} and ${END}`);
	return `${page.slice(0, from + START.length)}\n\n${table}\n\n${page.slice(to)}`;
}

/** `npm run operations`: between the two markers of the page. */
function main() {
	const { RESOURCES } = require(path.join(root, '.build', 'nodes', 'Bento', 'resources'));
	const page = fs.readFileSync(pageFile, 'utf8');
	fs.writeFileSync(pageFile, withTable(page, operationsTable(RESOURCES)));
	console.log('Wrote the operations table into docs/bento.md.');
}

module.exports = { main, operationsTable, withTable };
