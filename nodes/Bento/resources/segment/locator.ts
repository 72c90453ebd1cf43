import { locatorProperty } from '../../../shared/operation/parameters';

/** A segment by its ID. */
export function segmentProperty(description: string, required = true) {
	return locatorProperty({
		displayName: 'Segment',
		name: 'segment',
		description,
		search: 'searchSegments',
		by: { displayName: 'By ID', name: 'id', placeholder: 'e.g. 1234' },
		required,
	});
}
