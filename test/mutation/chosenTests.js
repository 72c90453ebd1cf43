/** The test files that `npm run mutate -- --tests=` names, as jest takes them; undefined where it names none. */
function chosenTests() {
	const { MUTATION_TESTS } = process.env;
	return MUTATION_TESTS?.split(',').map((file) => `<rootDir>/${file}`);
}

module.exports = { chosenTests };
