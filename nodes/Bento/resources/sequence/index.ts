import type { Resource } from '../../../shared/operation/types';
import { createSequenceEmail } from './createEmail';
import { getSequences } from './getAll';

export const sequence: Resource = {
	value: 'sequence',
	name: 'Sequence',
	description: 'Emails that follow each other',
	operations: [createSequenceEmail, getSequences],
};
