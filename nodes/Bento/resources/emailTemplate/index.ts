import type { Resource } from '../../../shared/operation/types';
import { getTemplate } from './get';
import { updateTemplate } from './update';

export const emailTemplate: Resource = {
	value: 'emailTemplate',
	name: 'Email Template',
	description: 'The content of an email in a sequence or Bento workflow',
	operations: [getTemplate, updateTemplate],
};
