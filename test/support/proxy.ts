import { once } from 'events';
import http from 'http';
import net from 'net';

/** What the proxy does with a request that it gets. */
export type ProxyRule =
	/** Opens tunnels and passes plain requests on. */
	| { readonly kind: 'pass' }
	/** Responds in place of the server, as raw HTTP: the head's lines without the empty one at the end. */
	| { readonly kind: 'refuse'; readonly head: string; readonly body?: string }
	/** Closes the connection without a response. */
	| { readonly kind: 'hangUp' };

export interface Proxy {
	readonly url: string;
	rule: ProxyRule;
	/** The request lines that it got. */
	readonly seen: string[];
	/** The headers of the requests that weren't tunnels. */
	readonly headers: http.IncomingHttpHeaders[];
	close(): Promise<void>;
}

/** A forward proxy on loopback, as an operator names one in HTTP_PROXY and HTTPS_PROXY. */
export async function startProxy(): Promise<Proxy> {
	const sockets = new Set<net.Socket>();
	const server = http.createServer((request, response) => {
		proxy.seen.push(`${request.method} ${request.url}`);
		proxy.headers.push(request.headers);
		const { rule } = proxy;
		if (rule.kind === 'pass') passOn(request, response);
		else end(request.socket, rule);
	});
	server.on('connection', (socket) => sockets.add(socket));
	server.on('connect', (request: http.IncomingMessage, socket: net.Socket) => {
		proxy.seen.push(`CONNECT ${request.url}`);
		const { rule } = proxy;
		if (rule.kind === 'pass') tunnel(request.url ?? '', socket);
		else end(socket, rule);
	});
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	const address = server.address();
	if (typeof address !== 'object' || address === null) throw new Error('The proxy has no port');
	const proxy: Proxy = {
		url: `http://127.0.0.1:${address.port}`,
		rule: { kind: 'pass' },
		seen: [],
		headers: [],
		close: async () => {
			const closed = once(server, 'close');
			server.close();
			for (const socket of sockets) socket.destroy();
			await closed;
		},
	};
	return proxy;
}

function end(socket: net.Socket, rule: Exclude<ProxyRule, { kind: 'pass' }>): void {
	if (rule.kind === 'hangUp') socket.end();
	else socket.end(`${rule.head}\r\n\r\n${rule.body ?? ''}`);
}

function passOn(request: http.IncomingMessage, response: http.ServerResponse): void {
	const { method, headers, url = '' } = request;
	const onward = http.request(url, { method, headers }, (answer) => {
		response.writeHead(answer.statusCode ?? 502, answer.headers);
		answer.pipe(response);
	});
	onward.on('error', () => response.destroy());
	request.pipe(onward);
}

function tunnel(target: string, socket: net.Socket): void {
	const [host, port] = target.split(':');
	const onward = net.connect(Number(port), host, () => {
		socket.write('HTTP/1.1 200 Connection Established\r\n\r\n');
		onward.pipe(socket).pipe(onward);
	});
	onward.on('error', () => socket.destroy());
	socket.on('error', () => onward.destroy());
}
