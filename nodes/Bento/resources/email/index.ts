import type { Resource } from '../../../shared/operation/types';
import { sendEmail } from './send';

export const email: Resource = {
	value: 'email',
	name: 'Email',
	description: 'A transactional email to a single recipient',
	operations: [sendEmail],
};
