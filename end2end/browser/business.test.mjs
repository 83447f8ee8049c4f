// Accounts, payments and rates.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { alive, faultOf, flash, fresh, launch, logIn, open, quiet, submit, visit } from './portal.mjs';

let browser, page;
before(async () => {
  browser = await launch();
  page = await open(browser);
  await logIn(page);
});
after(() => browser.close());

async function createAccount(name) {
  await visit(page, '/business/accounts/new');
  await page.getByLabel('Name', { exact: true }).fill(name);
  await page.getByLabel('Credit limit').fill('25');
  await submit(page, 'Save');
  await flash(page).getByText(`Account “${name}” was created.`).waitFor();
}

test('a payment raises the balance once, however often its form is sent', async () => {
  const name = fresh('Customer');
  await createAccount(name);
  await page.getByRole('row', { name }).getByRole('link', { name: 'Payment' }).click();
  await page.getByRole('heading', { name: `Payment of ${name}` }).waitFor();
  await page.getByLabel('Amount').fill('12.345');
  await page.getByLabel('Note').fill('Wire <b>7</b>');
  const once = await page.locator('input[name=once]').inputValue();
  assert.match(once, /^[0-9a-f]{32}$/);
  const url = page.url();
  await submit(page, 'Add payment in USD');
  await flash(page).getByText('A payment of 12.345 was added.').waitFor();
  await page.getByText('balance 12.345 USD').waitFor();
  await page.getByRole('cell', { name: 'Wire <b>7</b>' }).waitFor();

  await page.request.post(url, { form: { amount: '12.345', note: 'again', once } });
  await page.reload();
  await page.getByText('balance 12.345 USD').waitFor();
  quiet(page);
});

test('a payment of nothing is refused, and taking money back wants a reason', async () => {
  const name = fresh('Customer');
  await createAccount(name);
  await page.getByRole('row', { name }).getByRole('link', { name: 'Payment' }).click();
  await page.getByLabel('Amount').fill('0');
  await page.getByRole('button', { name: 'Add payment' }).click();
  assert.match(await faultOf(page, 'Amount'), /nothing/i);
  await page.getByLabel('Amount').fill('-5');
  await page.getByRole('button', { name: 'Add payment' }).click();
  assert.match(await faultOf(page, 'Note'), /why/i);
  await page.getByLabel('Note').fill('booked twice');
  await submit(page, 'Add payment in USD');
  await page.getByText('balance −5.00 USD').waitFor();
  quiet(page);
});

test('an account with money behind it cannot be deleted, one without can', async () => {
  const name = fresh('Customer');
  await createAccount(name);
  await page.getByRole('link', { name, exact: true }).click();
  await page.getByRole('heading', { name }).waitFor();
  const account = new URL(page.url()).pathname;
  await page.request.post(page.url() + '/pay', { form: { amount: '1', note: '', once: '' } });
  await visit(page, `${account}/delete`);
  const answer = await submit(page, 'Delete account');
  assert.equal(answer.status(), 422);
  await page.locator('.notice.trouble').waitFor();

  const other = fresh('Customer');
  await createAccount(other);
  await page.getByRole('link', { name: other, exact: true }).click();
  await page.getByRole('link', { name: 'Delete …' }).click();
  await submit(page, 'Delete account');
  await flash(page).getByText('The account was deleted.').waitFor();
  quiet(page, ['422']);
});

test('a rate table with its rates is made, searched, paged, changed and deleted', async () => {
  const name = fresh('Rates');
  await visit(page, '/business/rate-tables/new');
  await page.getByLabel('Name', { exact: true }).fill(name);
  await page.getByLabel('Billing unit').fill('60');
  await submit(page, 'Save');
  await flash(page).getByText('Add its rates.').waitFor();
  const table = page.url();
  await page.getByText('This table has no rate yet').waitFor();

  await page.getByRole('link', { name: 'New rate' }).click();
  await page.getByLabel('Prefix').fill('+44');
  await page.getByLabel('Rate a minute').fill('0,03');
  await page.getByRole('button', { name: 'Save' }).click();
  assert.match(await faultOf(page, 'Prefix'), /no \+/i);
  assert.match(await faultOf(page, 'Rate a minute'), /write an amount/i);
  await page.getByLabel('Prefix').fill('44');
  await page.getByLabel('Destination').fill('United Kingdom');
  await page.getByLabel('Rate a minute').fill('0.0235');
  await page.getByLabel('Connect fee').fill('0.01');
  await submit(page, 'Save');
  await flash(page).getByText('The rate for “44” was added.').waitFor();

  for (let n = 0; n < 104; n += 1) {
    await page.request.post(`${table}/rates/new`, { form: { prefix: `9${String(n).padStart(3, '0')}`, rate: '0.5' } });
  }
  await page.goto(table);
  assert.equal(await page.locator('tbody tr').count(), 100);
  await page.getByRole('link', { name: 'Next' }).click();
  await page.getByRole('cell', { name: '9103', exact: true }).waitFor();
  assert.equal(await page.locator('tbody tr').count(), 5);
  await page.getByRole('link', { name: 'First' }).click();
  await page.getByRole('cell', { name: 'United Kingdom' }).waitFor();

  await page.getByRole('searchbox').fill('910');
  await page.getByRole('button', { name: 'Search' }).click();
  await page.waitForURL(/search=910/);
  await page.getByRole('cell', { name: '9101', exact: true }).waitFor();
  assert.equal(await page.locator('tbody tr').count(), 4);

  await page.getByRole('link', { name: '9101', exact: true }).click();
  await page.getByLabel('Rate a minute').fill('0.123456789');
  await submit(page, 'Save');
  await flash(page).getByText('The rate for “9101” was changed.').waitFor();
  await page.goto(`${table}?search=9101`);
  await alive(page);
  await page.getByRole('cell', { name: '0.123456789' }).waitFor();

  await page.getByRole('row', { name: '9101' }).getByRole('link', { name: 'Delete' }).click();
  await submit(page, 'Delete rate');
  await flash(page).getByText('The rate was deleted.').waitFor();

  const twice = await page.request.post(`${table}/rates/new`, { form: { prefix: '44', rate: '1' } });
  assert.equal(twice.status(), 422);
  assert.match(await twice.text(), /this prefix has a rate already/);

  await page.goto(`${table}/delete`);
  await submit(page, 'Delete rate table');
  await flash(page).getByText('The rate table was deleted.').waitFor();
  assert.equal(await page.getByRole('link', { name, exact: true }).count(), 0);
  quiet(page);
});
