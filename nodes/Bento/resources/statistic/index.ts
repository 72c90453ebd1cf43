import type { Resource } from '../../../shared/operation/types';
import { getAds } from './getAds';
import { getReport } from './getReport';
import { getSegmentStatistic } from './getSegment';
import { getSite } from './getSite';

export const statistic: Resource = {
	value: 'statistic',
	name: 'Statistic',
	description: 'Metrics for a site, segment, report, or ads',
	operations: [getAds, getReport, getSegmentStatistic, getSite],
};
