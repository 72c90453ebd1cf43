/**
 * The commands of `npm run`: the text of `--help`, what has to be there first, and what runs. A `script` lies in this
 * folder and exports `main(args)`; a `program` is TypeScript, compiled into `.build`.
 */
const COMMANDS = {
	start: {
		help: `npm start: the nodes on n8n's engine deliver orders and receive webhooks.

  npm start                                     sample orders to a stand-in for Bento
  npm start -- --file orders.csv                your own file (CSV or JSON) to the stand-in
  npm start -- --file orders.csv --to bento     your own file to the real Bento, after a preview and a question
                                                (keys in BENTO_PUBLISHABLE_KEY, BENTO_SECRET_KEY, BENTO_SITE_UUID)
    --yes                                       answers the question

Each record needs an email. With order_id, currency and amount (in major units, such as 49.00) it is a purchase.
Otherwise it needs a type. Other columns become details.`,
		needs: 'package',
		program: 'demo/main.js',
	},
	test: {
		help: `npm test: every check (types, lint, format, n8n's verification scan) and all tests, and then what failed.

  npm test -- test/trigger   all checks, and the tests whose path contains this; arguments go to jest`,
		needs: 'packages',
		script: 'test.js',
	},
	fix: {
		help: 'npm run fix: corrects what ESLint and Prettier can correct by themselves.',
		needs: 'packages',
		script: 'fix.js',
	},
	build: {
		help: 'npm run build: builds the package into dist, as it is published, if anything has changed.',
		needs: 'packages',
		script: 'build.js',
	},
	watch: {
		help: `npm run watch: builds the package into dist on every change, with source maps and without checking types.
npx jest tests that build; npm test and npm run build make the one that is published.`,
		needs: 'packages',
		script: 'watch.js',
	},
	dev: {
		help: `npm run dev: an n8n editor with the package, the example workflows, and a stand-in for Bento. Builds the package
and starts n8n again on every change. Needs Linux or macOS.

  --line 2x|1x        which n8n; 2x if not given
  --port 5678         n8n's port
  --bento-port 4400   the stand-in's port
  --fresh             begin with an empty n8n
  --inspect           let a debugger attach to n8n on port 9229: breakpoints in the TypeScript sources hold`,
		needs: 'programs',
		program: 'test/n8n/developer.js',
		posix: true,
	},
	bento: {
		help: `npm run bento: a stand-in for Bento on this machine. It prints the values for a credential.

  --port 4400    the port; 0 takes any free one
  --enterprise   allows the search for subscribers`,
		needs: 'programs',
		program: 'test/bentoServer/cli.js',
	},
	operations: {
		help: "npm run operations: writes the table of the Bento node's operations into docs/bento.md.",
		needs: 'programs',
		script: 'operations-table.js',
	},
	models: {
		help: 'npm run models: writes docs/for-ai.md and the output schemas from the nodes as they are.',
		needs: 'package',
		script: 'models.js',
	},
	strings: {
		help: `npm run strings: lists every text that a user can see, by file and line, to read in one sitting.

  npm run strings -- nodes/BentoTrackEvent   only from this folder; nodes and credentials if not given`,
		needs: 'packages',
		script: 'strings.js',
	},
	scan: {
		help: `npm run scan: n8n's verification scanner over the sources and over the packed package, as n8n's reviewers run it,
but offline and with its warnings counted as errors.`,
		needs: 'packages',
		script: 'scan.js',
	},
	release: {
		help: `npm run release: checks that this commit can be released, packs it into release/, and says which tag to push.

  --dry-run   only checks, and lists what npm would publish`,
		needs: 'packages',
		script: 'release.js',
	},
	'test:n8n': {
		help: `npm run test:n8n: tests the package in real n8n servers. Needs Linux; on macOS, without queue mode and the editor.

  --line 2x|1x|both     which n8n to test on; both if not given
  --parts single,queue  what to test: single (one n8n process), queue (queue mode), editor (in Chromium);
                        all three if not given
  --only <text>         only the checks whose chapter or name contains this text
  --crowds              also crowds of webhooks beside a rate limit, and the faults of a night in queue mode: half an
                        hour more, on a machine that does nothing else
  --whole               the long chapters in their whole size, and --crowds, which takes about two hours more
  --screenshots <path>  keep what the editor showed
  --install             install Redis, PostgreSQL and Chromium with apt-get if they are missing (as root); a part
                        that still lacks one fails instead of being skipped
  --again               run a part in which something failed once more: twice is no accident`,
		needs: 'package',
		program: 'test/n8n/main.js',
		posix: true,
	},
	bench: {
		help: `npm run bench: compares the nodes with the fastest way to do the same by hand. Prints a table, and writes
benchmarks/results.json and docs/images/benchmark.svg.`,
		needs: 'package',
		program: 'benchmarks/main.js',
	},
	'test:versions': {
		help: `npm run test:versions: the tests that use n8n's engine, on older versions of n8n, each with the n8n-core,
n8n-workflow, and zod that it ships. Compares the table in docs/compatibility.md with them. npm test runs the same tests
on the newest n8n of both lines.

  npm run test:versions -- 2.0.3     only this version
  npm run test:versions -- --write   all versions, the newest too, and writes the table`,
		needs: 'package',
		script: 'test-versions.js',
	},
	'bench:n8n': {
		help: "npm run bench:n8n: compares the trigger with n8n's Webhook node in a real n8n. Needs Linux or macOS.",
		needs: 'package',
		program: 'benchmarks/n8n.js',
		posix: true,
	},
	chaos: {
		help: `npm run chaos: sends events through the built node on n8n's engine to a stand-in for Bento while a third of all
requests meets a fault: errors, resets, silence, garbage, slow, cut-off and empty responses. Does so once for each
delivery guarantee, prints the node's account beside the server's, and fails on the first event that differs.

  --events 100000   how many events to send
  --seed N          which faults, in which order; a new one if not given, which is printed`,
		needs: 'package',
		program: 'test/chaos/main.js',
	},
	fuzz: {
		help: `npm run fuzz: feeds random input to the code that reads untrusted data, and sends hostile requests to the trigger
on n8n's engine, for a limited time.

  --seconds 60   how long`,
		needs: 'package',
		program: 'test/fuzz/main.js',
	},
	mutate: {
		help: `npm run mutate: changes the sources in thousands of small ways and reports which changes no test noticed. Prints a
score for each file, writes them to .build/mutation/scores.md and the survivors to .build/mutation/report.html, and fails
if fewer than 90 % of the changes that tests reach were noticed. The next run tests only what has changed.

  npm run mutate -- nodes/shared/delivery   only this folder or file
  npm run mutate -- --force                 everything again
  npm run mutate -- nodes/shared/run/memory.ts --tests=test/unit/run/memory.test.ts
                                            with these test files only, which is quicker`,
		needs: 'packages',
		script: 'mutate.js',
	},
};

module.exports = { COMMANDS };
