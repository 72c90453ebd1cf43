import { delimiter } from 'path';
import { node24Environment } from './install';
import type { Line } from './paths';

export interface N8nPlace {
	readonly line: Line;
	/** The folder that holds `.n8n`, n8n's own folder; never shared between lines. */
	readonly userFolder: string;
	readonly port: number;
	readonly brokerPort: number;
	/** Where senders reach the webhooks; this instance itself if not given. */
	readonly webhookUrl?: string;
	/** Folders that come before all others in PATH. */
	readonly pathFirst?: readonly string[];
	/** More variables, which win. */
	readonly extra?: NodeJS.ProcessEnv;
}

/** Settings that switch off everything that calls out or greets; read in n8n's documentation of its variables. */
const quiet = {
	N8N_AI_ENABLED: 'false',
	N8N_DIAGNOSTICS_ENABLED: 'false',
	N8N_DYNAMIC_BANNERS_ENABLED: 'false',
	N8N_HIRING_BANNER_ENABLED: 'false',
	N8N_PERSONALIZATION_ENABLED: 'false',
	N8N_TEMPLATES_ENABLED: 'false',
	N8N_VERIFIED_PACKAGES_ENABLED: 'false',
	N8N_VERSION_NOTIFICATIONS_ENABLED: 'false',
	N8N_VERSION_NOTIFICATIONS_WHATS_NEW_ENABLED: 'false',
	NO_COLOR: '1',
	npm_config_update_notifier: 'false',
};

/** The environment of an n8n process that keeps to 127.0.0.1 and to its own folder. */
export function n8nEnvironment(place: N8nPlace): NodeJS.ProcessEnv {
	const address = `http://127.0.0.1:${place.port}/`;
	const base = withoutN8n(node24Environment());
	return {
		...base,
		PATH: [...(place.pathFirst ?? []), base.PATH ?? ''].join(delimiter),
		...quiet,
		...(place.line === '2x' ? { N8N_DISABLED_MODULES: 'mcp-registry' } : {}),
		DB_TYPE: 'sqlite',
		N8N_EDITOR_BASE_URL: address,
		N8N_ENCRYPTION_KEY: 'a-key-for-tests-only',
		N8N_ENFORCE_SETTINGS_FILE_PERMISSIONS: 'false',
		N8N_HOST: '127.0.0.1',
		N8N_LISTEN_ADDRESS: '127.0.0.1',
		N8N_LOG_LEVEL: 'info',
		N8N_PORT: String(place.port),
		N8N_PROTOCOL: 'http',
		N8N_RUNNERS_BROKER_LISTEN_ADDRESS: '127.0.0.1',
		N8N_RUNNERS_BROKER_PORT: String(place.brokerPort),
		N8N_SECURE_COOKIE: 'false',
		N8N_UNVERIFIED_PACKAGES_ENABLED: 'true',
		N8N_USER_FOLDER: place.userFolder,
		WEBHOOK_URL: place.webhookUrl ?? address,
		...place.extra,
	};
}

/** Drops what a developer may have set for an n8n of their own. */
function withoutN8n(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
	const foreign = /^(N8N_|DB_|QUEUE_|EXECUTIONS_|WEBHOOK_URL$)/;
	return Object.fromEntries(Object.entries(env).filter(([name]) => !foreign.test(name)));
}
