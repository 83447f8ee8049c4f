// Logging in and out, and what stands before every page.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { alive, launch, logIn, open, portal, quiet, submit, visit } from './portal.mjs';

let browser;
before(async () => { browser = await launch(); });
after(() => browser.close());

test('a wrong password is refused with the name kept and the password gone', async () => {
  const page = await open(browser);
  await visit(page, '/login');
  await page.getByLabel('Name').fill('admin');
  await page.getByLabel('Password').fill('certainly not this one');
  const answer = await submit(page, 'Log in');
  assert.equal(answer.status(), 422);
  await page.getByText('The name or the password is wrong.').waitFor();
  assert.equal(await page.getByLabel('Name').inputValue(), 'admin');
  assert.equal(await page.getByLabel('Password').inputValue(), '');
  quiet(page, ['422']);

  await visit(page, '/login');
  await page.getByLabel('Name').fill('nobody of this name');
  await page.getByLabel('Password').fill('certainly not this one');
  await submit(page, 'Log in');
  await page.getByText('The name or the password is wrong.').waitFor();
  // The right one after the wrong ones is taken, and makes up for them.
  await logIn(page);
  await page.context().close();
});

test('an empty form is told before it is sent', async () => {
  const page = await open(browser);
  await visit(page, '/login');
  await page.getByRole('button', { name: 'Log in' }).click();
  await page.getByText('Write your name').or(page.getByText('write your name')).waitFor();
  assert.equal(await page.getByLabel('Name').getAttribute('aria-invalid'), 'true');
  quiet(page);
  await page.context().close();
});

test('whoever is nobody is sent to the log-in page and afterwards to where they wanted to go', async () => {
  const page = await open(browser);
  await visit(page, '/business/accounts?search=demo');
  assert.match(page.url(), /\/login\?next=/);
  await logIn(page, new URL(page.url()).pathname + new URL(page.url()).search);
  assert.equal(page.url(), `${portal}/business/accounts?search=demo`);
  await page.getByRole('heading', { name: 'Accounts' }).waitFor();
  quiet(page);
  await page.context().close();
});

test('the log-in page leads to no other site', async () => {
  const page = await open(browser);
  await logIn(page, '/login?next=//evil.example/');
  assert.equal(page.url(), `${portal}/`);
  await page.context().close();
});

test('after logging out the session is worth nothing, even to who kept its cookie', async () => {
  const page = await open(browser);
  await logIn(page);
  const cookies = await page.context().cookies();
  const session = cookies.find((c) => c.name.endsWith('tandem'));
  assert.ok(session.httpOnly && session.sameSite === 'Lax' && session.path === '/', 'the cookie is kept from scripts');
  await page.getByRole('button', { name: 'Log out' }).click();
  await page.waitForURL('**/login');
  await page.context().addCookies([session]);
  await page.goto(`${portal}/cdrs`);
  assert.match(page.url(), /\/login/);
  await page.context().close();
});

test('every page, loader and stream refuses a stranger', async () => {
  const page = await open(browser);
  const status = async (path, init = {}) => (await page.request.fetch(portal + path, { maxRedirects: 0, ...init })).status();
  for (const path of ['/', '/cdrs', '/operation/calls', '/business/accounts/1', '/business/rate-tables/1/rates/1', '/no/such/page']) {
    assert.equal(await status(path), 303, path);
  }
  for (const path of ['/load/status', '/load/day', '/load/accounts?question[search]=', '/load/cdrs?question[from]=', '/events/calls', '/events/status']) {
    assert.equal(await status(path), 401, path);
  }
  for (const path of ['/operation/calls', '/operation/mapping-gateways/new', '/business/accounts/1/pay', '/logout']) {
    assert.equal(await status(path, { method: 'POST', form: { name: 'x' } }), 303, path);
  }
  await page.context().close();
});

test('a form of another site is refused', async () => {
  const page = await open(browser);
  await logIn(page);
  const answer = await page.request.post(`${portal}/business/accounts/new`, {
    form: { name: 'Forged', kind: 'customer', currency: 'USD', precision: '4', credit_limit: '0', status: 'active' },
    headers: { origin: 'https://evil.example' },
    maxRedirects: 0,
  });
  assert.equal(answer.status(), 403);
  await page.context().close();
});

test('answers carry the headers that keep others out', async () => {
  const page = await open(browser);
  await logIn(page);
  const response = await visit(page, '/');
  const headers = response.headers();
  assert.match(headers['content-security-policy'], /script-src 'self' 'wasm-unsafe-eval' 'nonce-[^']+'/);
  assert.match(headers['content-security-policy'], /frame-ancestors 'none'/);
  assert.equal(headers['x-content-type-options'], 'nosniff');
  assert.equal(headers['referrer-policy'], 'same-origin');
  assert.equal(headers['cache-control'], 'no-store');
  const script = await page.evaluate(() =>
    performance.getEntriesByType('resource').map((r) => r.name).find((n) => n.includes('portal_bg.wasm')));
  const file = await page.request.get(script);
  assert.match(file.headers()['cache-control'], /immutable/);
  assert.match(file.headers()['content-type'], /application\/wasm/);
  await page.context().close();
});

test('the theme is changed at once, kept, and rendered by the server', async () => {
  const page = await open(browser, { colorScheme: 'light' });
  await logIn(page);
  const ground = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const light = await ground();
  await page.getByRole('button', { name: 'Change between light and dark' }).click();
  await page.locator('html[data-theme=dark]').waitFor({ state: 'attached' });
  const dark = await ground();
  assert.notEqual(dark, light);
  const html = await (await page.request.get(`${portal}/`)).text();
  assert.match(html, /<html[^>]*data-theme="dark"/);
  await page.reload();
  await alive(page);
  assert.equal(await ground(), dark);
  await page.getByRole('button', { name: 'Change between light and dark' }).click();
  assert.equal(await ground(), light);
  quiet(page);
  await page.context().close();
});
