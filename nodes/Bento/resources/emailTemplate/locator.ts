import { locatorProperty } from '../../../shared/operation/parameters';

/** An email template by its ID. Bento lists templates with their sequences and workflows only. */
export function templateProperty(description: string) {
	return locatorProperty({
		displayName: 'Email Template',
		name: 'template',
		description,
		search: 'searchEmailTemplates',
		by: { displayName: 'By ID', name: 'id', placeholder: 'e.g. 5678' },
	});
}
