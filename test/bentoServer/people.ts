import { isoNow, type Site } from './site';
import { takeId, uuidOf, type BentoState, type Field, type Person, type Tag } from './state';

/** Addresses are stored in lower case, and looked for as they are: clients have to send them so. */
export function findPerson(
	{ people }: BentoState,
	{ email, uuid }: { readonly email?: string; readonly uuid?: string },
): Person | undefined {
	if (email !== undefined) return people.get(email);
	if (uuid === undefined) return undefined;
	for (const person of people.values()) if (person.uuid === uuid) return person;
	return undefined;
}

export function findOrCreatePerson(site: Site, address: string): Person {
	const { people } = site.state;
	const email = address.trim().toLowerCase();
	const known = people.get(email);
	if (known) return known;
	const id = takeId(site.state);
	const now = isoNow(site);
	const person: Person = {
		id,
		uuid: uuidOf(id),
		email,
		fields: new Map(),
		tagIds: new Set(),
		unsubscribedAt: null,
		createdAt: now,
		updatedAt: now,
		lastEventAt: null,
	};
	people.set(email, person);
	return person;
}

/** Tags are written by name, and made where there is none; a deleted one comes back. */
export function findOrCreateTag(site: Site, name: string): Tag {
	const { tags } = site.state;
	const known = tags.find((tag) => tag.name === name);
	if (known) {
		known.discardedAt = null;
		return known;
	}
	const tag = { id: takeId(site.state), name, createdAt: isoNow(site), discardedAt: null };
	tags.push(tag);
	return tag;
}

export function addTag(site: Site, person: Person, name: string): void {
	person.tagIds.add(findOrCreateTag(site, name).id);
}

export function removeTag(site: Site, person: Person, name: string): void {
	const tag = site.state.tags.find((known) => known.name === name);
	if (tag) person.tagIds.delete(tag.id);
}

/** Bento derives the name from the key, for camelCase, spaces, dashes, and underscores. */
export function findOrCreateField(site: Site, key: string): Field {
	const { fields } = site.state;
	const known = fields.find((field) => field.key === key);
	if (known) return known;
	const name = key
		.replace(/([a-z0-9])([A-Z])/g, '$1 $2')
		.split(/[\s_-]+/)
		.map((word) => word.slice(0, 1).toUpperCase() + word.slice(1))
		.join(' ');
	const field = { id: takeId(site.state), key, name, createdAt: isoNow(site) };
	fields.push(field);
	return field;
}

export function writeField(site: Site, person: Person, key: string, value: unknown): void {
	findOrCreateField(site, key);
	person.fields.set(key, value);
	person.updatedAt = isoNow(site);
}

/** Gives a subscriber another address, unless another one has it. */
export function changeEmail({ people }: BentoState, person: Person, address: string): void {
	const email = address.trim().toLowerCase();
	if (people.has(email)) return;
	people.delete(person.email);
	person.email = email;
	people.set(email, person);
}

/** A subscriber as the API shows one. Without fields, some accounts show null instead of an object. */
export function presentPerson(person: Person) {
	const { id, uuid, email, fields, tagIds, unsubscribedAt } = person;
	return {
		id,
		type: 'visitors',
		attributes: {
			uuid,
			email,
			fields: fields.size > 0 ? Object.fromEntries(fields) : null,
			cached_tag_ids: [...tagIds],
			unsubscribed_at: unsubscribedAt,
			navigation_url: `/account/visitors/${uuid}`,
		},
	};
}
