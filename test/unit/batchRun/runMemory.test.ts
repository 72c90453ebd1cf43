import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';
import { openRunMemory } from '../../../nodes/shared/batchRun/runMemory';

/** The few things that the memory asks n8n for. Within one execution n8n hands every try the same copy of its input. */
function context(store: IDataObject, emails: readonly string[], parameters = {}, run = 0) {
	const items = emails.map((email) => ({ json: { email } }));
	const part = {
		getContext: () => store,
		getInputData: () => items,
		getNode: () => ({ parameters }),
		getWorkflowDataProxy: () => ({ $runIndex: run }),
	};
	const pieces = items.map((_, item) => ({ item, record: {} }));
	return openRunMemory(part as unknown as IExecuteFunctions, pieces);
}

const EMAILS = ['a@b.co', 'c@d.ef', 'g@h.ij', 'k@l.mn'];

function remembered(): IDataObject {
	const store: IDataObject = {};
	const first = context(store, EMAILS);
	first.memory.add({ first: 0, count: 2, standing: 'accepted' });
	first.memory.add({ first: 2, count: 2, standing: 'accepted' });
	first.keep();
	return store;
}

describe('what a run keeps for its next try', () => {
	it('is found again, and holds no data', () => {
		const store = remembered();
		expect(JSON.stringify(store)).not.toContain('@');
		const { memory } = context(store, EMAILS);
		expect(memory.at(0)).toEqual({ first: 0, count: 2, standing: 'accepted' });
		expect(memory.at(2)).toEqual({ first: 2, count: 2, standing: 'accepted' });
		expect(memory.at(1)).toBeUndefined();
	});

	it('lets a batch whose input has changed go out again, and only that one', () => {
		const { memory } = context(remembered(), ['a@b.co', 'c@d.ef', 'other@h.ij', 'k@l.mn']);
		expect(memory.at(0)).toBeDefined();
		expect(memory.at(2)).toBeUndefined();
	});

	it('lets everything go out again under other parameters, or in another run', () => {
		expect(context(remembered(), EMAILS, { eventType: 'y' }).memory.at(0)).toBeUndefined();
		expect(context(remembered(), EMAILS, {}, 1).memory.at(0)).toBeUndefined();
	});

	it('is forgotten after success', () => {
		const store = remembered();
		context(store, EMAILS).forget();
		expect(store).toEqual({});
	});
});
