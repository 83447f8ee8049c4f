// People: first log-in, second factor, sessions, tokens, roles, and what each of them is shown. Few log-ins fail here on
// purpose: five from one address lock it, which is tried elsewhere.

import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { after, before, test } from 'node:test';
import {
  alive, artefacts, enter, faultOf, first, flash, fresh, hire, launch, logIn, menuOf, open, portal, quiet, second, settle, submit, visit,
} from './portal.mjs';

let browser;
before(async () => { browser = await launch(); });
after(() => browser.close());

/** The code of an authenticator now (RFC 6238). */
function codeOf(secret, at = Date.now()) {
  const bits = [...secret].map((c) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(c).toString(2).padStart(5, '0')).join('');
  const key = Buffer.from(bits.match(/.{8}/g).map((byte) => parseInt(byte, 2)));
  const step = Buffer.alloc(8);
  step.writeBigUInt64BE(BigInt(Math.floor(at / 30_000)));
  const hash = createHmac('sha1', key).update(step).digest();
  const place = hash[19] & 15;
  return String((hash.readUInt32BE(place) & 0x7fffffff) % 1_000_000).padStart(6, '0');
}

test('a new person replaces the first password, sees what the role gives and nothing else', async () => {
  const admin = await open(browser);
  await logIn(admin);
  const name = fresh('rita').replace(' ', '-');
  await hire(admin, name, 'Operator');

  const page = await open(browser);
  await enter(page, name, first);
  await page.getByText('Somebody else has set your password').waitFor();
  // Nothing else is there before.
  await page.goto(`${portal}/cdrs`);
  assert.equal(new URL(page.url()).pathname, '/me/password');
  await alive(page);
  await page.getByLabel('Present password').fill(first);
  await page.getByLabel('New password', { exact: true }).fill('password123');
  await page.getByLabel('New password again').fill('password123');
  await submit(page, 'Change password');
  assert.match(await faultOf(page, 'New password'), /guess|common|easily/i);
  assert.equal(await page.getByLabel('Present password').inputValue(), '', 'no password is shown again');
  await page.getByLabel('Present password').fill(first);
  await page.getByLabel('New password', { exact: true }).fill(second);
  await page.getByLabel('New password again').fill(second);
  await submit(page, 'Change password');

  const menu = await menuOf(page);
  assert.ok(menu.includes('Routing gateways') && menu.includes('Lock-outs'), menu.join());
  assert.ok(!menu.includes('People') && !menu.includes('Audit') && !menu.includes('Agents'), menu.join());
  const texts = [];
  for (const path of ['/system/people', '/system/nothing']) {
    const answer = await visit(page, path);
    assert.equal(answer.status(), 404, path);
    texts.push(await page.locator('main').innerText());
  }
  assert.equal(texts[0], texts[1], 'what is forbidden looks like what is not there');
  // Accounts may be seen and not changed: nothing to press.
  await visit(page, '/business/accounts');
  assert.equal(await page.getByRole('link', { name: 'New account' }).count(), 0);
  await page.locator('tbody a').first().click();
  await page.waitForURL(/accounts\/\d+$/);
  assert.equal(await page.getByRole('button', { name: 'Save' }).count(), 0);
  quiet(page, ['422', '404']);
  await page.context().close();
  await admin.context().close();
});

test('a second factor is set up by QR code, asked for at log-in, and stood in for by a recovery code once', async () => {
  const admin = await open(browser);
  await logIn(admin);
  const name = fresh('tom').replace(' ', '-');
  await hire(admin, name, 'Finance');
  const page = await open(browser);
  await settle(page, name);

  await visit(page, '/me/second-factor');
  await submit(page, 'Set up');
  await page.locator('.qr svg').waitFor();
  const secret = await page.locator('code.secret').innerText();
  await page.screenshot({ path: `${artefacts}second-factor.png` });
  await page.getByRole('textbox', { name: 'Code' }).fill('000000');
  await submit(page, 'Put it into effect');
  assert.match(await faultOf(page, 'Code'), /wrong/);
  assert.equal(await page.locator('code.secret').innerText(), secret, 'a mistyped code costs no new secret');
  await page.getByRole('textbox', { name: 'Code' }).fill(codeOf(secret));
  await submit(page, 'Put it into effect');
  const codes = await page.locator('.recovery-codes li').allInnerTexts();
  assert.equal(codes.length, 10);
  await visit(page, '/me/second-factor');
  assert.equal(await page.locator('.recovery-codes').count(), 0, 'they are shown once');

  await page.getByRole('button', { name: 'Log out' }).click();
  await page.waitForURL('**/login');
  await enter(page, name, second);
  assert.equal(new URL(page.url()).pathname, '/login/code');
  // The password alone opens nothing.
  await page.goto(`${portal}/cdrs`);
  assert.match(page.url(), /\/login\?next/);
  await enter(page, name, second);
  await page.getByRole('textbox', { name: 'Code' }).fill(codes[0].toUpperCase());
  await submit(page, 'Go on');
  await page.getByRole('button', { name: 'Log out' }).waitFor();
  await page.getByRole('button', { name: 'Log out' }).click();
  await page.waitForURL('**/login');
  await enter(page, name, second);
  await page.getByRole('textbox', { name: 'Code' }).fill(codes[0]);
  await submit(page, 'Go on');
  assert.match(await faultOf(page, 'Code'), /wrong, or has been used/);
  await page.getByRole('textbox', { name: 'Code' }).fill(codes[1]);
  await submit(page, 'Go on');
  await visit(page, '/me');
  await page.getByText('8 recovery codes left').waitFor();
  quiet(page, ['422']);
  await page.context().close();
  await admin.context().close();
});

test('sessions are listed and ended, and a token is shown once', async () => {
  const admin = await open(browser);
  await logIn(admin);
  const name = fresh('sue').replace(' ', '-');
  await hire(admin, name, 'Finance');
  const page = await open(browser);
  await settle(page, name);
  const other = await open(browser);
  await enter(other, name, second);
  await visit(page, '/me');
  await submit(page, 'Log out everywhere else');
  await flash(page).getByText('1 other sessions').waitFor();
  await other.goto(`${portal}/me`);
  assert.match(other.url(), /\/login/);

  await visit(page, '/me/tokens/new');
  await page.getByLabel('Name', { exact: true }).fill('Nightly export');
  // The browser tells it without asking the server.
  await page.getByRole('button', { name: 'Make it', exact: true }).click();
  await page.getByText('choose at least one permission').waitFor();
  assert.equal(await page.getByLabel('People and roles').count(), 0, 'only what one may do oneself is offered');
  await page.getByLabel('Call records', { exact: true }).check();
  await submit(page, 'Make it');
  const key = await page.locator('code.secret').innerText();
  assert.ok(key.length > 20);
  await visit(page, '/me/tokens');
  assert.ok(!(await page.content()).includes(key), 'it is not shown again');
  await submit(page, 'Revoke');
  await page.getByText('You have no token').waitFor();
  quiet(page, ['422']);
  for (const p of [page, other, admin]) await p.context().close();
});

test('a customer sees their own account, calls and rates, and neither vendors nor costs', async () => {
  const admin = await open(browser);
  await logIn(admin);
  await visit(admin, '/business/accounts');
  const customer = await admin.getByRole('link', { name: 'Demo customer', exact: true }).innerText();
  const name = fresh('carl').replace(' ', '-');
  await hire(admin, name, 'Customer', `Account: ${customer}`);
  const page = await open(browser);
  await settle(page, name);
  const menu = await menuOf(page);
  for (const hidden of ['Routing gateways', 'People', 'Roles', 'Agents', 'SIP parameters']) {
    assert.ok(!menu.includes(hidden), `${hidden} in ${menu.join()}`);
  }
  await visit(page, '/business/accounts');
  assert.equal(await page.locator('tbody tr').count(), 1);
  await visit(page, '/cdrs');
  await page.locator('tbody tr').first().waitFor();
  const heads = (await page.locator('thead th').allInnerTexts()).join();
  assert.doesNotMatch(heads, /cost|profit/i);
  await page.screenshot({ path: `${artefacts}customer-calls.png`, fullPage: true });
  for (const path of ['/operation/routing-gateways', '/system/audit', '/business/accounts/new']) {
    assert.equal((await visit(page, path)).status(), 404, path);
  }
  quiet(page, ['404']);
  await page.context().close();
  await admin.context().close();
});

const HOSTILE = [
  '<script>window.hurt=1</script>',
  '"><img src=x onerror=window.hurt=1>',
  "'; drop table portal.users; --",
  'a\u202eb',
  'x'.repeat(5000),
];

test('hostile values do no harm in any form of people', async () => {
  const page = await open(browser);
  await logIn(page);
  page.on('dialog', (dialog) => {
    // The browser's own question about what is not saved.
    if (dialog.type() === 'beforeunload') return dialog.accept();
    assert.fail('something was executed');
  });
  for (const [path, button, ready] of [
    ['/system/people/new', 'Save', async () => {
      await page.getByLabel('Role', { exact: true }).selectOption({ label: 'Operator' });
      await page.getByLabel('New password', { exact: true }).fill(first);
    }],
    ['/system/roles/new', 'Save', async () => {}],
    ['/business/agents/new', 'Save', async () => {}],
    ['/me/tokens/new', 'Make it', async () => {}],
  ]) {
    for (const value of HOSTILE) {
      await visit(page, path);
      await ready();
      await page.getByLabel('Name', { exact: true }).evaluate((field, text) => { field.removeAttribute('maxlength'); field.value = text; }, value);
      await page.getByRole('button', { name: button, exact: true }).click();
      await page.waitForLoadState('load');
      await alive(page);
      assert.equal(await page.evaluate(() => window.hurt), undefined, `${path} executes ${value.slice(0, 30)}`);
      if (value.length > 64 || value.includes('\u202e')) assert.ok(await faultOf(page, 'Name'), path);
    }
    // NUL cannot be typed; it can be sent.
    const answer = await page.request.post(portal + path, { form: { name: 'a\0b', enabled: 'on' }, maxRedirects: 0 });
    assert.equal(answer.status(), 422, path);
  }
  // A form beyond the limit is not read.
  const big = await page.request.post(`${portal}/system/roles/new`, { form: { name: 'x'.repeat(400_000) }, maxRedirects: 0 });
  assert.equal(big.status(), 413);
  // What was taken is shown as it was written.
  await visit(page, '/system/people?search=script');
  assert.equal(await page.evaluate(() => window.hurt), undefined);
  await visit(page, '/system/audit');
  assert.equal(await page.evaluate(() => window.hurt), undefined);
  await page.context().close();
});

test('the pages of people look right in light, dark and on a phone', async () => {
  for (const [look, options] of [
    ['light', { colorScheme: 'light' }],
    ['dark', { colorScheme: 'dark' }],
    ['phone', { viewport: { width: 390, height: 844 } }],
  ]) {
    const page = await open(browser, options);
    await logIn(page);
    for (const path of ['/system/people', '/system/people/new', '/system/roles', '/system/roles/2', '/system/lockouts', '/business/agents', '/me', '/me/tokens/new', '/again']) {
      await visit(page, path);
      const wide = await page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth + 1);
      assert.ok(!wide, `${path} is wider than the screen (${look})`);
      await page.screenshot({ path: `${artefacts}people${path.replaceAll('/', '-')}-${look}.png`, fullPage: true });
    }
    quiet(page);
    await page.context().close();
  }
});
