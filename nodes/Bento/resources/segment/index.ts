import type { Resource } from '../../../shared/operation/types';
import { getSegment } from './get';
import { getSegments } from './getAll';

export const segment: Resource = {
	value: 'segment',
	name: 'Segment',
	description: 'A group of subscribers who match conditions',
	operations: [getSegment, getSegments],
};
