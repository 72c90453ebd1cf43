import { z } from 'zod';
import { isItem, items, plain } from '../../../shared/operation/answers';
import { defineSimplifiedCall } from '../../../shared/operation/define';
import { text } from '../../../shared/operation/schemas';

export const getReport = defineSimplifiedCall({
	value: 'getReport',
	name: 'Get Report',
	action: 'Get statistics of report',
	description:
		'Get the data of a report that was set up in Bento. Bento allows about 30 statistics calls an hour.',
	route: { method: 'GET', path: '/stats/report' },
	// A read.
	whenUnknown: 'resend',
	properties: [
		{
			displayName: 'Report ID',
			name: 'reportId',
			type: 'string',
			default: '',
			required: true,
			placeholder: 'e.g. 4321',
			description: 'ID of the report, which Bento shows in the address of its page',
		},
	],
	notFound: { message: 'Bento has no report with this ID', otherwise: 'fail' },
	input: z.object({ reportId: text }),
	request: ({ reportId }) => ({ query: { report_id: reportId } }),
	answer(body, _input, simplify) {
		// Some answers wrap the report once more (bento-laravel-sdk, bento-dotnet-sdk).
		const wrapped = isItem(body) ? body.report_data : undefined;
		return simplify && isItem(wrapped) ? items(wrapped) : plain(body);
	},
});
