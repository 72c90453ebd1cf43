/** Whether an event may start the workflow; `null` stands for a payload that names none. */
export type EventFilter = (event: string | null) => boolean;

/**
 * Reads a list of exact names and patterns, separated by commas or line breaks; `*` stands for any number of
 * characters. An empty list wants everything. Names are compared as typed, as Bento documents no other rule.
 */
export function readPatterns(text: string): EventFilter {
	const patterns = text
		.split(/[,\n]/)
		.map((pattern) => pattern.trim())
		.filter((pattern) => pattern !== '');
	if (patterns.length === 0) return () => true;
	return (event) => event !== null && patterns.some((pattern) => matches(pattern, event));
}

/** Looks for the pieces between the asterisks in turn: linear, whatever the pattern. */
function matches(pattern: string, name: string): boolean {
	const [first = '', ...rest] = pattern.split('*');
	const last = rest.pop();
	if (last === undefined) return pattern === name;
	if (!name.startsWith(first)) return false;
	let at = first.length;
	for (const piece of rest) {
		const found = name.indexOf(piece, at);
		if (found === -1) return false;
		at = found + piece.length;
	}
	return name.length - last.length >= at && name.endsWith(last);
}
