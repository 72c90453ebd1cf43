import type { IDataObject } from 'n8n-workflow';
import { z } from 'zod';
import { asIs, isItem, items } from '../../../shared/operation/responses';
import { defineSimplifiedCall } from '../../../shared/operation/define';
import { id } from '../../../shared/operation/schemas';

export const getReport = defineSimplifiedCall({
	value: 'getReport',
	name: 'Get Report Metrics',
	action: 'Get report metrics',
	description:
		'Retrieve the data of a report configured in Bento. Limited to about 30 calls per hour.',
	route: { method: 'GET', path: '/stats/report' },
	properties: [
		{
			displayName: 'Report ID',
			name: 'reportId',
			type: 'string',
			default: '',
			required: true,
			placeholder: 'e.g. 4321',
			description: "ID of the report. You can find it in the report's URL in Bento.",
		},
	],
	notFound: { message: 'Bento has no report with this ID', otherwise: 'fail' },
	input: z.object({ reportId: id }),
	request: ({ reportId }) => ({ query: { report_id: reportId } }),
	response(body, _input, simplify) {
		const answer = asIs(body);
		return simplify && answer.kind === 'items' ? items(...answer.items.map(reportIn)) : answer;
	},
});

/** Some responses wrap the report once more, in `report_data` (bento-laravel-sdk, bento-dotnet-sdk) or `data`. */
function reportIn(body: IDataObject): IDataObject {
	const { data, report_data: wrapped } = body;
	if (isItem(wrapped)) return wrapped;
	const isReport = isItem(data) && ('report_data' in data || 'chart_style' in data);
	return isReport ? reportIn(data) : body;
}
