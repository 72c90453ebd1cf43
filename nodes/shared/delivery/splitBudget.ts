/** Requests that looking for the culprits of one refused batch may take: ten scattered among 1000 need at most 154. */
const PER_BATCH = 200;

/** The same for all batches of a run together: a file full of bad records must not turn into a flood. */
const PER_RUN = 1_000;

export interface SplitAllowance {
	/** Takes one request from the allowance; false when none is left. */
	take(): boolean;
}

/** How many requests a run may spend on splitting refused batches. */
export class SplitBudget {
	private left = PER_RUN;

	/** The allowance for one refused batch. */
	open(): SplitAllowance {
		let own = PER_BATCH;
		return {
			take: () => {
				if (own === 0 || this.left === 0) return false;
				own -= 1;
				this.left -= 1;
				return true;
			},
		};
	}
}
