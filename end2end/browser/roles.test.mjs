// A day of each role: what they find on their first page, what they come to do, and how it looks.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import {
  artefacts, enter, flash, fresh, hire, launch, logIn, menuOf, open, portal, quiet, second, settle, submit, visit,
} from './portal.mjs';

let browser, admin;
before(async () => {
  browser = await launch();
  admin = await open(browser);
  await logIn(admin);
});
after(() => browser.close());

const named = (word) => fresh(word).replace(' ', '-');

/** The page on a wide screen in light and dark, and on a phone. */
async function photograph(page, name) {
  for (const [look, colour, width] of [['light', 'light', 1280], ['dark', 'dark', 1280], ['390', 'light', 390]]) {
    await page.emulateMedia({ colorScheme: colour });
    await page.setViewportSize({ width, height: 860 });
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    assert.ok(wide <= 0, `${name} scrolls sideways by ${wide} px on ${width}`);
    await page.screenshot({ path: `${artefacts}role-${name}-${look}.png`, fullPage: true });
  }
  await page.emulateMedia({ colorScheme: 'light' });
  await page.setViewportSize({ width: 1280, height: 860 });
}

/** Somebody new of a role, logged in. */
async function somebody(role, home, options = {}) {
  const name = named(role.toLowerCase());
  await hire(admin, name, role, home);
  const page = await open(browser, options);
  await settle(page, name);
  return { page, name };
}

const tile = (page, label) => page.locator('.tile', { has: page.locator('.label', { hasText: new RegExp(`^${label}$`) }) }).locator('.value');

/** The demo's customer: it has placed the calls. */
async function demoCustomer() {
  await visit(admin, '/business/accounts');
  return admin.locator('tbody tr').filter({ hasText: 'customer' }).filter({ hasText: 'Demo' }).first().locator('a').first().innerText();
}

test('an administrator sees the switch, the day with its margin, and where the calls go', async () => {
  await visit(admin, '/');
  for (const label of ['Calls now', 'Calls per second', 'Margin', 'Revenue', 'Cost', 'ASR', 'ACD', 'PDD', 'Talked']) {
    await tile(admin, label).first().waitFor();
  }
  assert.notEqual((await tile(admin, 'Calls').innerText()).trim(), '0', 'the harness has placed calls');
  await admin.getByRole('heading', { name: 'Busiest gateways' }).waitFor();
  await admin.getByRole('heading', { name: 'Busiest destinations' }).waitFor();
  await photograph(admin, 'administrator');
  quiet(admin);
});

test('an operator runs gateways and calls, and sees no money being made', async () => {
  const { page } = await somebody('Operator');
  await visit(page, '/');
  assert.equal(await tile(page, 'Margin').count(), 0);
  assert.equal(await tile(page, 'Cost').count(), 0);
  const name = fresh('Night trunk');
  await visit(page, '/operation/mapping-gateways/new');
  await page.getByLabel('Name', { exact: true }).fill(name);
  await page.getByLabel('Account', { exact: true }).selectOption({ index: 1 });
  const byte = () => Math.floor(Math.random() * 256);
  await page.getByLabel('Sources').fill(`10.${byte()}.${byte()}.${byte()}`);
  await submit(page, 'Save');
  await flash(page).getByText(`“${name}” was created`).waitFor();
  await visit(page, '/operation/calls');
  await page.getByRole('heading', { name: 'Current calls' }).waitFor();
  await photograph(page, 'operator');
  // What an operator changed stands in the log under their name, for those who may read it.
  assert.equal((await visit(page, '/system/audit')).status(), 404);
  quiet(page, ['404']);
  await page.context().close();
});

test('finance books a payment and prices a destination, and cannot touch gateways', async () => {
  const { page } = await somebody('Finance');
  await visit(page, '/business/accounts');
  await page.getByRole('row', { name: 'Demo customer' }).getByRole('link', { name: 'Payment' }).click();
  await page.getByLabel('Amount').fill('3.21');
  await page.getByLabel('Note').fill('Paid at the counter');
  await submit(page, 'Add payment in USD');
  await flash(page).getByText('A payment of 3.21 was added.').waitFor();
  const table = fresh('Season');
  await visit(page, '/business/rate-tables/new');
  await page.getByLabel('Name', { exact: true }).fill(table);
  await submit(page, 'Save');
  await page.getByRole('link', { name: 'New rate' }).click();
  await page.getByLabel('Prefix').fill('49');
  await page.getByLabel('Rate a minute').fill('0.04');
  await submit(page, 'Save');
  await flash(page).getByText('The rate for “49” was added.').waitFor();
  assert.equal((await visit(page, '/operation/mapping-gateways/new')).status(), 404);
  await visit(page, '/');
  await tile(page, 'Margin').first().waitFor();
  await photograph(page, 'finance');
  quiet(page, ['404']);
  await page.context().close();
});

test('a customer finds money, calls, trunks, payments and prices on the first page', async () => {
  const customer = await demoCustomer();
  const { page } = await somebody('Customer', `Account: ${customer}`);
  await visit(page, '/');
  for (const label of ['Available', 'Balance', 'Held', 'Credit limit', 'Charged', 'Talked', 'ASR', 'ACD']) {
    await tile(page, label).first().waitFor();
  }
  assert.match(await tile(page, 'Balance').innerText(), /^−?[\d,.]+ USD$/);
  assert.notEqual((await tile(page, 'Calls').innerText()).trim(), '0');
  for (const absent of ['Margin', 'Cost', 'Calls per second', 'Malformed']) assert.equal(await tile(page, absent).count(), 0, absent);
  for (const heading of ['Your last calls', 'Your trunks', 'Last payments', 'What calls cost', 'Failed lately']) {
    await page.getByRole('heading', { name: heading }).waitFor();
  }
  // A price by the beginning of a number.
  const box = page.locator('.card').filter({ hasText: 'What calls cost' });
  await box.getByRole('searchbox').first().fill('44');
  await box.getByRole('button', { name: 'Search' }).first().click();
  await page.waitForURL(/rate-tables\/\d+\?search=44/);
  await visit(page, '/');
  await page.locator('table', { has: page.getByRole('columnheader', { name: 'Fee' }) }).getByRole('link').first().click();
  await page.waitForURL(/\/cdrs\//);
  await page.getByText('From the caller', { exact: true }).waitFor();
  assert.doesNotMatch(await page.locator('main').innerText(), /vendor|profit/i);
  await visit(page, '/');
  await photograph(page, 'customer');
  quiet(page);
  await page.context().close();
});

test('a reseller finds their own customers with balances and traffic, and nobody else', async () => {
  const [own, brought, agent] = [fresh('Own'), fresh('Brought'), fresh('Agency')];
  const account = async (name, by) => {
    await visit(admin, '/business/accounts/new');
    await admin.getByLabel('Name', { exact: true }).fill(name);
    if (by) await admin.getByLabel('Agent', { exact: true }).selectOption({ label: by });
    await submit(admin, 'Save');
    await flash(admin).waitFor();
  };
  await account(own);
  await visit(admin, '/business/agents/new');
  await admin.getByLabel('Name', { exact: true }).fill(agent);
  await admin.getByLabel('Own account', { exact: true }).selectOption({ label: own });
  await submit(admin, 'Save');
  await flash(admin).waitFor();
  await account(brought, agent);

  const { page } = await somebody('Reseller', `Agent: ${agent}`);
  await visit(page, '/');
  await page.getByRole('heading', { name: 'Your customers' }).waitFor();
  const customers = page.getByRole('region', { name: 'Your customers' });
  await customers.getByRole('row', { name: brought }).getByText('0.00 USD').first().waitFor();
  assert.equal(await customers.locator('tbody tr').count(), 1);
  await page.getByRole('link', { name: own, exact: true }).waitFor();
  assert.doesNotMatch(await page.locator('main').innerText(), /Demo/);
  const menu = await menuOf(page);
  assert.ok(menu.includes('Accounts') && !menu.includes('Routing gateways') && !menu.includes('People'), menu.join());
  await photograph(page, 'reseller');
  await customers.getByRole('link', { name: brought }).click();
  await page.getByRole('heading', { name: brought }).waitFor();
  assert.equal(await page.getByRole('button', { name: 'Save' }).count(), 0);
  // Others are not there, by their keys either.
  assert.equal((await visit(page, '/business/accounts/1')).status(), 404);
  quiet(page, ['404']);
  await page.context().close();
});

test('a customer and a reseller come through without JavaScript', async () => {
  const customer = await demoCustomer();
  const name = named('plain');
  await hire(admin, name, 'Customer', `Account: ${customer}`);
  const page = await open(browser, { javaScriptEnabled: false });
  await settle(page, name);
  await visit(page, '/');
  await tile(page, 'Available').first().waitFor();
  await page.getByRole('heading', { name: 'Your last calls' }).waitFor();
  await visit(page, '/cdrs');
  await page.getByLabel('Answered').selectOption('yes');
  await page.getByRole('button', { name: 'Show' }).click();
  assert.match(page.url(), /answered=yes/);
  await page.locator('tbody tr').first().waitFor();
  const file = await page.request.get(`${portal}/cdrs/export.csv`);
  assert.equal(file.status(), 200);
  assert.equal((await file.text()).split('\r\n')[1].split(',').at(-5), '', 'a file tells no cost either');
  await page.getByRole('button', { name: 'Log out' }).click();
  await enter(page, name, second);
  assert.equal(new URL(page.url()).pathname, '/');
  await page.context().close();
});

test('views of a list are kept, found again, and each person has their own', async () => {
  const { page } = await somebody('Operator');
  const word = fresh('Unanswered');
  await visit(page, '/cdrs?answered=no');
  await page.getByText('Views', { exact: true }).click();
  await page.getByLabel('Name of this view').fill(word);
  await submit(page, 'Keep view');
  await flash(page).getByText(`The view “${word}” was kept.`).waitFor();
  assert.match(page.url(), /\/cdrs\?answered=no$/);
  await visit(page, '/cdrs');
  await page.getByText('Views', { exact: true }).click();
  await page.screenshot({ path: `${artefacts}views-light.png` });
  await page.getByRole('link', { name: word }).click();
  await page.waitForURL(/answered=no/);

  await visit(admin, '/cdrs');
  await admin.getByText('Views', { exact: true }).click();
  assert.equal(await admin.getByRole('link', { name: word }).count(), 0);
  await admin.getByText('Views', { exact: true }).click();

  // Without a name it is told, with JavaScript or without.
  const plain = await open(browser, { javaScriptEnabled: false });
  await logIn(plain);
  await visit(plain, '/business/accounts?sort=name');
  await plain.getByText('Views', { exact: true }).click();
  await submit(plain, 'Keep view');
  assert.match(await flash(plain).innerText(), /name/i);
  await plain.context().close();

  await visit(page, '/cdrs');
  await page.getByText('Views', { exact: true }).click();
  await submit(page, `Forget “${word}”`);
  await flash(page).getByText('The view was forgotten.').waitFor();
  quiet(page);
  await page.context().close();
});
