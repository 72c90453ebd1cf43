import type { INodeParameterResourceLocator } from 'n8n-workflow';

/** A resource locator as the panel stores it. */
export function located(value: string, mode = 'list'): INodeParameterResourceLocator {
	return { __rl: true, mode, value };
}
