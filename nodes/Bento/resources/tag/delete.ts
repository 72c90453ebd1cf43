import type { IDataObject } from 'n8n-workflow';
import { z } from 'zod';
import { defineLongCall } from '../../../shared/operation/define';
import { confirmProperty } from '../../../shared/operation/properties';
import { ask, unsuccessful } from '../../../shared/operation/requests';
import {
	asText,
	flatten,
	items,
	NONE,
	readRows,
	refusalIn,
	unwrap,
} from '../../../shared/operation/responses';
import { confirmed, locator } from '../../../shared/operation/schemas';
import type { ParsedResponse } from '../../../shared/operation/types';
import { isDeleted, TAG_LIST, tagProperty } from '../../../shared/operation/lists';

/**
 * Bento wants the ID in the path and the name in the body (bento-skills, July 2026), and may restore a tag that is
 * deleted already. So the tag is looked up first: that gives both, and a deleted tag stays deleted.
 */
export const deleteTag = defineLongCall(
	{
		value: 'delete',
		name: 'Delete',
		action: 'Delete tag',
		description: 'Delete a tag and remove it from all subscribers',
		route: { method: 'DELETE', path: '/fetch/tags/:id' },
		// A repeat may bring the tag back (bento-node-sdk: "deletes or restores").
		idempotent: false,
		dryRun: true,
		properties: [
			tagProperty('Tag to delete. By Name also takes an ID.'),
			confirmProperty(
				'Confirm Deletion',
				"Whether to delete the tag. The node doesn't run while this is off.",
			),
		],
		notFound: { message: 'Bento has no such tag', otherwise: 'fail' },
		input: z.object({ tag: locator, confirm: confirmed }),
		async execute({ tag }, { call, own }) {
			const report = await call(TAG_LIST);
			if (report.outcome.kind !== 'accepted') return { ...unsuccessful(report), nothingDone: true };
			const list = readRows(report.outcome.body);
			if (!list.ok) return { ...list.answer, nothingDone: true };
			const found = findTag(list.rows.map(flatten), tag);
			const { id, name } = found ?? {};
			if (found === undefined || id === undefined || typeof name !== 'string') return NONE;
			if (isDeleted(found)) {
				return items({ deleted: true, id, name, message: 'Was already deleted' });
			}
			const request = own({ ids: { id: asText(id) }, json: { tag: { name } } });
			return await ask(call, request, (body) => readDeleted(body, { id, name }));
		},
	},
	{ simplified: false },
);

/** By name before ID, and one that is still there before one that was deleted. */
function findTag(tags: readonly IDataObject[], wanted: string): IDataObject | undefined {
	const named = tags.filter(({ name }) => name === wanted);
	const found = named.length > 0 ? named : tags.filter(({ id }) => asText(id) === wanted);
	return found.find((tag) => !isDeleted(tag)) ?? found[0];
}

/**
 * Says what Bento did. Its message is the only sign of whether it deleted the tag or restored it; older documentation
 * shows the tag itself, with or without the time of its deletion.
 */
function readDeleted(body: unknown, tag: IDataObject): ParsedResponse {
	const refused = refusalIn(body);
	if (refused) return refused;
	const told = flatten(unwrap(body) ?? {});
	const message = asText(told.message);
	const restored = /restor/i.test(message) || told.discarded_at === null;
	return items({
		deleted: !restored,
		...(restored && { restored }),
		...tag,
		...(message !== '' && { message }),
	});
}
