// Lists and what stands around every page: sorting, columns, ticking, files, the palette, the keyboard, the look.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { alive, flash, fresh, launch, logIn, open, portal, quiet, submit, visit } from './portal.mjs';

let browser, page;
before(async () => {
  browser = await launch();
  page = await open(browser);
  await logIn(page);
});
after(() => browser.close());

const names = async (on = page) => (await on.locator('tbody tr td a:first-child').allInnerTexts()).filter((t) => t !== 'Payment');

test('a head sorts by its column, up and then down, and says so', async () => {
  await visit(page, '/business/accounts');
  const head = page.locator('th', { hasText: 'Name' });
  assert.equal(await head.getAttribute('aria-sort'), 'none');
  await head.getByRole('link').click();
  await page.waitForURL(/sort=name/);
  await page.locator('th[aria-sort=ascending]', { hasText: 'Name' }).waitFor();
  const up = await names();
  await page.locator('th', { hasText: 'Name' }).getByRole('link').click();
  await page.locator('th[aria-sort=descending]', { hasText: 'Name' }).waitFor();
  assert.deepEqual(await names(), up.toReversed());
  quiet(page);
});

test('chosen columns stay, with and without JavaScript', async () => {
  const plain = await open(browser, { javaScriptEnabled: false });
  await logIn(plain);
  await visit(plain, '/business/accounts?sort=name');
  const heads = () => plain.locator('thead th').count();
  const before = await heads();
  await plain.getByText('Columns', { exact: true }).click();
  await plain.getByLabel('Currency').uncheck();
  await plain.getByRole('button', { name: 'Apply' }).click();
  assert.equal(await heads(), before - 1);
  assert.match(plain.url(), /sort=name/);
  await visit(plain, '/business/accounts');
  assert.equal(await heads(), before - 1);
  const forged = await plain.request.post(`${portal}/columns`, { form: { table: 'x;y', back: '/' } });
  assert.equal(forged.status(), 422);
  await plain.context().close();
});

test('what is ticked is named before anything is done to it', async () => {
  const made = [fresh('Several'), fresh('Several')];
  for (const name of made) {
    await visit(page, '/operation/mapping-gateways/new');
    await page.getByLabel('Name', { exact: true }).fill(name);
    await page.getByLabel('Account', { exact: true }).selectOption({ index: 1 });
    const byte = () => Math.floor(Math.random() * 256);
    await page.getByLabel('Sources').fill(`10.${byte()}.${byte()}.${byte()}`);
    await submit(page, 'Save');
  }
  await visit(page, '/operation/mapping-gateways?search=Several');
  await page.getByRole('button', { name: 'Switch off' }).waitFor({ state: 'hidden' });
  for (const name of made) await page.getByLabel(`Select ${name}`, { exact: true }).check();
  await page.getByRole('button', { name: 'Switch off' }).click();
  await page.getByRole('heading', { name: 'Switch 2 entries off?' }).waitFor();
  for (const name of made) await page.getByText(name, { exact: true }).waitFor();
  await alive(page);
  await submit(page, 'Switch off');
  await flash(page).getByText('2 of 2 done.').waitFor();
  for (const name of made) assert.match(await page.getByRole('row', { name }).innerText(), /off/);
  for (const name of made) await page.getByLabel(`Select ${name}`, { exact: true }).check();
  await page.getByRole('button', { name: 'Delete …' }).click();
  await page.getByRole('heading', { name: 'Delete 2 entries?' }).waitFor();
  await alive(page);
  await submit(page, 'Delete');
  for (const name of made) assert.equal(await page.getByText(name, { exact: true }).count(), 0);
  quiet(page);
});

test('a list is taken as a file, and a hostile name is no formula in it', async () => {
  const name = `=1+1,"${fresh('x')}"`;
  await visit(page, '/business/accounts/new');
  await page.getByLabel('Name', { exact: true }).fill(name);
  await submit(page, 'Save');
  const answer = await page.request.get(`${portal}/business/accounts/export.csv?search=${encodeURIComponent('=1+1')}`);
  assert.equal(answer.status(), 200);
  assert.match(answer.headers()['content-type'], /^text\/csv/);
  assert.match(answer.headers()['content-disposition'], /attachment; filename="accounts.csv"/);
  const text = await answer.text();
  assert.ok(text.includes(`"'${name.replaceAll('"', '""')}",customer,`), text);
  for (const path of ['/cdrs', '/operation/mapping-gateways', '/operation/routing-gateways', '/business/rate-tables', '/business/rate-tables/1']) {
    const file = await page.request.get(`${portal}${path}/export.csv`);
    assert.equal(file.status(), 200, path);
    const lines = (await file.text()).split('\r\n');
    const width = lines[0].split(',').length;
    assert.ok(lines.length > 2 && lines[1].split(',').length >= width, `${path}: ${lines[1]}`);
  }
  assert.equal((await page.request.get(`${portal}/cdrs/export.csv?from=yesterday`)).status(), 422);
  const stranger = await open(browser);
  assert.equal((await stranger.request.get(`${portal}/cdrs/export.csv`, { maxRedirects: 0 })).status(), 303);
  await stranger.context().close();
  quiet(page);
});

test('the palette finds by keyboard alone, keeps the focus inside and gives it back', async () => {
  await visit(page, '/');
  await page.getByRole('link', { name: 'Call records' }).focus();
  await page.keyboard.press('Control+k');
  const input = page.getByRole('combobox');
  await input.waitFor();
  assert.equal(await input.evaluate((e) => e === document.activeElement), true);
  await page.getByRole('option', { name: 'Dashboard' }).waitFor();
  await input.fill('demo cust');
  await page.getByRole('option', { name: /Demo customer Accounts/ }).waitFor();
  for (let n = 0; n < 5; n += 1) {
    await page.keyboard.press('Tab');
    const outside = await page.evaluate(() => !document.activeElement.closest('dialog') && document.activeElement !== document.body);
    assert.equal(outside, false, 'the focus stays in the dialog');
  }
  await page.keyboard.press('Escape');
  await input.waitFor({ state: 'hidden' });
  assert.equal(await page.evaluate(() => document.activeElement.getAttribute('href')), '/cdrs', 'the focus is back');

  await page.keyboard.press('Control+k');
  await input.fill('44 207');
  await page.getByRole('option', { name: /Calls to 44207/ }).waitFor();
  await page.keyboard.press('Enter');
  await page.waitForURL(/\/cdrs\?callee=44207/);
  await visit(page, '/search?search=demo');
  await page.getByRole('link', { name: 'Demo vendor' }).first().waitFor();
  const found = await (await page.request.get(`${portal}/load/palette?text=${'a'.repeat(3000)}`)).json();
  assert.deepEqual(found, []);
  quiet(page);
});

test('letters lead to pages, but not while somebody writes', async () => {
  await visit(page, '/');
  await page.keyboard.press('g');
  await page.keyboard.press('a');
  await page.getByRole('heading', { name: 'Accounts' }).waitFor();
  await page.keyboard.press('/');
  assert.equal(await page.evaluate(() => document.activeElement.id), 'search');
  await page.keyboard.type('gc?');
  assert.equal(await page.locator('#search').inputValue(), 'gc?');
  assert.match(page.url(), /accounts$/);
  await page.locator('#search').blur();
  await page.keyboard.press('?');
  await page.getByRole('heading', { name: 'Keyboard shortcuts' }).waitFor();
  await page.keyboard.press('Escape');
  quiet(page);
});

test('a form with unsaved changes asks before it is left', async () => {
  await visit(page, '/business/accounts/new');
  await page.getByLabel('Name', { exact: true }).fill('Half written');
  await page.locator('.menu').getByRole('link', { name: 'Dashboard' }).click();
  await page.getByRole('heading', { name: 'Leave without saving?' }).waitFor();
  await page.getByRole('button', { name: 'Stay' }).click();
  assert.equal(await page.getByLabel('Name', { exact: true }).inputValue(), 'Half written');
  await page.locator('.menu').getByRole('link', { name: 'Dashboard' }).click();
  await page.getByRole('button', { name: 'Leave', exact: true }).click();
  await page.getByRole('heading', { name: 'Dashboard' }).waitFor();
  quiet(page);
});

test('the look is chosen: language, density and zone', async () => {
  const other = await open(browser, { timezoneId: 'Asia/Shanghai' });
  await logIn(other);
  await visit(other, '/cdrs');
  await other.locator('th', { hasText: 'Asia/Shanghai' }).waitFor();
  const at = other.locator('tbody time').first();
  const [shown, utc] = [await at.innerText(), await at.getAttribute('title')];
  assert.equal(Date.parse(`${shown.replace(' ', 'T')}+08:00`), Date.parse(utc.replace(' UTC', 'Z').replace(' ', 'T')));
  const choose = async (text) => {
    await other.locator('.top summary').click();
    await other.getByRole('button', { name: text, exact: true }).click();
    await alive(other);
  };
  await choose('In UTC');
  await other.locator('th', { hasText: '(UTC)' }).waitFor();
  await choose('Compact');
  await other.locator('html[data-density=compact]').waitFor({ state: 'attached' });
  await choose('中文');
  await other.getByRole('heading', { name: '话单' }).waitFor();
  assert.equal(await other.locator('html').getAttribute('lang'), 'zh-Hans');
  // The language is the person's, in every browser that they log in with: what comes after this would speak it too.
  await choose('English');
  await other.locator('html[lang=en]').waitFor({ state: 'attached' });
  quiet(other);
  await other.context().close();
});

test('the first page is light and quick', async () => {
  const cold = await open(browser);
  let bytes = 0;
  const devtools = await cold.context().newCDPSession(cold);
  await devtools.send('Network.enable');
  devtools.on('Network.loadingFinished', (event) => { bytes += event.encodedDataLength; });
  const began = Date.now();
  await visit(cold, '/login');
  const alive = Date.now() - began;
  const wasm = await cold.evaluate(() => performance.getEntriesByType('resource').find((r) => r.name.includes('portal_bg.wasm'))?.decodedBodySize ?? 0);
  console.log(`first page: ${(bytes / 1000).toFixed(0)} kB transferred, WASM ${(wasm / 1e6).toFixed(1)} MB unpacked, alive after ${alive} ms`);
  // The budget is for the optimised build; what is built for development is five times as large.
  if (wasm < 2e6) assert.ok(bytes < 400_000, `${bytes} bytes`);
  await cold.context().close();
});

test('lists are answered, and how long each takes is told', async () => {
  // Printed and not demanded: times are the machine's. The budget with a million calls is measured by scripts/bench-portal.sh.
  for (const path of ['/', '/cdrs', '/business/accounts', '/business/rate-tables/1', '/operation/mapping-gateways', '/operation/routing-gateways', '/system/audit']) {
    const times = [];
    for (let n = 0; n < 21; n += 1) {
      const began = performance.now();
      const answer = await page.request.get(portal + path);
      times.push(performance.now() - began);
      assert.equal(answer.status(), 200, path);
    }
    times.sort((a, b) => a - b);
    console.log(`${path}: p50 ${times[10].toFixed(0)} ms, p95 ${times[19].toFixed(0)} ms`);
  }
});
