/** The package's version, for the User-Agent; a test holds it to package.json. */
export const VERSION = '0.1.0';

/**
 * Bento blocks requests without a real application name (bentonow.com/docs/api/conventions); n8n's
 * own default would count as a generic one.
 */
export const USER_AGENT = `n8n-nodes-bentonow/${VERSION}`;
