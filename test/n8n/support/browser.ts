import { existsSync, mkdtempSync, rmSync } from 'fs';
import { createRequire } from 'module';
import { tmpdir } from 'os';
import { join } from 'path';
import { toolsManifest } from './install';
import { until } from './until';

export interface Box {
	readonly x: number;
	readonly y: number;
	readonly width: number;
	readonly height: number;
}

/** The part of playwright-core's Locator that the suites use. */
interface Locator {
	first(): Locator;
	nth(index: number): Locator;
	filter(options: { hasText: RegExp }): Locator;
	locator(selector: string): Locator;
	click(): Promise<void>;
	dblclick(): Promise<void>;
	fill(text: string): Promise<void>;
	hover(): Promise<void>;
	waitFor(options?: { timeout?: number }): Promise<void>;
	innerText(): Promise<string>;
	allInnerTexts(): Promise<string[]>;
	boundingBox(): Promise<Box | null>;
	scrollIntoViewIfNeeded(): Promise<void>;
	count(): Promise<number>;
}

/** The part of playwright-core's Page that the suites use. */
export interface Page {
	goto(address: string): Promise<unknown>;
	locator(selector: string): Locator;
	waitForTimeout(milliseconds: number): Promise<void>;
	setDefaultTimeout(milliseconds: number): void;
	screenshot(options: { path: string; clip?: Box }): Promise<unknown>;
	addStyleTag(options: { content: string }): Promise<unknown>;
	readonly keyboard: { press(key: string): Promise<void>; type(text: string): Promise<void> };
	readonly mouse: {
		move(x: number, y: number, options?: { steps: number }): Promise<void>;
		down(): Promise<void>;
		up(): Promise<void>;
	};
}

interface Context {
	newPage(): Promise<Page>;
	addCookies(cookies: object[]): Promise<void>;
	close(): Promise<void>;
}

interface Playwright {
	readonly chromium: {
		launchPersistentContext(folder: string, options: object): Promise<Context>;
	};
}

export interface Browser {
	readonly page: Page;
	close(): Promise<void>;
}

const candidates = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
const quiet = [
	'--no-sandbox',
	'--disable-gpu',
	'--disable-quic',
	'--no-first-run',
	'--disable-background-networking',
	'--disable-component-update',
	'--disable-sync',
];

/** The browser that is installed, if any. */
export function findChromium(): string | undefined {
	return candidates.find((path) => existsSync(path));
}

/** Starts a headless Chromium with an empty profile, and a page of 1440 by 820. */
export async function startBrowser(executablePath: string): Promise<Browser> {
	const loaded: unknown = createRequire(toolsManifest)('playwright-core');
	if (!isPlaywright(loaded)) throw new Error('playwright-core has another shape than expected');
	const profile = mkdtempSync(join(tmpdir(), 'n8n-editor-'));
	const context = await loaded.chromium.launchPersistentContext(profile, {
		executablePath,
		args: quiet,
		headless: true,
		viewport: { width: 1440, height: 820 },
	});
	const page = await context.newPage();
	page.setDefaultTimeout(20_000);
	return {
		page,
		async close() {
			await context.close();
			rmSync(profile, { recursive: true, force: true });
		},
	};
}

/** Drags the middle of one element to the middle of another, slowly enough for the editor to notice. */
export async function drag(page: Page, from: Locator, to: Locator): Promise<void> {
	const start = await middle(from);
	const end = await middle(to);
	await page.mouse.move(start.x, start.y);
	await page.mouse.down();
	await page.mouse.move(start.x + 20, start.y + 5, { steps: 5 });
	await page.mouse.move(end.x, end.y, { steps: 15 });
	await page.waitForTimeout(300);
	await page.mouse.up();
	await page.waitForTimeout(500);
}

async function middle(element: Locator): Promise<{ x: number; y: number }> {
	const box = await until(
		'the element to have a place',
		async () => (await element.boundingBox()) ?? undefined,
	);
	return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
}

function isPlaywright(value: unknown): value is Playwright {
	return typeof value === 'object' && value !== null && 'chromium' in value;
}
