import { addTag } from '../../../nodes/Bento/resources/subscriber/addTag';
import { getSubscriber } from '../../../nodes/Bento/resources/subscriber/get';
import { getTags } from '../../../nodes/Bento/resources/tag/getAll';
import { sendEmail } from '../../../nodes/Bento/resources/email';
import { trackEvent } from '../../../nodes/BentoTrackEvent/operations/trackEvent';
import { DEFAULT_RETRY_POLICY } from '../../../nodes/shared/http/client/policies';
import {
	groupByOptions,
	isDryRun,
	optionsProperty,
	optionsIn,
	readBatchSettings,
	readCallSettings,
	sharedOptions,
} from '../../../nodes/shared/operation/options';
import { byLabel } from '../../../nodes/shared/operation/properties';
import type { BatchOperation } from '../../../nodes/shared/operation/types';

/** How a run reads the Options collection. */

const batch: BatchOperation = { ...trackEvent, most: 1000, usual: 300, perMinute: undefined };
const paced: BatchOperation = { ...batch, most: 60, usual: 60, perMinute: 60 };

describe('the Options collection', () => {
	const namesOf = (operation: Parameters<typeof optionsProperty>[0]) =>
		(optionsProperty(operation).options ?? []).map(({ name }) => name);

	it('is one that begins empty', () => {
		expect(optionsProperty(trackEvent)).toMatchObject({
			displayName: 'Options',
			name: 'options',
			type: 'collection',
			placeholder: 'Add option',
			default: {},
		});
	});

	const WAITING = [
		'firstWait',
		'longestWait',
		'maxAttempts',
		'requestsPerMinute',
		'timeout',
		'totalTimeLimit',
	];
	const CONFIRMATION = [
		'ifUnconfirmed',
		'includeInputFields',
		'includeResponse',
		'combineExecutions',
	];

	it.each([
		['batches', batch, ['batchInterval', 'batchSize', 'maxParallelBatches', ...CONFIRMATION]],
		['batches with a rate of their own', paced, ['batchSize', 'perMinute', ...CONFIRMATION]],
		['a list', getTags, ['maxParallelRequests', 'requestInterval']],
		['a look-up', getSubscriber, ['ifNotFound', 'maxParallelRequests', 'requestInterval']],
	] as const)('for %s has what holds there', (_name, operation, own) => {
		const others = operation.options.map(({ name }) => name);
		expect(namesOf(operation).sort()).toEqual([...WAITING, ...own, ...others].sort());
	});

	it('is in the order of its labels', () => {
		const labels = (optionsProperty(trackEvent).options ?? []).map((one) =>
			'displayName' in one ? one.displayName : '',
		);
		expect(labels).toEqual([...labels].sort((one, other) => byLabel(one, other)));
	});

	it.each([
		[
			batch,
			'batchSize',
			{ type: 'number', default: 300, typeOptions: { minValue: 1, maxValue: 1000 } },
		],
		[batch, 'combineExecutions', { type: 'boolean', default: true }],
		[
			paced,
			'perMinute',
			{ type: 'number', default: 60, typeOptions: { minValue: 1, maxValue: 60_000 } },
		],
		[
			getSubscriber,
			'ifNotFound',
			{
				displayName: 'If Not Found',
				type: 'options',
				options: [
					{ name: 'Continue', value: 'continue', description: expect.any(String) as string },
					{ name: 'Fail', value: 'fail', description: 'Treat the item as failed' },
				],
			},
		],
	])('of %j has %s as a run reads it', (operation, name, expected) => {
		const found = (optionsProperty(operation).options ?? []).find((one) => one.name === name);
		expect(found).toMatchObject(expected);
	});
});

describe('without options', () => {
	const waiting = DEFAULT_RETRY_POLICY;

	it('a run of calls has the defaults that the panel shows', () => {
		expect(readCallSettings({})).toEqual({
			parallel: 4,
			interval: 0,
			waiting,
			requestsPerMinute: undefined,
		});
	});

	it('so has a run of batches', () => {
		expect(readBatchSettings({}, batch)).toEqual({
			batchSize: 300,
			combine: true,
			failUnconfirmed: false,
			perRecord: 0,
			parallel: 2,
			interval: 0,
			waiting,
			requestsPerMinute: undefined,
		});
	});

	it('and one whose endpoint has a rate of its own', () => {
		expect(readBatchSettings({}, paced)).toMatchObject({
			batchSize: 60,
			combine: true,
			perRecord: 1000,
			parallel: 1,
			interval: 0,
		});
	});
});

/** Options with a number: bounds, and where the number ends up. */
const NUMBERS: ReadonlyArray<
	readonly [
		name: string,
		least: number,
		most: number,
		fallback: number,
		read: (options: Record<string, unknown>) => unknown,
	]
> = [
	['batchSize', 1, 1000, 300, (options) => readBatchSettings(options, batch).batchSize],
	['batchInterval', 0, 86_400_000, 0, (options) => readBatchSettings(options, batch).interval],
	['maxParallelBatches', 1, 20, 2, (options) => readBatchSettings(options, batch).parallel],
	['maxParallelRequests', 1, 20, 4, (options) => readCallSettings(options).parallel],
	['requestInterval', 0, 86_400_000, 0, (options) => readCallSettings(options).interval],
	['requestsPerMinute', 1, 60_000, 60, (options) => readCallSettings(options).requestsPerMinute],
	[
		'requestsPerMinute',
		1,
		60_000,
		60,
		(options) => readBatchSettings(options, batch).requestsPerMinute,
	],
	['maxAttempts', 1, 100, 5, (options) => readCallSettings(options).waiting.maxAttempts],
	['firstWait', 1, 86_400_000, 1000, (options) => readCallSettings(options).waiting.firstWait],
	[
		'longestWait',
		1,
		86_400_000,
		60_000,
		(options) => readCallSettings(options).waiting.longestWait,
	],
	[
		'timeout',
		1,
		86_400_000,
		30_000,
		(options) => readBatchSettings(options, batch).waiting.timeout,
	],
	[
		'totalTimeLimit',
		1,
		86_400_000,
		600_000,
		(options) => readCallSettings(options).waiting.totalTimeLimit,
	],
];

describe.each(NUMBERS)('%s', (name, least, most, fallback, read) => {
	it.each<[unknown, number]>([
		[least + 1, least + 1],
		[String(least + 1), least + 1],
		[least + 1.4, least + 1],
		[least, least],
		[most, most],
		[least - 1, least],
		[most + 1, most],
		['many', fallback],
		['', 0],
		[null, fallback],
		[true, fallback],
		[Symbol('x'), fallback],
		[{}, fallback],
	])('%p is %d', (value, number) => {
		expect(read({ [name]: value })).toBe(Math.max(least, number));
	});
});

describe('a rate of its own', () => {
	it.each([
		[30, 2000],
		[60_000, 1],
		[100_000, 1],
		['many', 1000],
	])('of %p items a minute holds back %d ms for each', (perMinute, ms) => {
		expect(readBatchSettings({ perMinute }, paced).perRecord).toBe(ms);
	});

	it('takes the place of interval and parallel batches', () => {
		const options = { batchInterval: 500, maxParallelBatches: 9 };
		expect(readBatchSettings(options, paced)).toMatchObject({ interval: 0, parallel: 1 });
		expect(readBatchSettings({ perMinute: 30 }, batch).perRecord).toBe(0);
	});
});

it('who sets a number of attempts gets that number', () => {
	expect(readCallSettings({}).waiting.patience).toBe(75_000);
	expect(readCallSettings({ maxAttempts: 5 }).waiting.patience).toBe(0);
});

it.each<[object, boolean]>([
	[{}, true],
	[{ combineExecutions: true }, true],
	[{ combineExecutions: ' True ' }, true],
	[{ combineExecutions: false }, false],
	[{ combineExecutions: 'yes' }, false],
	[{ combineExecutions: '' }, false],
	[{ combineExecutions: null }, false],
	[{ includeResponse: true }, false],
	[{ includeResponse: false }, true],
	[{ batchInterval: 1 }, false],
])('with %j, executions are combined: %s', (options, combine) => {
	expect(readBatchSettings({ ...options }, batch).combine).toBe(combine);
});

it.each([
	['fail', true],
	['continue', false],
	[undefined, false],
])('If Unconfirmed %s fails them: %s', (ifUnconfirmed, fails) => {
	expect(readBatchSettings({ ifUnconfirmed }, batch).failUnconfirmed).toBe(fails);
});

it.each<[object, boolean]>([
	[{}, false],
	[{ dryRun: false }, false],
	[{ dryRun: ' FALSE ' }, false],
	[{ dryRun: true }, true],
	[{ dryRun: 'no' }, true],
	[{ dryRun: '' }, true],
	[{ dryRun: undefined }, true],
	[{ dryRun: null }, true],
])('with %j, nothing is sent: %s', (options, dry) => {
	expect(isDryRun({ ...options })).toBe(dry);
});

it('a missing collection is an empty one', () => {
	expect(optionsIn({ options: { a: 1 } })).toEqual({ a: 1 });
	expect(optionsIn({})).toEqual({});
	expect(optionsIn({ options: 'x' })).toEqual({});
});

describe('options that hold for a run', () => {
	const fields = (
		operation: Parameters<typeof sharedOptions>[0],
		...options: Array<Record<string, unknown>>
	) => {
		const differing = sharedOptions(operation);
		return options.map((one) => differing(one).map(({ field }) => field));
	};

	it('must be the same for all items', () => {
		const issues = sharedOptions(addTag);
		expect(issues({ batchSize: 1, timeout: 2 })).toEqual([]);
		expect(issues({ batchSize: 2, timeout: 2 })).toEqual([
			{
				field: 'Batch Size',
				text: 'must be the same for all items',
				advice: expect.stringMatching(/^Enter a fixed value\. .*IF node$/) as string,
			},
		]);
		expect(issues({ batchSize: 1, timeout: 2 })).toEqual([]);
		expect(issues({ batchSize: 1 })).toMatchObject([{ field: 'Timeout' }]);
	});

	it('aren’t those that are read for each item, nor an operation’s own', () => {
		const first = {
			ifUnconfirmed: 'fail',
			includeResponse: true,
			deliveryGuarantee: 'a',
			source: 'x',
		};
		expect(fields(trackEvent, first, {})).toEqual([[], []]);
		expect(fields(getTags, { ifNotFound: 'fail', outputFields: 'id' }, {})).toEqual([[], []]);
		expect(fields(sendEmail, { perMinute: 1 }, { perMinute: 2 })).toEqual([
			[],
			['Items per Minute'],
		]);
		expect(fields(getTags, { maxParallelRequests: 1 }, {})).toEqual([
			[],
			['Max Parallel Requests'],
		]);
	});
});

describe('records are grouped', () => {
	const groups = (...options: Array<Record<string, unknown>>) =>
		groupByOptions(options.map((one) => ({ options: one }))).map(({ positions }) => positions);

	it('by what decides how they travel, and by nothing else', () => {
		const same = { batchSize: 1 };
		expect(groups(same, same, { batchSize: 2 })).toEqual([[0, 1, 2]]);
		expect(groups({}, { deliveryGuarantee: 'atMostOnce' }, {})).toEqual([[0, 2], [1]]);
		expect(groups({}, { ifUnconfirmed: 'fail' })).toEqual([[0], [1]]);
		expect(groups({}, { includeResponse: true })).toEqual([[0], [1]]);
	});

	it('by the source of the tracking webhook only if they go there', () => {
		const via = (deliverThrough: string, source: string) => ({ deliverThrough, source });
		expect(groups(via('trackingWebhook', 'a'), via('trackingWebhook', 'b'))).toEqual([[0], [1]]);
		expect(groups(via('eventsApi', 'a'), via('eventsApi', 'b'), {})).toEqual([[0, 1, 2]]);
		expect(groups(via('trackingWebhook', 'a'), via('eventsApi', 'a'))).toEqual([[0], [1]]);
	});

	it('with the members and the options of each group', () => {
		const items = [{ options: {} }, { options: { ifUnconfirmed: 'fail' } }];
		expect(groupByOptions(items)).toEqual([
			{ members: [items[0]], positions: [0], options: {} },
			{ members: [items[1]], positions: [1], options: { ifUnconfirmed: 'fail' } },
		]);
	});
});
