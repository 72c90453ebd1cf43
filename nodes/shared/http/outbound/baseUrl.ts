export const DEFAULT_BASE_URL = 'https://app.bentonow.com/api/v1';

const BENTO_HOST = 'app.bentonow.com';
const TRACKING_ORIGIN = 'https://track.bentonow.com';

export type BaseUrl =
	| { readonly ok: true; readonly url: string; readonly trackingOrigin: string }
	| { readonly ok: false; readonly problem: string };

/**
 * Checks the credential's API Base URL and brings it into the form that paths are appended to. Keys travel
 * in every request, so anything but https is refused, other than http to this very machine.
 *
 * An empty value means Bento itself, and so does Bento's bare host, as credentials made for Bento's own
 * package store it. The tracking webhook lives on a host of its own at Bento and beside the API elsewhere.
 */
export function readBaseUrl(value: string | undefined): BaseUrl {
	const text = value?.trim() ?? '';
	if (text === '') return { ok: true, url: DEFAULT_BASE_URL, trackingOrigin: TRACKING_ORIGIN };
	const url = parseUrl(text);
	if (!url) return problem(`The API Base URL is no address. Use ${DEFAULT_BASE_URL}`);
	if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '') {
		return problem('The API Base URL holds more than an address. Leave keys and queries out of it');
	}
	if (url.protocol !== 'https:' && !(url.protocol === 'http:' && isLoopback(url.hostname))) {
		return problem(
			'The API Base URL must begin with https://, so that your keys travel encrypted. http:// works for this machine only, as in http://127.0.0.1:4400/api/v1',
		);
	}
	if (url.hostname === BENTO_HOST) {
		const path = trimSlashes(url.pathname);
		return {
			ok: true,
			url: path === '' ? DEFAULT_BASE_URL : url.origin + path,
			trackingOrigin: TRACKING_ORIGIN,
		};
	}
	return { ok: true, url: url.origin + trimSlashes(url.pathname), trackingOrigin: url.origin };
}

function problem(text: string): BaseUrl {
	return { ok: false, problem: text };
}

function parseUrl(text: string): URL | undefined {
	return URL.canParse(text) ? new URL(text) : undefined;
}

function isLoopback(hostname: string): boolean {
	return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d{1,3}){3}$/.test(hostname);
}

function trimSlashes(path: string): string {
	return path.replace(/\/+$/, '');
}
