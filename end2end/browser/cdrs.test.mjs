// Call records: filters that stand in the address, and one call explained. The harness has placed calls before.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { faultOf, launch, logIn, open, quiet, visit } from './portal.mjs';

let browser, page;
before(async () => {
  browser = await launch();
  page = await open(browser);
  await logIn(page);
});
after(() => browser.close());

const rows = () => page.locator('tbody tr');
const total = async () => Number((await page.locator('.totals span').first().innerText()).replace(/\D/g, ''));

test('the list shows today, and a filter narrows it by its address', async () => {
  await visit(page, '/cdrs');
  const all = await total();
  assert.ok(all > 0, 'calls were placed before');

  await page.getByLabel('Answered').selectOption('yes');
  await page.getByRole('button', { name: 'Show' }).click();
  await page.waitForURL(/answered=yes/);
  await page.locator('.totals').getByText('100.0 %').waitFor();
  const answered = await total();
  assert.ok(answered > 0 && answered <= all);
  assert.equal(await page.getByLabel('Answered').inputValue(), 'yes');

  await visit(page, '/cdrs?answered=no');
  const failed = (await page.locator('.totals').count()) ? await total() : 0;
  assert.equal(answered + failed, all);

  await visit(page, '/cdrs?callee=999999999');
  await page.getByText('No call matches').waitFor();
  await visit(page, '/cdrs?to=2001-01-01T00:00&from=2000-01-01T00:00');
  await page.getByText('No call matches').waitFor();
  quiet(page);
});

test('a wrong filter is told at its field', async () => {
  await visit(page, '/cdrs?from=yesterday&caller=44%25');
  assert.match(await faultOf(page, 'From (UTC)'), /write a moment/i);
  assert.match(await faultOf(page, 'Caller begins'), /beginning of a number/i);
  await visit(page, '/cdrs?end_reason=Nothing');
  await page.getByText('no such name').waitFor();
  quiet(page, ['does not conform']);
});

test('an answered call is explained with its price and its media', async () => {
  await visit(page, '/cdrs?answered=yes');
  const number = await rows().first().locator('td').nth(2).innerText();
  await rows().first().getByRole('link').first().click();
  await page.getByRole('heading', { level: 1, name: number }).waitFor();
  const money = await page.locator('.arithmetic').first().innerText();
  assert.match(money, /^[\d.]+ s → \d+ s → \d+ s billed at unit \d+ → .+ = [\d.,]+ [A-Z]{3}$/);
  const timeline = await page.locator('.timeline').innerText();
  for (const event of ['Call arrived from', 'Sent to', 'Answered', 'Ended:']) assert.match(timeline, new RegExp(event));
  await page.getByText('From the caller', { exact: true }).waitFor();
  quiet(page);
});

test('an unanswered call names its end reason and costs nothing', async (t) => {
  await visit(page, '/cdrs?answered=no');
  if (!(await rows().count())) return t.skip('the harness placed no such call');
  await rows().first().getByRole('link').first().click();
  await page.getByText('Not answered: nothing to charge.').first().waitFor();
  quiet(page);
});

test('the list is paged by key', async () => {
  await visit(page, '/cdrs');
  const older = page.getByRole('link', { name: 'Older' });
  if (await older.count()) {
    const first = await rows().first().innerText();
    await older.click();
    await page.waitForURL(/after=/);
    await page.getByRole('link', { name: 'Newest' }).waitFor();
    assert.notEqual(await rows().first().innerText(), first);
    await page.getByRole('link', { name: 'Newest' }).click();
  }
  // The place in the address may be anything.
  await visit(page, '/cdrs?after=1.2.3');
  await page.getByText('this page of the list cannot be found').waitFor();
  quiet(page);
});
