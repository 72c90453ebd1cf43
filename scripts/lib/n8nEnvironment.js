const path = require('path');

/**
 * For n8n's engine, before it loads: it would make up an encryption key, write it into a settings file in the home
 * folder, and log that. A `N8N_LOG_LEVEL` that is already set is kept.
 */
const n8nEnvironment = {
	N8N_ENCRYPTION_KEY: 'only for the engine in this folder',
	N8N_LOG_LEVEL: process.env.N8N_LOG_LEVEL ?? 'silent',
	N8N_USER_FOLDER: path.resolve(__dirname, '..', '..', '.build', 'n8n'),
};

module.exports = { n8nEnvironment };
