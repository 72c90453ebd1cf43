import type { Resource } from '../../../shared/operation/types';
import { getWorkflows } from './getAll';

export const workflow: Resource = {
	value: 'workflow',
	name: 'Workflow',
	description: 'An automation in Bento',
	operations: [getWorkflows],
};
