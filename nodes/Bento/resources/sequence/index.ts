import type { Resource } from '../../../shared/operation/types';
import { createSequenceEmail } from './createEmail';
import { getSequences } from './getAll';

export const sequence: Resource = {
	value: 'sequence',
	name: 'Sequence',
	description: 'A series of emails sent in order',
	operations: [createSequenceEmail, getSequences],
};
