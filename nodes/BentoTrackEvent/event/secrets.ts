const TELLING_KEY =
	/^(?:.*[_-])?(?:pass(?:word|wd|phrase)|secret|api[_-]?key|access[_-]?token|private[_-]?key|card[_-]?number|cvv|cvc)$/i;
/** Also what ends a look at details that contain themselves. */
const DEEPEST = 10;
const DIGITS = /\b\d(?:[ -]?\d){13,18}\b/;

/**
 * Whether details look as if they held a password, a key or a card number, which Bento advises to keep out of
 * events (bentonow.com/docs/api/conventions). A guess: good for a hint, never for a refusal.
 */
export function looksSecret(details: unknown, depth = 0): boolean {
	if (depth > DEEPEST) return false;
	if (typeof details === 'string') return isCardNumber(DIGITS.exec(details)?.[0] ?? '');
	if (typeof details === 'number') return isCardNumber(String(details));
	if (typeof details !== 'object' || details === null) return false;
	return Object.entries(details).some(
		([key, value]) => (TELLING_KEY.test(key) && isFilled(value)) || looksSecret(value, depth + 1),
	);
}

function isFilled(value: unknown): boolean {
	return value !== null && value !== '' && typeof value !== 'boolean';
}

/** The check digit of card numbers (ISO/IEC 7812-1, Luhn), for numbers that begin as cards do. */
function isCardNumber(text: string): boolean {
	const digits = text.replace(/\D/g, '');
	if (!/^[3-6]\d{13,18}$/.test(digits)) return false;
	let sum = 0;
	for (let place = 0; place < digits.length; place += 1) {
		const digit = Number(digits[digits.length - 1 - place]);
		const doubled = place % 2 === 1 ? digit * 2 : digit;
		sum += doubled > 9 ? doubled - 9 : doubled;
	}
	return sum % 10 === 0;
}
