// Every page in light, dark and on a phone: drawn, free of accessibility faults, without a complaint on the console.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { after, before, test } from 'node:test';
import { addresses } from './doors.mjs';
import { artefacts, launch, logIn, open, portal, quiet, visit } from './portal.mjs';

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
// Those above are looked at with what makes them worth a picture; all others that have a door, as they are.
const SEEN = new Set(['/', '/operation/mapping-gateways/new', '/operation/calls', '/cdrs', '/search', '/styleguide']);
for (const [, path] of PAGES) if (typeof path === 'string') SEEN.add(path);
const LATER = ['/login/code', '/me/second-factor/remove', '/me/second-factor/codes'];
const LOOKS = [
  ['light', { colorScheme: 'light' }],
  ['dark', { colorScheme: 'dark' }],
  ['390', { colorScheme: 'light', viewport: { width: 390, height: 844 } }],
  ['chinese', { colorScheme: 'light', locale: 'zh-CN' }],
];

let browser;
before(async () => { browser = await launch(); });
after(() => browser.close());

async function faults(page) {
  // Our policy lets no foreign script into the page: it is run from outside.
  await page.evaluate(axe);
  const result = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ['violations'] }));
  return result.violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.html.slice(0, 160)).join(' | ')}`);
}

for (const [look, options] of LOOKS) {
  test(`every page in ${look}`, async (t) => {
    const page = await open(browser, options);
    await visit(page, '/login');
    await page.screenshot({ path: `${artefacts}login-${look}.png`, fullPage: true });
    assert.deepEqual(await faults(page), [], 'login');
    await logIn(page);
    for (const [name, path] of PAGES) {
      await t.test(name, async () => {
        await visit(page, typeof path === 'string' ? path : await path(page));
        if (await page.locator('.live').count()) await page.locator('.live.on').waitFor();
        await page.screenshot({ path: `${artefacts}${name}-${look}.png`, fullPage: true });
        const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
        assert.ok(wide <= 0, `the page scrolls sideways by ${wide} px`);
        assert.deepEqual(await faults(page), []);
        quiet(page, name === 'not-found' ? ['404'] : []);
      });
    }
    // Chinese has other words, not other pages.
    if (look !== 'chinese') {
      for (const { path, address } of await addresses(page.request, portal)) {
        if (!address || SEEN.has(address) || LATER.includes(path) || path.startsWith('/login')) continue;
        await t.test(path, async () => {
          await visit(page, address);
          await page.screenshot({ path: `${artefacts}page${path.replaceAll(/[/{}]+/g, '-')}-${look}.png`, fullPage: true });
          const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
          assert.ok(wide <= 0, `the page scrolls sideways by ${wide} px`);
          assert.deepEqual(await faults(page), []);
          quiet(page);
        });
      }
    }
    await page.context().close();
  });
}

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

test('the dashboard and the current calls are alive', async () => {
  const page = await open(browser);
  await logIn(page);
  await page.locator('.live.on').waitFor();
  await page.getByRole('link', { name: 'Current calls' }).click();
  await page.locator('.live.on').waitFor();
  quiet(page);
  await page.context().close();
});
