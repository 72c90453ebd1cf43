import { z } from 'zod';
import type { IDataObject } from 'n8n-workflow';
import {
	asText,
	flatten,
	items,
	NONE,
	readRows,
	UNEXPECTED,
} from '../../../shared/operation/answers';
import { ask, defineLongCall, unsuccessful } from '../../../shared/operation/define';
import { confirmed, locator } from '../../../shared/operation/schemas';
import { confirmProperty } from '../../../shared/operation/parameters';
import { isDeleted, TAG_LIST } from './list';
import { tagProperty } from './locator';

/**
 * Bento wants the ID in the path and the name in the body (bento-skills, July 2026), and may restore a tag that
 * is deleted already. So the tag is looked up first: that gives both, and what is gone stays gone.
 */
export const deleteTag = defineLongCall(
	{
		value: 'delete',
		name: 'Delete',
		action: 'Delete tag',
		description: 'Delete a tag from the site and so from everyone who has it',
		route: { method: 'DELETE', path: '/fetch/tags/:id' },
		// A repeat may bring the tag back (bento-node-sdk: "deletes or restores").
		whenUnknown: 'never',
		properties: [
			tagProperty('Which tag to delete, from the list, or its name or ID'),
			confirmProperty('Confirm Deletion', 'Whether the tag may really be deleted'),
		],
		notFound: { message: 'Bento has no such tag', otherwise: 'fail' },
		input: z.object({ tag: locator, confirm: confirmed }),
		async errand({ tag }, { call, own }) {
			const report = await call(TAG_LIST);
			if (report.outcome.kind !== 'accepted') return { ...unsuccessful(report), nothingDone: true };
			const list = readRows(report.outcome.body);
			if (!list.ok) return { ...UNEXPECTED, nothingDone: true };
			const found = list.rows.map(flatten).find((row) => isTag(row, tag));
			const { id, name } = found ?? {};
			if (found === undefined || id === undefined || typeof name !== 'string') return NONE;
			const deleted: IDataObject = { deleted: true, id, name };
			if (isDeleted(found)) return items({ ...deleted, note: 'Was deleted already' });
			const request = own({ ids: { id: asText(id) }, json: { tag: { name } } });
			return await ask(call, request, () => items(deleted));
		},
	},
	{ simplified: false },
);

function isTag({ id, name }: IDataObject, wanted: string): boolean {
	return name === wanted || asText(id) === wanted;
}
