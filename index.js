/** The package's nodes and credentials by class name, for anyone who loads them without n8n. */
const { n8n } = require('./package.json');

for (const file of [...n8n.credentials, ...n8n.nodes]) Object.assign(exports, require(`./${file}`));
