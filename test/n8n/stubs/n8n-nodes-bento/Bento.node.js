/** Sends one event per run with the shared credential. */
class Bento {
	description = {
		displayName: 'Bento (the other package)',
		name: 'bento',
		group: ['transform'],
		version: 1,
		description: 'Sends one event',
		defaults: { name: 'Bento' },
		inputs: ['main'],
		outputs: ['main'],
		credentials: [{ name: 'bentoApi', required: true }],
		properties: [{ displayName: 'Email', name: 'email', type: 'string', default: '' }],
	};

	async execute() {
		const { publishableKey, secretKey, siteUuid, baseUrl } = await this.getCredentials('bentoApi');
		const keys = Buffer.from(`${publishableKey}:${secretKey}`).toString('base64');
		const answer = await this.helpers.httpRequest({
			method: 'POST',
			url: `${baseUrl}/batch/events`,
			qs: { site_uuid: siteUuid },
			headers: { Authorization: `Basic ${keys}`, 'User-Agent': 'the-other-package/0.0.1' },
			body: { events: [{ type: 'other_package', email: this.getNodeParameter('email', 0) }] },
			json: true,
		});
		return [[{ json: answer, pairedItem: { item: 0 } }]];
	}
}

module.exports = { Bento };
