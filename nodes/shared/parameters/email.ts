/** Something before and after one @, with a dot after it and no blanks; Bento itself decides what it takes. */
const EMAIL = /^[^\s@<>(),;:"]+@[^\s@<>(),;:"]+\.[^\s@<>(),;:".]+$/;

/** RFC 5321, section 4.5.3.1.3, less the angle brackets of a path. */
const LONGEST = 254;

/**
 * What is wrong with an email address, to follow the name of its field; undefined where nothing is.
 *
 * @param email trimmed
 */
export function emailProblem(email: string): string | undefined {
	if (email === '') return 'is missing';
	if (email.length > LONGEST) return 'is longer than an email address can be';
	return EMAIL.test(email) ? undefined : 'is not an email address, such as nathan@example.com';
}
