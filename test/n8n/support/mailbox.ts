import { createServer, type Socket } from 'net';
import { listen } from './ports';

/** A mail server on loopback that takes every message and delivers none. */
export interface Mailbox {
	/** What to put into an SMTP credential. */
	readonly credential: Readonly<Record<string, boolean | number | string>>;
	/** The messages in order, with their headers, as text. */
	readonly messages: readonly string[];
	close(): void;
}

/** The end of a message (RFC 5321, 4.1.1.4). */
const END = '\r\n.\r\n';

export async function startMailbox(): Promise<Mailbox> {
	const messages: string[] = [];
	const sockets = new Set<Socket>();
	const server = createServer((socket) => {
		sockets.add(socket);
		receive(socket, (message) => messages.push(readable(message)));
	});
	const port = await listen(server);
	return {
		credential: {
			host: '127.0.0.1',
			port,
			secure: false,
			disableStartTls: true,
			user: '',
			password: '',
		},
		messages,
		close() {
			server.close();
			for (const socket of sockets) socket.destroy();
		},
	};
}

/** Speaks as much of SMTP as a client needs that neither signs in nor encrypts. */
function receive(socket: Socket, onMessage: (message: string) => void): void {
	let text = '';
	let inMessage = false;
	const say = (line: string) => socket.write(`${line}\r\n`);
	const readLine = (line: string) => {
		const verb = line.slice(0, 4).toUpperCase();
		inMessage = verb === 'DATA';
		if (verb === 'QUIT') socket.end('221 Bye\r\n');
		else say(inMessage ? '354 Go on' : '250 OK');
	};
	socket.setEncoding('utf8').on('error', () => socket.destroy());
	socket.on('data', (piece: string) => {
		text += piece;
		for (;;) {
			const end = inMessage ? END : '\r\n';
			const at = text.indexOf(end);
			if (at < 0) return;
			const part = text.slice(0, at);
			text = text.slice(at + end.length);
			if (!inMessage) {
				readLine(part);
				continue;
			}
			inMessage = false;
			onMessage(part);
			say('250 OK');
		}
	});
	say('220 Ready');
}

/** Without the line breaks and escapes of quoted-printable (RFC 2045, 6.7). */
function readable(message: string): string {
	return message
		.replace(/=\r\n/g, '')
		.replace(/=([0-9A-F]{2})/g, (_, code: string) => String.fromCharCode(parseInt(code, 16)));
}
