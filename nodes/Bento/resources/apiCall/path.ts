/**
 * Says what is wrong with a path that is appended to the API base URL; undefined where nothing is. Keys travel
 * with the call, so it must not lead anywhere else.
 */
export function checkPath(path: string): string | undefined {
	if (!path.startsWith('/') || path.startsWith('//')) {
		return 'must begin with one slash, such as /fetch/tags';
	}
	if (/[?#]/.test(path)) return "holds more than a path. Put the query into 'Query Parameters'";
	// Some URL parsers read a backslash as a slash.
	if (/[\s\\]/.test(path)) return 'holds blanks or backslashes';
	const segments = path.split('/').map((segment) => segment.replace(/%2e/gi, '.'));
	if (segments.some((segment) => segment === '.' || segment === '..')) {
		return 'leads out of the API with dots';
	}
	return undefined;
}
