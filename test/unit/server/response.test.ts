import { once } from 'events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'http';
import net, { type AddressInfo } from 'net';
import {
	writeResponse,
	writeLastRejection,
	writeRejection,
} from '../../../nodes/shared/http/server/response';

/** What the next request is answered with. */
let respond: (request: IncomingMessage, response: ServerResponse) => void;
let server: Server;

beforeAll(async () => {
	server = createServer((request, response) => respond(request, response));
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
});
afterAll(() => {
	server.closeAllConnections();
	server.close();
});

const port = () => (server.address() as AddressInfo).port;

async function get() {
	const response = await fetch(`http://127.0.0.1:${port()}/`);
	const { status, headers } = response;
	return { status, headers: Object.fromEntries(headers), text: await response.text() };
}

/** A request of ten bytes, of which half are sent; everything that comes back. */
function sendHalf() {
	const socket = net.connect(port(), '127.0.0.1');
	let text = '';
	socket.on('data', (piece) => (text += String(piece)));
	socket.on('error', () => undefined);
	socket.write('POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nhalf!');
	return { socket, text: () => text, ended: once(socket, 'end') };
}

describe('a response', () => {
	it('is JSON in UTF-8 with its length, its ID, and nothing for caches', async () => {
		respond = (_request, response) => writeResponse(response, 201, { hi: 'ü☃' }, 'id-1');
		expect(await get()).toMatchObject({
			status: 201,
			headers: {
				'content-type': 'application/json; charset=utf-8',
				'content-length': String(Buffer.byteLength('{"hi":"ü☃"}')),
				'cache-control': 'no-store',
				'x-request-id': 'id-1',
				connection: 'keep-alive',
			},
			text: '{"hi":"ü☃"}',
		});
	});

	it('is written once only', async () => {
		respond = (request, response) => {
			writeResponse(response, 200, { first: true }, 'id-1');
			writeResponse(response, 200, { second: true }, 'id-2');
			writeRejection(response, { code: 'unexpected' }, 'id-3');
			writeLastRejection({ request, response }, { code: 'unexpected' }, 'id-4', {}, () => never);
		};
		expect(await get()).toMatchObject({ status: 200, text: '{"first":true}' });
	});
});

/** What a sender is told, by code. Senders try again after 408 and 5xx. */
const STATUSES = [
	['address_not_allowed', 403],
	['body_incomplete', 400],
	['body_not_readable', 400],
	['body_too_large', 413],
	['body_too_slow', 408],
	['encoding_not_supported', 415],
	['form_too_large', 413],
	['headers_too_many', 431],
	['json_broken', 400],
	['json_number_out_of_range', 400],
	['json_too_deep', 400],
	['media_type_not_supported', 415],
	['not_active', 404],
	['not_configured', 503],
	['person_not_loaded', 503],
	['still_running', 503],
	['text_not_utf8', 400],
	['unauthorized', 401],
	['unexpected', 500],
	['workflow_failed', 500],
] as const;

describe('a rejection', () => {
	it.each(STATUSES)('%s has the status %d and one sentence or two', async (code, status) => {
		respond = (_request, response) => writeRejection(response, { code }, 'id-1');
		const rejection = await get();
		expect(rejection.status).toBe(status);
		expect(JSON.parse(rejection.text)).toEqual({
			error: { code, message: expect.stringMatching(/^[A-Z][^()]+\w\.$/) as string },
			requestId: 'id-1',
		});
	});

	it('says where in the body, if it knows', async () => {
		const place = 'line 2, column 7';
		respond = (_request, response) => writeRejection(response, { code: 'json_broken', place }, 'x');
		expect((await get()).text).toContain(' (line 2, column 7)."}');
	});
});

const never = new Promise<void>(() => undefined);

describe('the last response of a connection', () => {
	/** Sends half a request and rejects it; ends it in one of several ways. */
	async function reject(sleep: () => Promise<void>) {
		const waits: number[] = [];
		let request: IncomingMessage | undefined;
		const arrived = new Promise<void>((resolve) => {
			respond = (incoming, response) => {
				request = incoming;
				writeLastRejection(
					{ request: incoming, response },
					{ code: 'unauthorized' },
					'id-1',
					{ 'WWW-Authenticate': 'Basic' },
					async (ms) => {
						waits.push(ms);
						await sleep();
					},
				);
				resolve();
			};
		});
		const sender = sendHalf();
		await arrived;
		return { ...sender, waits, request: () => request };
	}

	it('comes whole while the sender is still sending, and closes once all has come', async () => {
		const { socket, text, ended, waits } = await reject(async () => await never);
		while (!text().endsWith('}')) await once(socket, 'data');
		expect(text()).toMatch(
			/^HTTP\/1.1 401 [^]*\r\nConnection: close\r\nWWW-Authenticate: Basic\r\n/,
		);
		expect(text()).toContain('"code":"unauthorized"');
		expect(waits).toEqual([1000]);
		expect(socket.readableEnded).toBe(false);
		socket.write(' rest');
		await ended;
		socket.destroy();
	});

	it('waits a second for the rest, and no longer', async () => {
		let awake: () => void = () => undefined;
		const slept = new Promise<void>((resolve) => (awake = resolve));
		const { socket, text, ended } = await reject(async () => await slept);
		while (!text().endsWith('}')) await once(socket, 'data');
		await new Promise((resolve) => setTimeout(resolve, 20));
		expect(socket.readableEnded).toBe(false);
		awake();
		await ended;
		socket.destroy();
	});

	it.each(['close', 'error', 'end'])('waits no longer after %s', async (event) => {
		const { socket, ended, request } = await reject(async () => await never);
		request()?.emit(event);
		await ended;
		socket.destroy();
	});

	it.each(['complete', 'destroyed'])('doesn’t wait where the request is %s', async (state) => {
		respond = (request, response) => {
			const seen = Object.create(request, { [state]: { value: true } }) as IncomingMessage;
			const exchange = { request: seen, response };
			writeLastRejection(exchange, { code: 'unexpected' }, 'x', {}, async () => await never);
		};
		const { socket, ended } = sendHalf();
		await ended;
		socket.destroy();
	});
});
