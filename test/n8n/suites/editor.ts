import assert from 'assert/strict';
import { mkdirSync } from 'fs';
import { join } from 'path';
import { drag, startBrowser, type Box, type Browser, type Page } from '../support/browser';
import { owner } from '../support/client';
import { readExample } from '../support/examples';
import { bentoTrigger, send } from '../support/hooks';
import { until } from '../support/until';
import { chain, manual, node, orders } from '../support/workflows';
import { webhookSecret, type World } from '../support/world';

export interface EditorOptions {
	readonly chromium: string;
	/** Where to keep what was seen; nowhere if not given. */
	readonly screenshots?: string;
}

/** What a builder types into the node list, and the nodes that must show. */
const searches: ReadonlyArray<readonly [string, readonly string[]]> = [
	['bento', ['Bento', 'Bento Track Event', 'Bento Webhook Trigger']],
	['event', ['Bento Track Event']],
	['webhook', ['Bento Webhook Trigger']],
	['email marketing', ['Bento', 'Bento Track Event']],
];

/** The editor as a builder uses it, in a real browser. */
export async function editorAsSeen(world: World, options: EditorOptions): Promise<void> {
	const { check, heading } = world.reporter;
	heading(`n8n ${world.line}: the editor in a browser`);
	const browser: Browser = await startBrowser(options.chromium);
	const { page } = browser;
	const look: Look = async (name, clip) => {
		if (options.screenshots === undefined) return;
		mkdirSync(options.screenshots, { recursive: true });
		await page.addStyleTag({ content: withoutNoise });
		await page.mouse.move(1, 400);
		await page.waitForTimeout(800);
		await page.screenshot({ path: join(options.screenshots, `${name}.png`), clip });
	};
	try {
		await signIn(page, world.instance.origin);
		await check('the node list finds the nodes by what people look for', () =>
			nodeList(world, page, look),
		);
		await check('Track Event is filled by dragging, runs, and shows its output and hint', () =>
			trackByDragging(world, page, look),
		);
		await check('a wrong email is explained', () => wrongEmail(world, page, look));
		await check("Bento shows the account's own tags to choose from, and adds the chosen one", () =>
			chooseTag(world, page, look),
		);
		await check("custom fields are mapped onto the account's own", () =>
			mapFields(world, page, look),
		);
		await check("a new node offers the account's fields without being asked", () =>
			newNode(world, page, look),
		);
		await check('Map Automatically fills the fields that the input names alike', () =>
			mapAutomatically(world, page, look),
		);
		await check('what a purchase and an email need is in view before anything is filled in', () =>
			emptyPanels(world, page, look),
		);
		await check("the trigger's panel tells what to do, and shows what a sender sent", () =>
			triggerPanel(world, page, look),
		);
		await check('an example reads well on the canvas', () => example(world, page, look));
	} finally {
		await browser.close();
	}
}

/** Keeps a picture, of a part of the page where `clip` says so. */
type Look = (name: string, clip?: Box) => Promise<void>;

/** n8n's messages of success and its tooltips would cover what is to be seen. */
const withoutNoise = '.el-notification, .el-popper.is-dark { display: none !important }';

/** A node's open panel, without the dimmed canvas around it. */
const panel: Box = { x: 25, y: 25, width: 1390, height: 770 };

async function signIn(page: Page, origin: string): Promise<void> {
	await page.goto(`${origin}/signin`);
	await page.locator('input[name="emailOrLdapLoginId"]').fill(owner.email);
	await page.locator('input[name="password"]').fill(owner.password);
	await page.locator('[data-test-id="form-submit-button"]').click();
	await page.waitForTimeout(3000);
}

async function nodeList(world: World, page: Page, look: Look): Promise<void> {
	for (const [words, expected] of searches) {
		await page.goto(`${world.instance.origin}/workflow/new`);
		await page.locator('[data-test-id="canvas-add-button"]').first().click();
		const search = page.locator('[data-test-id="node-creator-search-bar"]').first();
		await search.waitFor();
		await page.keyboard.type(words);
		const names = page.locator('[data-test-id="node-creator-item-name"]');
		const found = await until(`nodes for "${words}"`, async () => {
			const texts = (await names.allInnerTexts()).map((text) => text.trim());
			return expected.every((name) => texts.includes(name)) ? texts : undefined;
		});
		assert.ok(found.length > 0);
		if (words === 'bento') await look('node-list');
	}
}

/** Opens a workflow and one of its nodes. */
async function openNode(world: World, page: Page, id: string, name: string): Promise<void> {
	await page.goto(`${world.instance.origin}/workflow/${id}`);
	await page.locator('[data-test-id="canvas-node"]').first().waitFor();
	await page.waitForTimeout(1500);
	await page.keyboard.press('Escape');
	await page.locator(`[data-node-name="${name}"]`).first().dblclick();
	await page.locator('[data-test-id="node-execute-button"]').first().waitFor();
	await page.waitForTimeout(1000);
}

async function signUps(
	world: World,
	emails: readonly string[],
	parameters: Record<string, unknown> = {},
	more: Record<string, unknown> = {},
): Promise<string> {
	const people = emails.map((email, index) => ({ email, plan: 'team', seats: index + 1 }));
	const [list, split] = orders(0);
	assert.ok(list && split);
	const jsonOutput = `={{ ${JSON.stringify({ orders: people })} }}`;
	const credentials = await world.bentoCredential();
	const sending = node('Bento Track Event', 'bentoTrackEvent', parameters, {
		credentials,
		...more,
	});
	const draft = chain(
		'Sign-ups to Bento',
		manual(),
		{ ...list, name: 'Sign-Ups', parameters: { mode: 'raw', jsonOutput, options: {} } },
		{ ...split, name: 'One Item Each' },
		sending,
	);
	return await world.client.createWorkflow(draft);
}

/** A panel with nothing in it but its operation. */
async function emptyPanel(
	world: World,
	page: Page,
	type: 'bento' | 'bentoTrackEvent',
	parameters: Record<string, string>,
): Promise<void> {
	const credentials = await world.bentoCredential();
	const one = node('Bento Panel', type, parameters, { credentials });
	const id = await world.client.createWorkflow(chain('A panel', manual(), one));
	await openNode(world, page, id, 'Bento Panel');
}

// A button on 2.x, a field on 1.x.
const addField = 'button:has-text("Add field to send"), input[placeholder="Add field to send"]';

async function mapFields(world: World, page: Page, look: Look): Promise<void> {
	const parameters = { operation: 'subscribe', resource: 'subscriber', fieldsMode: 'account' };
	await emptyPanel(world, page, 'bentoTrackEvent', parameters);
	await page.locator(addField).first().click();
	await page.locator('text=First Name').first().click();
	await page.locator('label:has-text("First Name")').first().waitFor();
	await look('map-fields');
}

/** A node as the node list adds it, so of the latest version. n8n selects the credential if there is one. */
async function newNode(world: World, page: Page, look: Look): Promise<void> {
	await world.bentoCredential();
	await page.goto(`${world.instance.origin}/workflow/new`);
	await page.locator('[data-test-id="canvas-add-button"]').first().click();
	await page.locator('[data-test-id="node-creator-search-bar"]').first().waitFor();
	await page.keyboard.type('Bento Track Event');
	const names = page.locator('[data-test-id="node-creator-item-name"]');
	await names
		.filter({ hasText: /^\s*Bento Track Event\s*$/ })
		.first()
		.click();
	await page.locator(':text("Update subscriber fields")').first().click();
	await page.locator(addField).first().waitFor();
	await look('new-node');
	await page.locator(addField).first().click();
	await page.locator('text=First Name').first().waitFor();
}

async function mapAutomatically(world: World, page: Page, look: Look): Promise<void> {
	world.bento.reset();
	const parameters = {
		resource: 'subscriber',
		operation: 'updateFields',
		email: '={{ $json.email }}',
	};
	const id = await signUps(world, ['ada@example.com'], parameters, { typeVersion: 1.1 });
	await openNode(world, page, id, 'Bento Track Event');
	await page.locator(addField).first().waitFor();
	await page.locator('[data-test-id="mapping-mode-select"] input').first().click();
	await page.locator('.el-select-dropdown__item:visible:has-text("Map Automatically")').click();
	await page.locator(':text("first_name, last_name, plan")').first().waitFor();
	await look('map-automatically');
	await page.locator('[data-test-id="node-execute-button"]').first().click();
	const event = await until('an event', () => world.bento.events[0]);
	assert.deepEqual(event.fields, { plan: 'team' });
}

async function emptyPanels(world: World, page: Page, look: Look): Promise<void> {
	const purchase = { resource: 'event', operation: 'trackPurchase' };
	await emptyPanel(world, page, 'bentoTrackEvent', purchase);
	await look('track-purchase');
	await inView(page, ['email', 'uniqueKey', 'currency', 'amountUnit', 'amount']);
	await emptyPanel(world, page, 'bento', { resource: 'email', operation: 'send' });
	await look('send-email');
	await inView(page, ['toEmail', 'from', 'subject', 'content']);
}

/** Whether these parameters can be seen without scrolling. */
async function inView(page: Page, names: readonly string[]): Promise<void> {
	for (const name of names) {
		const box = await page
			.locator(`[data-test-id="parameter-input-${name}"]`)
			.first()
			.boundingBox();
		assert.ok(box && box.y + 20 < 820, `${name} is out of view`);
	}
}

async function fillByDragging(page: Page): Promise<void> {
	await page.locator('button:has-text("Execute previous nodes")').first().click();
	const pill = (name: string) =>
		page
			.locator('[data-target="mappable"]')
			.filter({ hasText: new RegExp(`^\\s*${name}\\s*$`) })
			.first();
	await pill('email').waitFor();
	await drag(page, pill('email'), page.locator('[data-test-id="parameter-input-email"]').first());
	await page.locator('[data-test-id="parameter-input-eventType"] input').fill('trial_started');
	const details = page.locator('[data-test-id="assignment-collection-details"]').first();
	await drag(
		page,
		pill('plan'),
		details.locator('[data-test-id="assignment-collection-drop-area"]').first(),
	);
}

async function trackByDragging(world: World, page: Page, look: Look): Promise<void> {
	world.bento.reset();
	const id = await signUps(world, ['ada@example.com', 'grace@example.com', 'alan@example.com']);
	await openNode(world, page, id, 'Bento Track Event');
	await fillByDragging(page);
	await page.locator('[data-test-id="node-execute-button"]').first().click();
	const hint = page.locator(':text("3 of 3 events accepted (1 batch")').first();
	await hint.waitFor();
	await look('track-event', panel);
	assert.deepEqual(
		world.bento.events.map(({ email, type, details }) => ({ email, type, details })),
		['ada', 'grace', 'alan'].map((name) => ({
			email: `${name}@example.com`,
			type: 'trial_started',
			details: { plan: 'team' },
		})),
	);
}

async function wrongEmail(world: World, page: Page, look: Look): Promise<void> {
	const id = await signUps(world, ['ada@example.com', 'grace.example.com']);
	await openNode(world, page, id, 'Bento Track Event');
	await fillByDragging(page);
	await page.locator('[data-test-id="node-execute-button"]').first().click();
	const message = page.locator('[data-test-id="node-error-message"]').first();
	await message.waitFor();
	await look('wrong-email', panel);
	assert.match(await message.innerText(), /email/i);
	assert.match(await message.innerText(), /item 1/i);
}

async function chooseTag(world: World, page: Page, look: Look): Promise<void> {
	world.bento.reset();
	const parameters = {
		resource: 'subscriber',
		operation: 'addTag',
		email: 'ada.byron@example.com',
	};
	const credentials = await world.bentoCredential();
	const bento = node('Bento', 'bento', parameters, { credentials });
	const id = await world.client.createWorkflow(chain('Tag someone', manual(), bento));
	await openNode(world, page, id, 'Bento');
	await page.locator('[data-test-id="rlc-input"]').first().click();
	const entries = page.locator('[data-test-id="rlc-item"]');
	await entries.first().waitFor();
	await look('choose-tag', panel);
	const shown = (await entries.allInnerTexts()).map((text) => text.trim());
	const known = world.bento.state.tags.filter(({ discardedAt }) => discardedAt === null);
	assert.deepEqual(shown, known.map(({ name }) => name).sort());
	await entries.first().click();
	await page.locator('[data-test-id="node-execute-button"]').first().click();
	await page.locator(':text("add_tag")').first().waitFor();
	await look('bento', panel);
}

async function triggerPanel(world: World, page: Page, look: Look): Promise<void> {
	const path = '5f0c1d2e-6a7b-4c8d-9e0f-a1b2c3d4e5f6';
	const first = bentoTrigger(path, await world.webhookCredential());
	const id = await world.client.createWorkflow(chain('From Bento', first));
	await openNode(world, page, id, first.name);
	const steps = await page.locator('.notice-content').first().innerText();
	assert.match(steps, /Send webhook/);
	assert.ok(
		steps.split('\n').filter((line) => line.trim() !== '').length >= 5,
		'steps run together',
	);
	const credential = await page
		.locator('[data-test-id="node-credentials-select"]')
		.first()
		.boundingBox();
	assert.ok(credential && credential.y < 600, 'the credential is out of sight');
	await onlySecretsToChoose(page);
	await page.locator('text=Webhook URLs').first().click();
	await page.waitForTimeout(500);
	await look('webhook-trigger-empty', panel);
	await page.locator('[data-test-id="node-execute-button"]').first().click();
	await page.waitForTimeout(1500);
	const body = {
		event: 'bento.workflow.step_reached',
		workflow: 'Welcome',
		email: 'ada@example.com',
		person: { first_name: 'Ada', tags: 'customer' },
	};
	const headers = { 'X-Bento-Secret': webhookSecret };
	const answer = await until('the test URL', async () => {
		const reply = await send(world.instance.origin, `webhook-test/${path}`, { headers, body });
		return reply.status === 404 ? undefined : reply;
	});
	assert.equal(answer.status, 200, answer.text);
	await page.locator(':text("ada@example.com")').first().waitFor();
	await look('webhook-trigger', panel);
}

/** n8n 1.x offers credentials of another type where it misunderstands a node's conditions. */
async function onlySecretsToChoose(page: Page): Promise<void> {
	await page.locator('[data-test-id="node-credentials-select"]').first().click();
	const entries = page.locator('.el-select-dropdown__item:visible');
	await entries.first().waitFor();
	const shown = (await entries.allInnerTexts()).join(' ');
	await page.keyboard.press('Escape');
	assert.match(shown, /Webhook secret/);
	assert.doesNotMatch(shown, /Bento stand-in/);
}

async function example(world: World, page: Page, look: Look): Promise<void> {
	const credentials = {
		...(await world.bentoCredential()),
		bentoWebhookSecretApi: await world.webhookCredential(),
	};
	const draft = readExample('orders-to-purchases.json', credentials);
	const id = await world.client.createWorkflow(draft);
	await page.goto(`${world.instance.origin}/workflow/${id}`);
	const canvas = page.locator('[data-test-id="canvas-node"]');
	await canvas.first().waitFor();
	await page.waitForTimeout(2500);
	const notes = draft.nodes.filter(({ type }) => type.endsWith('.stickyNote'));
	assert.equal(await canvas.count(), draft.nodes.length - notes.length);
	await look('example');
}
