import { parseArgs } from 'util';

export type Arguments =
	| { readonly kind: 'help' }
	| {
			readonly kind: 'run';
			/** CSV or JSON; the sample orders if not given. */
			readonly file: string | undefined;
			readonly to: 'bento' | 'stand-in';
			/** Whether the question before sending to Bento is answered already. */
			readonly yes: boolean;
	  };

export const USAGE = `npm start                                     sample orders to a stand-in for Bento
npm start -- --file orders.csv                your own file (CSV or JSON) to the stand-in
npm start -- --file orders.csv --to bento     your own file to the real Bento, after a preview and a question
                                              (keys in BENTO_PUBLISHABLE_KEY, BENTO_SECRET_KEY, BENTO_SITE_UUID)
  --yes                                       answers the question

Each record needs an email. With order_id, currency and amount (in major units, such as 49.00) it is a purchase.
Otherwise it needs a type. Other columns become details.`;

/** @throws Error that says what is wrong with the arguments */
export function readArguments(args: readonly string[]): Arguments {
	const { values } = parseArgs({
		args: [...args],
		options: {
			file: { type: 'string' },
			to: { type: 'string', default: 'stand-in' },
			yes: { type: 'boolean', default: false },
			help: { type: 'boolean', default: false },
		},
	});
	if (values.help) return { kind: 'help' };
	if (values.to !== 'bento' && values.to !== 'stand-in') {
		throw new Error(`--to must be bento or stand-in.\n\n${USAGE}`);
	}
	if (values.to === 'bento' && values.file === undefined) {
		throw new Error(
			'Name the file to send with --file. The sample orders are made up and are never sent to Bento.',
		);
	}
	return { kind: 'run', file: values.file, to: values.to, yes: values.yes };
}
