// The debug trace: the list, a call's ladder and its messages, captures; with and without a script, in both languages.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { after, before, test } from 'node:test';
import { artefacts, faultOf, flash, launch, logIn, open, portal, quiet, submit, visit } from './portal.mjs';

const source = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

let browser, page;
before(async () => {
  browser = await launch();
  page = await open(browser);
  await logIn(page);
});
after(() => browser.close());

async function axe(page) {
  // Halfway from light to dark no colour is one that people see.
  await page.evaluate(() => Promise.all(document.getAnimations().filter((a) => a instanceof CSSTransition).map((a) => a.finished)));
  await page.evaluate(source);
  const { violations } = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ['violations'] }));
  assert.deepEqual(violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.html.slice(0, 160)).join(' | ')}`), []);
}

/** The address of the ladder of the newest answered call, by its record. */
async function ladderOfACall(page) {
  await visit(page, '/cdrs?answered=yes');
  await page.locator('tbody tr').first().getByRole('link').first().click();
  await page.locator('main').getByRole('link', { name: 'Signalling trace' }).click();
  await page.waitForURL(/\/operation\/trace\/ladder\?call=/);
  await page.locator('.ladder .rung').first().waitFor();
  return page.url().slice(portal.length);
}

test('the list shows what was signalled, a filter narrows it and a wrong one is told', async () => {
  await visit(page, '/operation/trace');
  assert.ok((await page.locator('tbody tr').count()) > 1, 'calls were placed before');
  await axe(page);
  await page.screenshot({ path: `${artefacts}trace-list.png` });
  await page.getByLabel('Number begins').fill('4420');
  await page.getByRole('button', { name: 'Show' }).click();
  await page.waitForURL(/number=4420/);
  await page.locator('tbody tr').first().waitFor();
  await visit(page, '/operation/trace?number=99999');
  await page.getByText('Nothing was seen').waitFor();
  await visit(page, '/operation/trace?address=nowhere');
  assert.match(await faultOf(page, 'Address or network'), /address like/);
  await visit(page, '/operation/trace?number=<script>alert(1)</script>');
  assert.match(await faultOf(page, 'Number begins'), /beginning of a number/);
  quiet(page);
});

test("a call's ladder shows both legs, and a rung opens its message", async () => {
  const address = await ladderOfACall(page);
  const labels = await page.locator('.ladder .label-text').allInnerTexts();
  for (const label of ['INVITE', '200 OK', 'ACK', 'BYE']) {
    assert.equal(labels.filter((l) => l === label).length % 2, 0, `${label} on both legs: ${labels}`);
    assert.ok(labels.includes(label), `${label} among ${labels}`);
  }
  assert.equal(await page.locator('.ladder-head .lane').count(), 3);
  await page.locator('.ladder summary').first().click();
  const opened = page.locator('.ladder .opened').first();
  await opened.getByText('Call-ID', { exact: true }).first().waitFor();
  assert.match(await opened.locator('pre.message').first().innerText(), /^INVITE sip:/);
  assert.match(await opened.locator('pre.body').innerText(), /m=audio/);
  await axe(page);
  await page.screenshot({ path: `${artefacts}trace-ladder.png`, fullPage: true });
  await page.emulateMedia({ colorScheme: 'dark' });
  await axe(page);
  await page.screenshot({ path: `${artefacts}trace-ladder-dark.png`, fullPage: true });
  await page.emulateMedia({ colorScheme: null });
  const file = await page.request.get(portal + address.replace('/ladder?', '/ladder.pcapng?'));
  assert.deepEqual([...(await file.body()).subarray(0, 4)], [0x0a, 0x0d, 0x0d, 0x0a]);
  quiet(page);
});

test('it is all there without a script, on a narrow screen, in Chinese', async () => {
  const address = await ladderOfACall(page);
  const state = await page.context().storageState();
  const plain = await open(browser, {
    javaScriptEnabled: false, storageState: state, viewport: { width: 390, height: 844 }, locale: 'zh-CN',
  });
  await visit(plain, address);
  await plain.locator('.ladder summary').first().click();
  await plain.locator('.ladder pre.message').first().waitFor({ state: 'visible' });
  const wide = await plain.evaluate(() => document.documentElement.scrollWidth).catch(() => 390);
  assert.ok(wide <= 390, `the page is ${wide} wide`);
  await plain.screenshot({ path: `${artefacts}trace-ladder-narrow.png`, fullPage: true });
  await plain.context().close();
});

test('what is lost is said to be lost', async () => {
  await visit(page, '/operation/trace/ladder?call=01936b1c-7f3a-7000-8000-000000000001');
  await page.getByText('The trace has none of these messages').waitFor();
  await visit(page, '/operation/trace/ladder?call=nothing');
  await page.locator('.fault').waitFor();
  quiet(page);
});

test('a capture begins, is listed, stops and goes', async () => {
  await visit(page, '/operation/trace/captures/new?number=4420');
  assert.equal(await page.getByLabel('Number begins').inputValue(), '4420');
  await page.getByLabel('For', { exact: true }).fill('0');
  await page.getByRole('button', { name: 'Begin' }).click();
  assert.match(await faultOf(page, 'For'), /1 to 1440/);
  await page.getByLabel('For', { exact: true }).fill('5');
  await axe(page);
  await page.screenshot({ path: `${artefacts}trace-capture-new.png` });
  await submit(page, 'Begin');
  await flash(page).getByText('The capture has begun.').waitFor();
  const row = page.locator('tbody tr', { hasText: '4420…' }).first();
  await row.getByText('running').waitFor();
  await axe(page);
  await page.screenshot({ path: `${artefacts}trace-captures.png` });
  await submit(page, 'Stop');
  await row.getByText('stopped').waitFor();
  await submit(page, 'Remove');
  await page.getByText('No capture', { exact: true }).waitFor();
  await visit(page, '/system/audit?subject=capture');
  assert.ok((await page.locator('tbody tr').count()) >= 3);
  quiet(page);
});
