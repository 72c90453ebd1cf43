/** The anchors that GitHub gives the headings of a page. */
export function anchorsOf(page: string): string[] {
	return [...withoutCode(page).matchAll(/^#{1,6} (.+)$/gm)].map(([, heading = '']) =>
		heading
			.toLowerCase()
			.replace(/[^\p{L}\p{N}\s_-]/gu, '')
			.trim()
			.replace(/\s/g, '-'),
	);
}

/** The targets of all links and images of a page, in order. */
export function linksOf(page: string): string[] {
	return [...withoutCode(page).matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = '']) => target);
}

/** The contents of a page's fenced blocks in one language. */
export function blocksOf(page: string, language: string): string[] {
	return [...page.matchAll(/^```(\w*)\n([^]*?)^```$/gm)].flatMap(([, name, content = '']) =>
		name === language ? [content] : [],
	);
}

function withoutCode(page: string): string {
	return page.replace(/^```[^]*?^```$/gm, '').replace(/`[^`\n]*`/g, (code) => code.slice(1, -1));
}
