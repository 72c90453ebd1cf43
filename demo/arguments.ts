import { parseArgs } from 'util';

export interface Arguments {
	/** CSV or JSON; the sample orders if not given. */
	readonly file: string | undefined;
	readonly to: 'bento' | 'stand-in';
	/** Whether the question before sending to Bento is answered already. */
	readonly yes: boolean;
}

/** @throws Error that says what is wrong with the arguments */
export function readArguments(args: readonly string[]): Arguments {
	const { values } = parseArgs({
		args: [...args],
		options: {
			file: { type: 'string' },
			to: { type: 'string', default: 'stand-in' },
			yes: { type: 'boolean', default: false },
		},
	});
	if (values.to !== 'bento' && values.to !== 'stand-in') {
		throw new Error(
			'--to must be bento or stand-in. npm start -- --help lists all that can be given.',
		);
	}
	if (values.to === 'bento' && values.file === undefined) {
		throw new Error(
			'Name the file to send with --file. The sample orders are made up and are never sent to Bento.',
		);
	}
	return { file: values.file, to: values.to, yes: values.yes };
}
