/** Stands for something that a hook or a test makes only later, so that a whole file can name it. */
export function later<Thing extends object>(get: () => Thing | undefined): Thing {
	const made = (): Thing => {
		const thing = get();
		if (thing === undefined) throw new Error('It is there only while a test runs');
		return thing;
	};
	return new Proxy({} as Thing, {
		get: (_target, name): unknown => Reflect.get(made(), name),
		set: (_target, name, value) => Reflect.set(made(), name, value),
	});
}
