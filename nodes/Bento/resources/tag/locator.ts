import { locatorProperty } from '../../../shared/operation/parameters';

/** A tag by its name, which is how Bento writes tags. */
export function tagProperty(description: string) {
	return locatorProperty({
		displayName: 'Tag',
		name: 'tag',
		description,
		search: 'searchTags',
		by: { displayName: 'By Name', name: 'name', placeholder: 'e.g. customer' },
	});
}
