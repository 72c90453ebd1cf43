import { addTag, findOrCreatePerson, removeTag, writeField } from './people';
import { isoNow, type Site } from './site';
import type { Person } from './state';
import type { StoredEvent } from './types';

/**
 * Applies what events do to subscribers. It is put off until someone looks, so that taking events stays as fast as HTTP
 * allows.
 */
export function catchUp(site: Site): void {
	if (site.pending.length === 0) return;
	for (const event of site.pending) apply(site, event);
	site.pending.length = 0;
}

function apply(site: Site, event: StoredEvent): void {
	const person = findOrCreatePerson(site, event.email);
	person.lastEventAt = event.date ?? isoNow(site);
	for (const [key, value] of Object.entries(event.fields ?? {})) {
		writeField(site, person, key, value);
	}
	applySpecial(site, person, event);
}

/** The types that do more than being recorded (bento-node-sdk, src/sdk/batch/enums.ts). */
function applySpecial(site: Site, person: Person, { type, details }: StoredEvent): void {
	const tag = typeof details?.tag === 'string' ? details.tag : '';
	if (type === '$tag' && tag !== '') addTag(site, person, tag);
	if (type === '$remove_tag' && tag !== '') removeTag(site, person, tag);
	if (type === '$subscribe') person.unsubscribedAt = null;
	if (type === '$unsubscribe') person.unsubscribedAt ??= isoNow(site);
}
