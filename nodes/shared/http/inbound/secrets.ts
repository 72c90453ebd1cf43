import { createHash, timingSafeEqual } from 'crypto';

/** SHA-256 of a text's UTF-8 bytes, or of bytes. */
function digest(value: Buffer | string): Buffer {
	return createHash('sha256').update(value).digest();
}

/**
 * Whether what a sender presented is one of the accepted secrets.
 *
 * Both sides are hashed first, so that the comparison always covers 32 bytes and its time tells nothing about
 * a secret's length or content; every secret is compared, whichever matches. Node reads header bytes as
 * Latin-1, so a secret that was sent as UTF-8 is recognized from its bytes as well.
 *
 * @param accepted empty texts never match, so a missing secret can't be met by a missing value
 */
export function isAcceptedSecret(presented: string, accepted: readonly string[]): boolean {
	const readings = [digest(presented)];
	if (!isAscii(presented)) readings.push(digest(Buffer.from(presented, 'latin1')));
	let found = false;
	for (const secret of accepted) {
		if (secret === '') continue;
		const expected = digest(secret);
		for (const reading of readings) {
			if (timingSafeEqual(reading, expected)) found = true;
		}
	}
	return found;
}

function isAscii(text: string): boolean {
	for (let index = 0; index < text.length; index += 1) {
		if (text.charCodeAt(index) > 0x7f) return false;
	}
	return true;
}
