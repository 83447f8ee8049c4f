// A browser on a running portal: what every journey begins with.

import assert from 'node:assert/strict';
import { existsSync, mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';

export const portal = (process.env.TANDEM_URL ?? '').replace(/\/$/, '');
export const password = process.env.TANDEM_ADMIN_PASSWORD ?? '';
assert.ok(portal, 'TANDEM_URL names the portal to test');
assert.ok(password, 'TANDEM_ADMIN_PASSWORD holds the password of admin');

const executablePath =
  process.env.TANDEM_CHROMIUM ?? ['/usr/bin/chromium', '/usr/bin/chromium-browser'].find(existsSync);
assert.ok(executablePath, 'chromium is installed');

/** Where pictures of the pages go. */
export const artefacts = fileURLToPath(new URL('../artefacts/', import.meta.url));
mkdirSync(artefacts, { recursive: true });

/** One browser for a file of tests. */
export function launch() {
  return chromium.launch({
    executablePath,
    headless: true,
    args: [
      '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
      '--disable-component-update', '--disable-sync', '--disable-dev-shm-usage',
    ],
  });
}

/** A new person at a new browser window, whose console must stay clean. `page.complaints` collects what did not. */
export async function open(browser, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 860 }, ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(40_000);
  page.complaints = [];
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) page.complaints.push(`${message.type()}: ${message.text()}`);
  });
  page.on('pageerror', (error) => page.complaints.push(`exception: ${error.message}`));
  page.hasScript = options.javaScriptEnabled !== false;
  return page;
}

/** Goes to a path and, where scripts run, waits until the page is alive. */
export async function visit(page, path) {
  const response = await page.goto(portal + path);
  await alive(page);
  return response;
}

/** Waits until buttons do what they say. */
export async function alive(page) {
  if (page.hasScript) await page.locator('html[data-hydrated]').waitFor({ state: 'attached' });
}

/** Logs in as the administrator. */
export async function logIn(page, path = '/login') {
  await visit(page, path);
  // By name, not by label: the page speaks the browser's language.
  const form = page.locator('form:has(input[name=password])');
  await form.locator('input[name=name]').fill('admin');
  await form.locator('input[name=password]').fill(password);
  await form.locator('button[type=submit]').click();
  await page.locator('form[action="/logout"] button').waitFor();
  await alive(page);
}

/** Presses the button and waits for the page that follows. */
export async function submit(page, name) {
  const answer = page.waitForResponse((r) => r.request().isNavigationRequest() && r.request().method() === 'POST');
  await page.getByRole('button', { name, exact: true }).click();
  const response = await answer;
  await page.waitForLoadState('load');
  await alive(page);
  return response;
}

/** The sentence that a form left behind. */
export const flash = (page) => page.locator('.notice.done');

/** What is wrong at a field, as a screen reader finds it. */
export async function faultOf(page, label) {
  const field = page.getByLabel(label, { exact: true });
  assert.equal(await field.getAttribute('aria-invalid'), 'true', `${label} is marked as wrong`);
  const ids = ((await field.getAttribute('aria-describedby')) ?? '').split(' ').filter(Boolean);
  const texts = await Promise.all(ids.map((id) => page.locator(`#${id}`).innerText()));
  return texts.join(' ');
}

/** A name that no other run has used. */
export const fresh = (word) => `${word} ${Date.now().toString(36)}${Math.floor(Math.random() * 1e4)}`;

/** Fails with everything that the browser complained about, but for statuses that a test has asked for. */
export function quiet(page, expected = []) {
  const unexpected = page.complaints.filter((c) => !expected.some((e) => c.includes(e)));
  assert.deepEqual(unexpected, [], 'the console is clean');
  page.complaints.length = 0;
}

/** The password that somebody new is given, and the one that they choose. */
export const first = 'quiet-lantern-41-meadow';
export const second = 'amber-window-73-harvest';

/** Logs in with name and password, and stays where that leads. */
export async function enter(page, name, password) {
  await visit(page, '/login');
  await page.getByLabel('Name').fill(name);
  await page.getByLabel('Password').fill(password);
  await submit(page, 'Log in');
}

/** Makes a person of a role, as the administrator does. */
export async function hire(page, name, role, home) {
  await visit(page, '/system/people/new');
  await page.getByLabel('Name', { exact: true }).fill(name);
  await page.getByLabel('Role', { exact: true }).selectOption({ label: role });
  if (home) await page.getByLabel('Belongs to', { exact: true }).selectOption({ label: home });
  await page.getByLabel('New password', { exact: true }).fill(first);
  const answer = await submit(page, 'Save');
  assert.equal(answer.status(), 303, await page.locator('main').innerText());
  await flash(page).waitFor();
}

/** The first log-in of somebody new: the password is replaced before anything else. */
export async function settle(page, name) {
  await enter(page, name, first);
  assert.equal(new URL(page.url()).pathname, '/me/password');
  await page.getByLabel('Present password').fill(first);
  await page.getByLabel('New password', { exact: true }).fill(second);
  await page.getByLabel('New password again').fill(second);
  await submit(page, 'Change password');
  assert.equal(new URL(page.url()).pathname, '/');
}

/** The texts of the menu. */
export const menuOf = (page) => page.locator('.wide-menu a').allInnerTexts().then((texts) => texts.map((text) => text.trim()));
