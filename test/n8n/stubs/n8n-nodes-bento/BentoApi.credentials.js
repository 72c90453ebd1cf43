/** The same type name and field names as ours, and no `authenticate`: the node signs by hand. */
class BentoApi {
	name = 'bentoApi';
	displayName = 'Bento API (the other package)';
	properties = ['publishableKey', 'secretKey', 'siteUuid', 'baseUrl'].map((name) => ({
		displayName: name,
		name,
		type: 'string',
		default: '',
		...(name === 'secretKey' && { typeOptions: { password: true } }),
	}));
}

module.exports = { BentoApi };
