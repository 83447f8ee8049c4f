// Every page in light, dark and on a phone: drawn, free of accessibility faults, without a complaint on the console.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { after, before, test } from 'node:test';
import { addresses } from './doors.mjs';
import { alive, artefacts, launch, logIn, open, portal, quiet, visit } from './portal.mjs';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

const first = (list) => async (page) => {
  await visit(page, list);
  return page.locator('tbody tr td a').first().getAttribute('href');
};
const PAGES = [
  ['dashboard', '/'],
  ['mapping-gateways', '/operation/mapping-gateways'],
  ['mapping-gateway-new', '/operation/mapping-gateways/new'],
  ['mapping-gateway', first('/operation/mapping-gateways')],
  ['mapping-gateway-delete', async (page) => `${await first('/operation/mapping-gateways')(page)}/delete`],
  ['routing-gateways', '/operation/routing-gateways'],
  ['routing-gateway', first('/operation/routing-gateways')],
  ['calls', '/operation/calls'],
  ['trace', '/operation/trace'],
  ['trace-ladder', first('/operation/trace')],
  ['trace-captures', '/operation/trace/captures'],
  ['trace-capture-new', '/operation/trace/captures/new'],
  ['accounts', '/business/accounts'],
  ['account', first('/business/accounts')],
  ['account-pay', async (page) => `${await first('/business/accounts')(page)}/pay`],
  ['rate-tables', '/business/rate-tables'],
  ['rate-table', first('/business/rate-tables')],
  ['rate-new', async (page) => `${await first('/business/rate-tables')(page)}/rates/new`],
  ['cdrs', '/cdrs'],
  ['cdr', first('/cdrs?answered=yes')],
  ['accounts-sorted', '/business/accounts?sort=-balance'],
  ['gateways-delete', '/operation/mapping-gateways/several?action=delete&id=1'],
  ['search', '/search?search=demo'],
  ['styleguide', '/styleguide'],
  ['not-found', '/no/such/page'],
];
const LATER = ['/login/code', '/me/second-factor/remove', '/me/second-factor/codes'];
// In the dark other colours stand at the same places; on a phone the same colours stand at others.
const LOOKS = [
  ['light', 'light', 1280],
  ['dark', 'dark', 1280, ['color-contrast', 'link-in-text-block']],
  ['390', 'light', 390, ['scrollable-region-focusable', 'button-name', 'link-name', 'label', 'aria-hidden-focus']],
];

let browser;
before(async () => { browser = await launch(); });
after(() => browser.close());

/** What stands in the way of people who do not see or point; `rules` when only some can differ from the look before. */
async function faults(page, rules) {
  // Our policy lets no foreign script into the page: it is run from outside.
  await page.evaluate(axe);
  const options = { resultTypes: ['violations'], ...(rules && { runOnly: { type: 'rule', values: rules } }) };
  const result = await page.evaluate((chosen) => globalThis.axe.run(document, chosen), options);
  return result.violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.html.slice(0, 160)).join(' | ')}`);
}

/** What is wrong with a page in each of its looks; it is loaded once. */
async function looked(page, name, looks = LOOKS) {
  const wrong = [];
  for (const [look, colorScheme, width, rules] of looks) {
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize({ width, height: 860 });
    await page.screenshot({ path: `${artefacts}${name}-${look}.png`, fullPage: true });
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    if (wide > 0) wrong.push(`${look}: the page scrolls sideways by ${wide} px`);
    wrong.push(...(await faults(page, rules)).map((fault) => `${look}: ${fault}`));
  }
  return wrong;
}

test('every page in light, dark and on a phone', async (t) => {
  const page = await open(browser);
  await visit(page, '/login');
  assert.deepEqual(await looked(page, 'login'), [], 'login');
  await logIn(page);
  const show = (title, name, address) =>
    t.test(title, async () => {
      await visit(page, address);
      if (await page.locator('.live').count()) await page.locator('.live.on').waitFor();
      assert.deepEqual(await looked(page, name), []);
      quiet(page, name === 'not-found' ? ['404'] : []);
    });
  const seen = new Set();
  for (const [name, path] of PAGES) {
    const address = typeof path === 'string' ? path : await path(page);
    seen.add(address);
    await show(name, name, address);
  }
  // Those above are looked at with what makes them worth a picture; all others that have a door, as they are.
  for (const { path, address } of await addresses(page.request, portal)) {
    if (!address || seen.has(address) || LATER.includes(path) || path.startsWith('/login')) continue;
    await show(path, `page${path.replaceAll(/[/{}]+/g, '-')}`, address);
  }
  await page.context().close();
});

test('every kind of page in Chinese', async (t) => {
  const page = await open(browser, { locale: 'zh-CN' });
  const chinese = [['chinese', 'light', 1280]];
  await visit(page, '/login');
  assert.deepEqual(await looked(page, 'login', chinese), [], 'login');
  await logIn(page);
  // Chinese has other words, not other pages: those with a picture of their own.
  for (const [name, path] of PAGES) {
    await t.test(name, async () => {
      await visit(page, typeof path === 'string' ? path : await path(page));
      if (await page.locator('.live').count()) await page.locator('.live.on').waitFor();
      assert.deepEqual(await looked(page, name, chinese), []);
      quiet(page, name === 'not-found' ? ['404'] : []);
    });
  }
  await page.context().close();
});

test('the menu of a phone opens and leads on', async () => {
  const page = await open(browser, { viewport: { width: 390, height: 844 } });
  await logIn(page);
  await page.getByText('Menu', { exact: true }).click();
  await page.screenshot({ path: `${artefacts}menu-390.png` });
  await page.locator('.narrow-menu').getByRole('link', { name: 'Accounts' }).click();
  await page.getByRole('heading', { name: 'Accounts' }).waitFor();
  quiet(page);
  await page.context().close();
});

test('a person with a keyboard only comes past the menu to the content', async () => {
  const page = await open(browser);
  await logIn(page);
  await visit(page, '/operation/mapping-gateways');
  await page.keyboard.press('Tab');
  assert.equal(await page.evaluate(() => document.activeElement.textContent), 'Skip to the content');
  await page.keyboard.press('Enter');
  assert.equal(await page.evaluate(() => location.hash), '#content');
  await page.context().close();
});

test('links of the portal lead on without a page load, and the way back works', async () => {
  const page = await open(browser);
  await logIn(page);
  await page.evaluate(() => { globalThis.stayed = true; });
  await page.getByRole('link', { name: 'Rate tables' }).click();
  await page.getByRole('heading', { name: 'Rate tables' }).waitFor();
  await page.getByRole('link', { name: 'Call records' }).click();
  await page.getByRole('heading', { name: 'Call records' }).waitFor();
  assert.equal(await page.title(), 'Call records — Tandem');
  await page.goBack();
  await page.getByRole('heading', { name: 'Rate tables' }).waitFor();
  assert.equal(await page.evaluate(() => globalThis.stayed), true);
  assert.equal(await page.locator('.menu a[aria-current]').first().innerText(), 'Rate tables');
  quiet(page);
  await page.context().close();
});

test('a page whose part has still to come is seen to be on its way', async () => {
  const page = await open(browser);
  await logIn(page);
  let letGo;
  const held = new Promise((resolve) => { letGo = resolve; });
  await page.route('**/split_administration.wasm', (route) => held.then(() => route.continue()));
  const mark = page.locator('html[data-on-the-way]');
  assert.equal(await mark.count(), 0);
  await page.getByRole('link', { name: 'Rate tables' }).click();
  await mark.waitFor({ state: 'attached' });
  await page.getByRole('heading', { name: 'Dashboard' }).waitFor();
  letGo();
  await page.getByRole('heading', { name: 'Rate tables' }).waitFor();
  assert.equal(await mark.count(), 0);
  quiet(page);
  await page.context().close();
});

test('a part of the portal that cannot be had costs nobody a page', async () => {
  const page = await open(browser);
  await logIn(page);
  await page.route('**/split_administration.wasm', (route) => route.abort());
  // On the way to a page of that part: it comes from the server instead.
  await page.getByRole('link', { name: 'Rate tables' }).click();
  await page.getByRole('heading', { name: 'Rate tables' }).waitFor();
  assert.equal(new URL(page.url()).pathname, '/business/rate-tables');
  // It is not taken over, so its links are the browser's own, and lead to pages that are.
  assert.equal(await page.locator('html[data-hydrated]').count(), 0);
  await page.getByRole('link', { name: 'Call records' }).click();
  await page.getByRole('heading', { name: 'Call records' }).waitFor();
  await alive(page);
  assert.deepEqual(page.complaints.filter((complaint) => complaint.startsWith('exception')), []);
  await page.context().close();
});

test('the dashboard and the current calls are alive', async () => {
  const page = await open(browser);
  await logIn(page);
  await page.locator('.live.on').waitFor();
  await page.getByRole('link', { name: 'Current calls' }).click();
  await page.locator('.live.on').waitFor();
  quiet(page);
  await page.context().close();
});
