import type { Route } from './types';

export interface Match {
	readonly route: Route;
	readonly params: Readonly<Record<string, string>>;
}

/** Finds the route of a path under /api/v1; undefined where there is none, by path or by method. */
export type Router = (method: string, path: string) => Match | undefined;

export function createRouter(routes: readonly Route[]): Router {
	const fixed = new Map<string, Route>();
	const open: Array<{ readonly route: Route; readonly parts: readonly string[] }> = [];
	for (const route of routes) {
		if (route.path.includes(':')) open.push({ route, parts: route.path.split('/') });
		else fixed.set(`${route.method} ${route.path}`, route);
	}
	return (method, path) => {
		const exact = fixed.get(`${method} ${path}`);
		if (exact) return { route: exact, params: {} };
		const given = path.split('/');
		for (const { route, parts } of open) {
			if (route.method !== method) continue;
			const params = paramsOf(parts, given);
			if (params) return { route, params };
		}
		return undefined;
	};
}

function paramsOf(
	parts: readonly string[],
	given: readonly string[],
): Record<string, string> | undefined {
	if (parts.length !== given.length) return undefined;
	const params: Record<string, string> = {};
	for (const [index, part] of parts.entries()) {
		const piece = given[index] ?? '';
		if (part.startsWith(':')) params[part.slice(1)] = decode(piece);
		else if (part !== piece) return undefined;
	}
	return params;
}

/** A broken escape is taken literally. */
function decode(piece: string): string {
	try {
		return decodeURIComponent(piece);
	} catch {
		return piece;
	}
}
