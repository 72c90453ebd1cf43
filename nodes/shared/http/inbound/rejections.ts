/** Why a request was turned away. Each has one status and one sentence; none says what was expected. */
export interface Rejection {
	readonly code: RejectionCode;
	/** Where in the body it was found, for the sender's own debugging; never a piece of the body itself. */
	readonly place?: string;
}

export type RejectionCode = keyof typeof REJECTIONS;

const REJECTIONS = {
	address_not_allowed: {
		status: 403,
		message: 'Requests from this address are not accepted',
	},
	body_incomplete: {
		status: 400,
		message: 'The body ended before its announced length. Send the request again',
	},
	body_missing: {
		status: 400,
		message: 'The request has no body. Send the payload as JSON',
	},
	body_not_readable: {
		status: 400,
		message: 'The compressed body could not be read. Send it uncompressed',
	},
	body_too_large: {
		status: 413,
		message: 'The body is larger than this webhook accepts. Send less data',
	},
	body_too_slow: {
		status: 408,
		message: 'The body did not arrive in time. Send the request again',
	},
	encoding_not_supported: {
		status: 415,
		message: 'This encoding is not supported. Send UTF-8 without compression, or gzip',
	},
	form_too_large: {
		status: 413,
		message: 'The form has more fields than this webhook accepts. Send fewer fields',
	},
	headers_too_many: {
		status: 431,
		message: 'The request has more headers than this webhook accepts. Send fewer headers',
	},
	json_broken: {
		status: 400,
		message: 'The body is not valid JSON. Check quotes and commas at the place named',
	},
	json_duplicate_key: {
		status: 400,
		message: 'An object in the body has the same key twice. Send each key once',
	},
	json_number_out_of_range: {
		status: 400,
		message: 'A number in the body is too large. Send it as a string',
	},
	json_too_deep: {
		status: 400,
		message: 'The body is nested too deeply. Send a flatter payload',
	},
	media_type_not_supported: {
		status: 415,
		message:
			'This content type is not supported. Send application/json, a URL-encoded form, or text',
	},
	not_configured: {
		status: 503,
		message: 'This webhook is not ready to receive requests. Try again later',
	},
	person_not_loaded: {
		status: 503,
		message: 'The person could not be loaded from Bento. Send the request again later',
	},
	text_not_utf8: {
		status: 400,
		message: 'The body has bytes that are not text in its encoding. Send UTF-8',
	},
	unauthorized: {
		status: 401,
		message: 'The request did not prove that it may start this workflow',
	},
	unexpected: {
		status: 500,
		message: 'The request could not be processed. Send it again',
	},
} as const;

/** A rejection's HTTP status and its sentence for the sender. */
export function describeRejection(rejection: Rejection): { status: number; message: string } {
	const { status, message } = REJECTIONS[rejection.code];
	return {
		status,
		message: rejection.place === undefined ? `${message}.` : `${message} (${rejection.place}).`,
	};
}
