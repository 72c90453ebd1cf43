import type { Resource } from '../../shared/operation/types';
import { apiCall } from './apiCall';
import { author } from './author';
import { broadcast } from './broadcast';
import { email } from './email';
import { emailTemplate } from './emailTemplate';
import { field } from './field';
import { form } from './form';
import { segment } from './segment';
import { sequence } from './sequence';
import { statistic } from './statistic';
import { subscriber } from './subscriber';
import { tag } from './tag';
import { validation } from './validation';
import { workflow } from './workflow';

/** Everything that the node can do. */
export const RESOURCES: readonly Resource[] = [
	apiCall,
	author,
	broadcast,
	email,
	emailTemplate,
	field,
	form,
	segment,
	sequence,
	statistic,
	subscriber,
	tag,
	validation,
	workflow,
];
