import { checkPath } from '../../nodes/Bento/resources/apiCall';

describe('checkPath', () => {
	it.each(['/fetch/tags', '/fetch/tags/12', '/batch/events', '/a.b/c..d'])(
		'lets %s pass',
		(path) => {
			expect(checkPath(path)).toBeUndefined();
		},
	);

	it.each([
		'fetch/tags',
		'//evil.example/x',
		'https://evil.example',
		'/fetch/../../admin',
		'/fetch/%2e%2E/admin',
		'/.',
		'/\\evil.example',
		'/fetch/tags?page=2',
		'/fetch#x',
		'/fetch/ta gs',
		'/fetch\n/tags',
	])('stops %j', (path) => {
		expect(checkPath(path)).toEqual(expect.any(String));
	});
});
