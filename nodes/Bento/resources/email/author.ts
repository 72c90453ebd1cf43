import { locatorProperty } from '../../../shared/operation/parameters';

/** A sender: Bento sends in the name of its authors only. */
export function authorProperty() {
	return locatorProperty({
		displayName: 'From',
		name: 'from',
		description: 'The sender, who must be an author of the Bento site, from the list or by email',
		search: 'searchAuthors',
		by: { displayName: 'By Email', name: 'email', placeholder: 'e.g. hello@example.com' },
	});
}
