import { z } from 'zod';
import { plain } from '../../../shared/operation/answers';
import { defineCall } from '../../../shared/operation/define';
import { text } from '../../../shared/operation/schemas';
import { notice } from '../../../shared/operation/parameters';

export const geolocateIp = defineCall({
	value: 'geolocateIp',
	name: 'Geolocate IP',
	action: 'Geolocate IP',
	description:
		'Look up where an IP address is. Bento has switched this off and answers it empty today.',
	route: { method: 'GET', path: '/experimental/geolocation' },
	// A read.
	whenUnknown: 'resend',
	properties: [
		notice(
			'geolocationNotice',
			'Bento has switched this off: as of July 2026 it answers with an empty object',
		),
		{
			displayName: 'IP Address',
			name: 'ip',
			type: 'string',
			default: '',
			required: true,
			placeholder: 'e.g. 203.0.113.7',
			description: 'The address to look up',
		},
	],
	input: z.object({ ip: text }),
	request: ({ ip }) => ({ query: { ip } }),
	answer: plain,
});
