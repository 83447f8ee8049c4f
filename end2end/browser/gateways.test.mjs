// Gateways: made, changed by two people at once, refused with reasons, deleted.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { faultOf, flash, fresh, launch, logIn, open, portal, quiet, submit, visit } from './portal.mjs';

let browser, page;
before(async () => {
  browser = await launch();
  page = await open(browser);
  await logIn(page);
});
after(() => browser.close());

const random = (most) => Math.floor(Math.random() * most);
const address = () => `10.${random(256)}.${random(256)}.${random(256)}`;

async function createMapping(page, name, sources) {
  await visit(page, '/operation/mapping-gateways/new');
  await page.getByLabel('Name', { exact: true }).fill(name);
  await page.getByLabel('Account', { exact: true }).selectOption({ index: 1 });
  await page.getByLabel('Sources').fill(sources);
  return submit(page, 'Save');
}

test('a mapping gateway is created, found, changed and deleted', async () => {
  const name = fresh('Trunk');
  const source = address();
  await createMapping(page, name, source);
  assert.equal(new URL(page.url()).pathname, '/operation/mapping-gateways');
  await flash(page).getByText(`Mapping gateway “${name}” was created.`).waitFor();

  await page.getByRole('searchbox').fill(name);
  await page.getByRole('button', { name: 'Search' }).click();
  await page.waitForURL(/search=/);
  const row = page.getByRole('row', { name });
  // The old list stays until the found one is there.
  await page.waitForFunction(() => document.querySelectorAll('tbody tr').length === 1);
  await row.waitFor();
  assert.match(await row.innerText(), new RegExp(source.replaceAll('.', '\\.')));
  await flash(page).waitFor({ state: 'hidden' });

  await row.getByRole('link', { name }).click();
  await page.getByRole('heading', { name }).waitFor();
  await page.getByLabel('Line limit').fill('30');
  await page.getByLabel('Takes calls').uncheck();
  await submit(page, 'Save');
  await flash(page).getByText(`Mapping gateway “${name}” was changed.`).waitFor();
  const changed = await page.getByRole('row', { name }).innerText();
  assert.match(changed, /30/);
  assert.match(changed, /off/);

  await page.getByRole('row', { name }).getByRole('link', { name: 'Delete' }).click();
  await page.getByRole('heading', { name: `Delete mapping gateway “${name}”?` }).waitFor();
  await page.getByText(source).waitFor();
  await submit(page, 'Delete mapping gateway');
  await flash(page).getByText('The mapping gateway was deleted.').waitFor();
  assert.equal(await page.getByRole('link', { name, exact: true }).count(), 0);
  quiet(page);
});

test('the browser tells what is wrong at each field without asking the server', async () => {
  await visit(page, '/operation/routing-gateways/new');
  await page.getByLabel('Name', { exact: true }).fill('x'.repeat(65));
  await page.getByLabel('Address', { exact: true }).fill('no where');
  await page.getByLabel('Priority').fill('5000');
  let posts = 0;
  const count = (r) => { if (r.method() === 'POST') posts += 1; };
  page.on('request', count);
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('4 fields need another value.').waitFor();
  assert.match(await faultOf(page, 'Name'), /at most 64/i);
  assert.match(await faultOf(page, 'Account'), /choose an account/i);
  assert.match(await faultOf(page, 'Address'), /write an address/i);
  assert.match(await faultOf(page, 'Priority'), /0 to 1000/);
  assert.equal(posts, 0);
  assert.equal(await page.evaluate(() => document.activeElement.id), 'name', 'the first wrong field has the focus');
  page.off('request', count);
  quiet(page);
});

test('what only the store knows comes back at its field with everything typed', async () => {
  const name = fresh('Trunk');
  const source = address();
  await createMapping(page, name, source);
  const other = fresh('Other');
  const answer = await createMapping(page, other, `${source}\n${address()}`);
  assert.equal(answer.status(), 422);
  assert.match(await faultOf(page, 'Sources'), new RegExp(`already`));
  assert.equal(await page.getByLabel('Name', { exact: true }).inputValue(), other);
  assert.match(await page.getByLabel('Sources').inputValue(), new RegExp(source.replaceAll('.', '\\.')));
  await page.getByLabel('Sources').fill(address());
  await submit(page, 'Save');
  await flash(page).getByText(`“${other}” was created`).waitFor();
  quiet(page, ['422']);
});

test('of two people who edit the same gateway the second is told, and may decide', async () => {
  const name = fresh('Shared');
  await createMapping(page, name, address());
  await page.getByRole('link', { name, exact: true }).click();
  await page.getByRole('heading', { name }).waitFor();
  const edit = page.url();

  const other = await open(browser);
  await logIn(other);
  await other.goto(edit);
  await other.getByLabel('Line limit').fill('11');
  await submit(other, 'Save');
  await flash(other).waitFor();

  await page.getByLabel('Line limit').fill('22');
  const answer = await submit(page, 'Save');
  assert.equal(answer.status(), 409);
  await page.getByText('was changed by somebody else').waitFor();
  assert.equal(await page.getByLabel('Line limit').inputValue(), '22');
  await submit(page, 'Save');
  await flash(page).waitFor();
  await visit(page, new URL(edit).pathname);
  assert.equal(await page.getByLabel('Line limit').inputValue(), '22');
  quiet(page, ['409']);
  await other.context().close();
});

test('a routing gateway keeps its prefixes and its port', async () => {
  const name = fresh('Vendor');
  await visit(page, '/operation/routing-gateways/new');
  await page.getByLabel('Name', { exact: true }).fill(name);
  await page.getByLabel('Account', { exact: true }).selectOption({ index: 1 });
  await page.getByLabel('Address', { exact: true }).fill('192.0.2.200:5070');
  await page.getByLabel('Prefixes').fill('999, 998\n997');
  await page.getByLabel('In use').uncheck();
  await submit(page, 'Save');
  const row = await page.getByRole('row', { name }).innerText();
  assert.match(row, /192\.0\.2\.200:5070/);
  assert.match(row, /997, 998, 999/);
  await page.getByRole('link', { name, exact: true }).click();
  await page.getByRole('link', { name: 'Delete …' }).click();
  await submit(page, 'Delete routing gateway');
  await flash(page).waitFor();
  quiet(page);
});

test('hostile values are shown as text and do nothing', async () => {
  const hostile = '<img src=x onerror=document.title="owned">';
  const name = `${hostile} ${random(1e6)}`;
  await createMapping(page, name, address());
  await page.getByRole('link', { name, exact: true }).waitFor();
  assert.equal(await page.locator('img').count(), 0);
  await page.getByRole('link', { name, exact: true }).click();
  await page.getByRole('heading', { name }).waitFor();
  assert.equal(await page.getByLabel('Name', { exact: true }).inputValue(), name);
  assert.doesNotMatch(await page.title(), /^owned/);
  await page.getByRole('link', { name: 'Delete …' }).click();
  await submit(page, 'Delete mapping gateway');

  for (const name of ['a\u202eb', 'a\u0000b', '"><script>', `' or 1=1 --`, '\u200b']) {
    const answer = await page.request.post(`${portal}/operation/mapping-gateways/new`, {
      form: { name, account: '1', sources: "'; drop table x", max_calls: '-1' },
      maxRedirects: 0,
    });
    assert.equal(answer.status(), 422, JSON.stringify(name));
    assert.doesNotMatch(await answer.text(), /<script>(?!\s*[_(])/, 'nothing typed becomes a script');
  }
  for (const search of ['%25', '%27', '%00', '%F0%9F%98%80', 'x'.repeat(5000), '%3Cscript%3E']) {
    const answer = await page.request.get(`${portal}/operation/mapping-gateways?search=${search}`);
    assert.ok(answer.status() === 200 || answer.status() === 503, `${search}: ${answer.status()}`);
    assert.doesNotMatch(await answer.text(), /panicked|sqlx/i);
  }
  const large = await page.request.post(`${portal}/operation/mapping-gateways/new`, { form: { name: 'x'.repeat(300_000) } });
  assert.equal(large.status(), 413);
  quiet(page);
});

test('an address that leads nowhere says so with the right status', async () => {
  for (const path of ['/operation/mapping-gateways/999999', '/operation/mapping-gateways/x', '/no/such/page', '/cdrs/1']) {
    const response = await visit(page, path);
    assert.equal(response.status(), 404, path);
    await page.getByText('There is nothing here').waitFor();
  }
  quiet(page, ['404']);
});
