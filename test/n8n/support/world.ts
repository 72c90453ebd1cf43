import { mkdirSync, rmSync } from 'fs';
import { join } from 'path';
import { startBentoServer, type BentoServer } from '../../bentoServer';
import type { Reporter } from './checks';
import { N8nClient, type StoredCredential } from './client';
import { startInstance, type Instance, type InstanceOptions } from './instance';
import { installAsCommunityPackage, npmStandIn, packPackage, type Tarball } from './packaging';
import { devFolder, type Line } from './paths';

/** The webhook secret of the tests: long enough, and easy to find where it mustn't be. */
export const webhookSecret = 'secret-of-the-tests-0123456789';

/** What the webhook secret's form would contain. */
export const secretData = {
	secret: webhookSecret,
	userName: 'bolten',
	allowedHttpRequestDomains: 'all',
};

/** What the Bento API credential's form would contain; 1.x asks for the domains as well. */
export function bentoData({
	credentials,
}: Pick<BentoServer, 'credentials'>): Record<string, string> {
	return { ...credentials, allowedHttpRequestDomains: 'all' };
}

/** What all suites of a line share: one n8n, one stand-in Bento, and the credentials in that n8n. */
export interface World {
	readonly line: Line;
	readonly reporter: Reporter;
	/** Whether the long suites run at full size. */
	readonly whole: boolean;
	readonly bento: BentoServer;
	readonly tarball: Tarball;
	/** Lets n8n's installer find another version of the package, as if it were published. */
	publish(other: Tarball): void;
	/** n8n's folder; empty when the world is made. */
	readonly userFolder: string;
	/** Starts n8n, or starts it again over the same folder and port, and signs in. */
	restart(extra?: InstanceOptions['extra']): Promise<void>;
	/** The same, without giving n8n the time to end anything. */
	killAndRestart(extra?: InstanceOptions['extra']): Promise<void>;
	readonly instance: Instance;
	readonly client: N8nClient;
	/** A Bento API credential that is right; made by the suite that tests credentials, or on first use. */
	bentoCredential(): Promise<{ bentoApi: StoredCredential }>;
	/** A webhook secret that is right. */
	webhookCredential(): Promise<StoredCredential>;
}

export interface WorldOptions {
	/** Whether the package is there from the start, or a check installs it. */
	readonly installed: boolean;
	readonly whole: boolean;
}

/** Makes a world with an empty n8n folder and n8n started. `onStarted` gets what ends each thing that was started. */
export async function createWorld(
	line: Line,
	reporter: Reporter,
	{ installed, whole }: WorldOptions,
	onStarted: (stop: () => Promise<void>) => void,
): Promise<World> {
	const userFolder = join(devFolder, 'run', line);
	rmSync(userFolder, { recursive: true, force: true });
	mkdirSync(userFolder, { recursive: true });
	const tarball = packPackage();
	if (installed) installAsCommunityPackage(tarball, userFolder);
	const bento = await startBentoServer();
	const options = { line, userFolder, pathFirst: [npmStandIn(tarball)] };
	onStarted(() => bento.close());
	let instance = await startInstance(options);
	onStarted(() => instance.stop());
	let client = await N8nClient.signIn(instance);
	let credential: Promise<StoredCredential> | undefined;
	let secret: Promise<StoredCredential> | undefined;
	const startAgain = async (extra?: InstanceOptions['extra']) => {
		const { port } = instance;
		instance = await startInstance({ ...options, port, extra });
		client = await N8nClient.signIn(instance);
	};
	return {
		line,
		reporter,
		whole,
		bento,
		tarball,
		publish(other) {
			npmStandIn(tarball, other);
		},
		userFolder,
		get instance() {
			return instance;
		},
		get client() {
			return client;
		},
		async restart(extra) {
			await instance.stop();
			await startAgain(extra);
		},
		async killAndRestart(extra) {
			await instance.kill();
			await startAgain(extra);
		},
		async bentoCredential() {
			credential ??= client.createCredential('bentoApi', 'Bento stand-in', bentoData(bento));
			return { bentoApi: await credential };
		},
		async webhookCredential() {
			secret ??= client.createCredential('bentoWebhookSecretApi', 'Webhook secret', secretData);
			return await secret;
		},
	};
}
