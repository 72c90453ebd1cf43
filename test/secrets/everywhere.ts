import type { IRun } from 'n8n-workflow';

/** Every form in which a secret could show: as it is, as base64, URL-encoded, and inside a Basic header. */
export function formsOf(...secrets: readonly string[]): string[] {
	const forms = secrets.flatMap((secret) => [
		secret,
		encodeURIComponent(secret),
		Buffer.from(secret).toString('base64').replace(/=+$/, ''),
		Buffer.from(secret).toString('base64url').replace(/=+$/, ''),
		Buffer.from(secret).toString('hex'),
	]);
	return [...new Set(forms)];
}

/** All text in any value, including hidden properties, errors' stacks and causes, and circular references. */
export function everything(value: unknown): string {
	const seen = new Set<unknown>();
	const texts: string[] = [];
	const visit = (one: unknown): void => {
		if (typeof one === 'string') texts.push(one);
		else if (Buffer.isBuffer(one)) texts.push(one.toString('utf8'));
		if (typeof one !== 'object' || one === null || seen.has(one)) return;
		seen.add(one);
		for (const key of Reflect.ownKeys(one)) {
			if (typeof key === 'string') texts.push(key);
			visit(Object.getOwnPropertyDescriptor(one, key)?.value);
		}
		if (one instanceof Map) for (const [key, inner] of one) [key, inner].forEach(visit);
	};
	visit(value);
	return texts.join('\n');
}

/** What a run leaves behind for people to see and for n8n's database to keep. */
export function traces(run: IRun): string {
	return everything({ data: run.data, run });
}
