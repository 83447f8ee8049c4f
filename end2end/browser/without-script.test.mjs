// Everything again with JavaScript switched off.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { faultOf, flash, fresh, launch, logIn, open, submit, visit } from './portal.mjs';

let browser, page;
before(async () => {
  browser = await launch();
  page = await open(browser, { javaScriptEnabled: false });
  await logIn(page);
});
after(() => browser.close());

test('no script runs at all', async () => {
  await visit(page, '/');
  assert.equal(await page.locator('html[data-hydrated]').count(), 0);
  await page.getByRole('heading', { name: 'Dashboard' }).waitFor();
  await page.getByText('Calls per second').waitFor();
});

test('a gateway is created with its errors shown first, changed and deleted', async () => {
  const name = fresh('Plain');
  await visit(page, '/operation/mapping-gateways/new');
  await page.getByLabel('Name', { exact: true }).fill(name);
  await page.getByLabel('Sources').fill('nowhere, 300.1.1.1');
  await page.getByLabel('Line limit').fill('none');
  const answer = await submit(page, 'Save');
  assert.equal(answer.status(), 422);
  assert.match(await faultOf(page, 'Account'), /choose an account/i);
  assert.match(await faultOf(page, 'Sources'), /write an address/i);
  assert.match(await faultOf(page, 'Line limit'), /whole number/i);
  assert.equal(await page.getByLabel('Name', { exact: true }).inputValue(), name);
  assert.equal(await page.getByLabel('Sources').inputValue(), 'nowhere, 300.1.1.1');

  await page.getByLabel('Account', { exact: true }).selectOption({ index: 1 });
  await page.getByLabel('Sources').fill(`10.9.${Math.floor(Math.random() * 256)}.${Math.floor(Math.random() * 256)}`);
  await page.getByLabel('Line limit').fill('5');
  await submit(page, 'Save');
  await flash(page).getByText(`“${name}” was created`).waitFor();
  await page.reload();
  assert.equal(await flash(page).count(), 0, 'the sentence is told once');

  await page.getByLabel('Search by name').fill(name);
  await page.getByRole('button', { name: 'Search' }).click();
  assert.equal(await page.locator('tbody tr').count(), 1);
  await page.getByRole('link', { name, exact: true }).click();
  assert.equal(await page.getByLabel('Takes calls').isChecked(), true);
  const before = await page.locator('input[name=row_version]').inputValue();
  await page.getByLabel('Line limit').fill('6');
  const edit = page.url();
  await submit(page, 'Save');

  // The form that was open before that change.
  const stale = await page.request.post(edit, { form: { row_version: before, name, account: '1', sources: '10.1.1.1' } });
  assert.ok([409, 422].includes(stale.status()), String(stale.status()));

  await page.goto(`${edit}/delete`);
  await submit(page, 'Delete mapping gateway');
  await flash(page).getByText('was deleted').waitFor();
});

test('a stale form is told and shown again', async () => {
  const name = fresh('Plain account');
  await visit(page, '/business/accounts/new');
  await page.getByLabel('Name', { exact: true }).fill(name);
  await submit(page, 'Save');
  await page.getByRole('link', { name, exact: true }).click();
  const edit = page.url();
  const other = await page.context().newPage();
  other.hasScript = false;
  await other.goto(edit);
  await other.getByLabel('Credit limit').fill('10');
  await submit(other, 'Save');
  await page.getByLabel('Credit limit').fill('20');
  const answer = await submit(page, 'Save');
  assert.equal(answer.status(), 409);
  await page.getByText('was changed by somebody else').waitFor();
  assert.equal(await page.getByLabel('Credit limit').inputValue(), '20');
  await submit(page, 'Save');
  await flash(page).waitFor();
});

test('filters, paging links, current calls and the theme work', async () => {
  await visit(page, '/cdrs');
  await page.getByLabel('Answered').selectOption('no');
  await page.getByRole('button', { name: 'Show' }).click();
  assert.match(page.url(), /answered=no/);
  assert.equal(await page.getByLabel('Answered').inputValue(), 'no');

  await visit(page, '/operation/calls');
  await page.getByText('As loaded').waitFor();
  await page.getByRole('link', { name: 'Refresh' }).click();
  await page.getByRole('heading', { name: 'Current calls' }).waitFor();
  const gone = await page.request.post(page.url(), { form: { id: '01936b1c-7f3a-7000-8000-000000000001' } });
  assert.match(await gone.text(), /The call had ended already\./);
  const wrong = await page.request.post(page.url(), { form: { id: 'x' } });
  assert.equal(wrong.status(), 422);

  await page.getByRole('button', { name: 'Change between light and dark' }).click();
  await page.locator('html[data-theme=dark]').waitFor({ state: 'attached' });
  assert.match(page.url(), /\/operation\/calls$/);
});

test('logging out ends it', async () => {
  await page.getByRole('button', { name: 'Log out' }).click();
  await page.getByRole('heading', { name: 'Log in' }).waitFor();
  await page.goto(page.url().replace('/login', '/cdrs'));
  assert.match(page.url(), /\/login\?next=/);
});
