import { percentile, play, type Played, type Scene } from './world';

/** Executions of one event each, and what must become of all of them. */

/** What a limit counts differs between servers, so each is tried. */
export const STYLES = ['sliding', 'fixed', 'bucket'] as const;

/** When lines have found their rate, in s. */
export const SETTLED = 150;

export function expectAllDelivered(played: Played): void {
	expect(played.accepted).toBe(played.executions);
	expect(played.held).toBe(played.executions);
	expect(played.doubled).toBe(0);
	// Nobody starves: a wait of the worst one is a matter of a minute or two.
	expect(percentile(played, 1)).toBeLessThan(150);
}

export async function crowd(scene: Partial<Scene> & Pick<Scene, 'processes' | 'perSecond'>) {
	return await play({ seconds: 300, style: 'sliding', retryAfter: false, ...scene });
}
