const fs = require('fs');
const path = require('path');
const { root } = require('./lib/run');

/** Keys whose value the editor shows, also when it is a single word. */
const SHOWN = new Set([
	'action',
	'description',
	'displayName',
	'eventTriggerDescription',
	'header',
	'hint',
	'placeholder',
	'subtitle',
]);
/** Keys whose value is a word in the code. */
const CODE = new Set(['default', 'path', 'type', 'value']);

/** The sources in a folder, or the file itself, in order. */
function sourcesIn(target) {
	if (!fs.statSync(target).isDirectory()) return [target];
	return fs
		.readdirSync(target, { withFileTypes: true })
		.sort((one, other) => one.name.localeCompare(other.name, 'en'))
		.flatMap((entry) => sourcesIn(path.join(target, entry.name)))
		.filter((file) => file.endsWith('.ts'));
}

/** Whether a text is for users: the editor shows it, or it has several words in a row. */
function isForPeople(key, text) {
	if (text.trim() === '' || CODE.has(key)) return false;
	if (SHOWN.has(key) || (key === 'name' && /^[A-Z]/.test(text))) return true;
	return /\p{L}{2,}[,.:]? \S*\p{L}{2,}/u.test(text);
}

function textsIn(ts, file) {
	const source = ts.createSourceFile(
		file,
		fs.readFileSync(file, 'utf8'),
		ts.ScriptTarget.Latest,
		true,
	);
	const found = [];
	const visit = (node) => {
		const text = textOf(ts, node);
		if (text === undefined || ts.isImportDeclaration(node.parent)) {
			ts.forEachChild(node, visit);
			return;
		}
		const key = keyOf(ts, node);
		if (!isForPeople(key, text)) return;
		const { line } = source.getLineAndCharacterOfPosition(node.getStart());
		found.push({ line: line + 1, key, text: text.replace(/\s*\n\s*/g, ' ⏎ ') });
	};
	visit(source);
	return found;
}

/** The text of a string or template, with its expressions as they are in the code. */
function textOf(ts, node) {
	if (ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node)) return node.text;
	if (!ts.isTemplateExpression(node)) return undefined;
	const spans = node.templateSpans.map(
		({ expression, literal }) => `\${${expression.getText()}}${literal.text}`,
	);
	return node.head.text + spans.join('');
}

function keyOf(ts, { parent }) {
	return ts.isPropertyAssignment(parent) || ts.isPropertyDeclaration(parent)
		? parent.name.getText()
		: '';
}

/** `npm run strings`: labels, descriptions, hints, notices, errors, and log lines. */
function main(chosen) {
	const ts = require('typescript');
	const folders = chosen.length > 0 ? chosen : ['nodes', 'credentials'];
	let count = 0;
	for (const file of folders.flatMap((folder) => sourcesIn(path.resolve(root, folder)))) {
		const texts = textsIn(ts, file);
		if (texts.length === 0) continue;
		console.log(`\n${path.relative(root, file).replaceAll(path.sep, '/')}`);
		for (const { line, key, text } of texts) {
			console.log(`${String(line).padStart(5)}  ${key.padEnd(12)} ${text}`);
		}
		count += texts.length;
	}
	console.log(`\n${count} texts`);
}

module.exports = { main };
