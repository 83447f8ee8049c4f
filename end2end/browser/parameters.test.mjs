// Parameters: found, changed one and several at once, refused, changed by two people, reset, overridden by a gateway.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { after, before, test } from 'node:test';
import { artefacts, faultOf, flash, launch, logIn, open, portal, quiet, submit, visit } from './portal.mjs';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const SIP = '/system/sip-parameters';
const INVITE = 'SS_SIP_TIMEOUT_INVITE';
const RINGING = 'SS_SIP_TIMEOUT_RINGING';

let browser, page;
before(async () => {
  browser = await launch();
  page = await open(browser);
  await logIn(page);
  for (const name of [INVITE, RINGING]) await back(page, name);
});
after(() => browser.close());

const field = (page, name) => page.getByLabel(name, { exact: true });
const row = (page, name) => page.locator('.parameter', { has: page.locator(`#${name}`) });

/** Resets a parameter where an earlier run has left it changed. */
async function back(page, name) {
  await visit(page, `${SIP}/${name}/reset`);
  if (await page.getByRole('button', { name: 'Reset to default' }).count()) await submit(page, 'Reset to default');
}

async function faults(page) {
  await page.evaluate(axe);
  const result = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ['violations'] }));
  return result.violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.html.slice(0, 160)).join(' | ')}`);
}

test('parameters are found by name, by other names and by what they do, and filtered', async () => {
  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'SIP parameters' }).click();
  await page.getByRole('heading', { name: 'SIP parameters' }).waitFor();
  const all = await page.locator('.parameter').count();
  assert.ok(all > 20, `${all} parameters`);
  await page.getByLabel('Name or description').fill('ringing');
  await page.getByRole('button', { name: 'Show' }).click();
  await page.waitForURL(/search=ringing/);
  await page.waitForFunction((all) => document.querySelectorAll('.parameter').length < all, all);
  await field(page, RINGING).waitFor();
  assert.match(await page.locator('.totals').innerText(), new RegExp(`of ${all} parameters`));
  await page.getByLabel('Show', { exact: true }).selectOption('set');
  await page.getByRole('button', { name: 'Show' }).click();
  await page.getByText('No parameter matches').waitFor();
  await visit(page, '/system/system-parameters?search=SS_MAX_CALL_DURATION');
  await field(page, 'SS_MAXCALLDURATION').waitFor();
  await visit(page, '/system/server-parameters?topic=Billing');
  assert.ok(await page.locator('.parameter').count() > 0);
  quiet(page);
});

test('several parameters are changed at once and the history tells it', async () => {
  await visit(page, SIP);
  await field(page, INVITE).fill('8');
  await field(page, RINGING).fill('60');
  await submit(page, 'Save changes');
  await flash(page).getByText('2 parameters were changed').waitFor();
  assert.equal(await field(page, INVITE).inputValue(), '8');
  assert.match(await row(page, INVITE).innerText(), /changed[\s\S]*Default 10 s[\s\S]*by admin/);
  await row(page, INVITE).getByRole('link', { name: `About ${INVITE}` }).click();
  await page.getByRole('heading', { name: INVITE }).waitFor();
  const newest = page.getByRole('region', { name: 'Changes' }).getByRole('row').nth(1);
  assert.match(await newest.innerText(), /admin\s+10 s \(default\)\s+8 s/);
  await visit(page, '/system/parameter-changes');
  assert.match(await page.locator('tbody').innerText(), new RegExp(`${RINGING}[\\s\\S]*60 s`));
  await visit(page, `${SIP}?only=set`);
  assert.ok(await page.locator('.parameter').count() >= 2);
  quiet(page);
});

test('a value out of range is told at its parameter before it is sent, and by the server as well', async () => {
  await visit(page, SIP);
  await field(page, INVITE).fill('0');
  await field(page, RINGING).fill('61');
  let posts = 0;
  const count = (r) => { if (r.method() === 'POST') posts += 1; };
  page.on('request', count);
  await page.getByRole('button', { name: 'Save changes' }).click();
  await page.getByText('One field needs another value.').waitFor();
  assert.match(await faultOf(page, INVITE), /1 to 120/);
  assert.equal(posts, 0);
  page.off('request', count);

  const form = { [INVITE]: '0', [`read.${INVITE}`]: '0 10', [RINGING]: "'; drop table x", [`read.${RINGING}`]: '0 120' };
  const answer = await page.request.post(portal + SIP, { form, maxRedirects: 0 });
  assert.equal(answer.status(), 422);
  assert.match(await answer.text(), /2 fields need another value/);
  for (const hostile of ['<script>alert(1)</script>', '9'.repeat(400), '\u0000', '１０']) {
    const answer = await page.request.post(portal + SIP, { form: { ...form, [INVITE]: hostile }, maxRedirects: 0 });
    assert.equal(answer.status(), 422, hostile);
    assert.doesNotMatch(await answer.text(), /<script>alert/);
  }
  await visit(page, SIP);
  assert.equal(await field(page, INVITE).inputValue(), '8', 'nothing was saved');
  quiet(page);
});

test('of two people who change the same parameter the second sees both values, and may decide', async () => {
  await visit(page, SIP);
  const other = await open(browser);
  await logIn(other);
  await visit(other, `${SIP}?search=${INVITE}`);
  await field(other, INVITE).fill('11');
  await submit(other, 'Save changes');
  await flash(other).waitFor();

  // What the second person did not touch is no conflict.
  await field(page, RINGING).fill('62');
  await submit(page, 'Save changes');
  await flash(page).getByText(`${RINGING} was changed.`).waitFor();
  assert.equal(await field(page, INVITE).inputValue(), '11');

  await field(other, INVITE).fill('12');
  await submit(other, 'Save changes');
  await field(page, INVITE).fill('13');
  await field(page, RINGING).fill('63');
  const answer = await submit(page, 'Save changes');
  assert.equal(answer.status(), 409);
  assert.match(await faultOf(page, INVITE), /holds 12 s now \(by admin.*yours is 13 s/i);
  assert.equal(await field(page, INVITE).inputValue(), '13');
  assert.equal(await field(page, RINGING).inputValue(), '63', 'what else was typed is kept');
  await page.screenshot({ path: `${artefacts}parameters-conflict.png` });
  assert.deepEqual(await faults(page), []);
  await submit(page, 'Save changes');
  await flash(page).getByText('2 parameters were changed').waitFor();
  assert.equal(await field(page, INVITE).inputValue(), '13');
  quiet(page, ['409']);
  await other.context().close();
});

test('a reset says what it does, and does it', async () => {
  await visit(page, SIP);
  await page.getByRole('link', { name: `Reset ${INVITE}` }).click();
  await page.getByText('It goes back from 13 s to its default 10 s.').waitFor();
  await page.getByText('Calls in progress keep what they began with.').waitFor();
  await submit(page, 'Reset to default');
  await flash(page).getByText(`${INVITE} is back at 10 s (default).`).waitFor();
  assert.equal(await field(page, INVITE).inputValue(), '10');
  quiet(page);
});

test('a gateway has its own value under Signalling, and the parameter tells of it', async () => {
  await visit(page, '/operation/routing-gateways');
  const gateway = await page.locator('tbody tr td a').first().getAttribute('href');
  await visit(page, gateway);
  assert.equal(await field(page, RINGING).isVisible(), false);
  await page.getByRole('radio', { name: /^Signalling/ }).check();
  await field(page, RINGING).waitFor();
  assert.equal(await field(page, RINGING).getAttribute('placeholder'), '63');
  assert.match(await row(page, RINGING).innerText(), /Inherits 63 s, set for the system/);
  assert.match(await row(page, INVITE).innerText(), /Inherits 10 s, the default/);

  // A fault is shown whichever part is chosen.
  await field(page, RINGING).fill('soon');
  await page.getByRole('radio', { name: 'Gateway' }).check();
  await page.getByRole('button', { name: 'Save' }).click();
  assert.match(await faultOf(page, RINGING), /1 to 600/);
  await field(page, RINGING).fill('45');
  await submit(page, 'Save');
  await flash(page).waitFor();

  await visit(page, `${SIP}?only=overridden`);
  assert.match(await row(page, RINGING).innerText(), /1 gateway\s+with a value of its own/);
  await visit(page, `${SIP}/${RINGING}`);
  await page.getByRole('row', { name: /routing gateway/ }).getByText('45 s').waitFor();
  await page.getByRole('row', { name: /routing gateway/ }).getByRole('link').click();
  await field(page, RINGING).waitFor();
  assert.equal(await field(page, RINGING).inputValue(), '45');
  assert.equal(new URL(page.url()).hash, `#${RINGING}`);

  await field(page, RINGING).fill('');
  await submit(page, 'Save');
  await flash(page).waitFor();
  await visit(page, `${SIP}/${RINGING}`);
  await page.getByText('No gateway has a value of its own').waitFor();
  quiet(page);
});

test('the audit log tells who changed what, finds it again, and is chained', async () => {
  await visit(page, `/system/audit?subject=${INVITE.toLowerCase()}&action=reset`);
  const newest = page.getByRole('region', { name: 'Audit' }).getByRole('row').nth(1);
  assert.match(await newest.innerText(), new RegExp(`admin\\s+reset\\s+parameter ${INVITE}`));
  assert.match(await newest.innerText(), /13/);
  await page.getByLabel('Who').fill('nobody at all');
  await page.getByRole('button', { name: 'Show' }).click();
  await page.getByText('No line matches').waitFor();
  await page.getByLabel('From (UTC)').fill('yesterday');
  await page.getByRole('button', { name: 'Show' }).click();
  await page.getByText('write a moment like').waitFor();
  await visit(page, '/system/audit');
  await page.getByRole('link', { name: 'Check the chain' }).click();
  await page.getByText(/All \d+ lines are as they were written/).waitFor();
  quiet(page);
});

test('the listeners are told with their transports, live, and without a script as loaded', async () => {
  await visit(page, '/system/listeners');
  await page.locator('.live.on').waitFor();
  const first = page.getByRole('region', { name: 'Listeners' }).getByRole('row').nth(1);
  assert.match(await first.innerText(), /^UDP\s+\S+:\d+\s+\S+:\d+\s+\d/);
  await page.getByRole('row', { name: /too many messages \d+/ }).waitFor();
  quiet(page);
  const plain = await open(browser, { javaScriptEnabled: false });
  await logIn(plain);
  await visit(plain, '/system/listeners');
  await plain.getByText('As loaded').waitFor();
  await plain.getByRole('cell', { name: 'UDP', exact: true }).first().waitFor();
  await plain.context().close();
});

test('all of it works without a script', async () => {
  const plain = await open(browser, { javaScriptEnabled: false });
  await logIn(plain);
  await visit(plain, '/system/system-parameters');
  const reply = field(plain, 'SS_REPLY_UNAUTHORIZED');
  const before = await reply.isChecked();
  await reply.setChecked(!before);
  await submit(plain, 'Save changes');
  await flash(plain).getByText('SS_REPLY_UNAUTHORIZED was changed.').waitFor();
  assert.equal(await reply.isChecked(), !before);
  await reply.setChecked(before);
  await submit(plain, 'Save changes');

  await visit(plain, SIP);
  await field(plain, INVITE).fill('nine');
  const answer = await submit(plain, 'Save changes');
  assert.equal(answer.status(), 422);
  assert.match(await faultOf(plain, INVITE), /1 to 120/);
  assert.equal(await field(plain, INVITE).inputValue(), 'nine');
  await visit(plain, '/operation/mapping-gateways');
  await visit(plain, await plain.locator('tbody tr td a').first().getAttribute('href'));
  assert.equal(await field(plain, 'SS_MAXCALLDURATION').isVisible(), false);
  await plain.getByRole('radio', { name: /^Signalling/ }).check();
  assert.equal(await field(plain, 'SS_MAXCALLDURATION').isVisible(), true);
  await plain.context().close();
});

test('an unknown parameter is nothing', async () => {
  const response = await visit(page, `${SIP}/SS_OF_TOMORROW`);
  assert.equal(response.status(), 404);
  const answer = await page.request.post(`${portal}${SIP}/SS_OF_TOMORROW/reset`, { form: { row_version: '0' }, maxRedirects: 0 });
  assert.ok([404, 422].includes(answer.status()), `${answer.status()}`);
  quiet(page, ['404']);
});

const LOOKS = [
  ['light', { colorScheme: 'light' }],
  ['dark', { colorScheme: 'dark' }],
  ['390', { colorScheme: 'light', viewport: { width: 390, height: 844 } }],
];
const PAGES = [
  ['sip-parameters', SIP],
  ['system-parameters', '/system/system-parameters'],
  ['server-parameters', '/system/server-parameters'],
  ['parameter', `${SIP}/${RINGING}`],
  ['parameter-reset', `${SIP}/${RINGING}/reset`],
  ['parameter-changes', '/system/parameter-changes'],
  ['listeners', '/system/listeners'],
  ['audit', '/system/audit'],
  ['audit-chain', '/system/audit/chain'],
  ['gateway-signalling', '/operation/routing-gateways'],
];
for (const [look, options] of LOOKS) {
  test(`every page of parameters in ${look}`, async (t) => {
    const page = await open(browser, options);
    await logIn(page);
    for (const [name, path] of PAGES) {
      await t.test(name, async () => {
        await visit(page, path);
        if (name === 'gateway-signalling') {
          await visit(page, await page.locator('tbody tr td a').first().getAttribute('href'));
          await page.getByRole('radio', { name: /^Signalling/ }).check();
        }
        if (await page.locator('.live').count()) await page.locator('.live.on').waitFor();
        await page.screenshot({ path: `${artefacts}${name}-${look}.png`, fullPage: true });
        await page.screenshot({ path: `${artefacts}${name}-${look}-top.png` });
        const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
        assert.ok(wide <= 0, `the page scrolls sideways by ${wide} px`);
        assert.deepEqual(await faults(page), []);
        quiet(page);
      });
    }
    await page.context().close();
  });
}
