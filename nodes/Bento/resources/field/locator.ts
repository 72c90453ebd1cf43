import { locatorProperty } from '../../../shared/operation/parameters';

/** A field by its key. */
export function fieldProperty(description: string) {
	return locatorProperty({
		displayName: 'Field',
		name: 'field',
		description,
		search: 'searchFields',
		by: { displayName: 'By Key', name: 'key', placeholder: 'e.g. plan' },
	});
}
