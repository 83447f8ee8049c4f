// Hostile values in every form that stands in the table of doors: told at the field, shown again as text, executed nowhere.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { addresses, forms } from './doors.mjs';
import { launch, logIn, open, portal } from './portal.mjs';

let browser, page, all;
before(async () => {
  browser = await launch();
  page = await open(browser);
  await logIn(page);
  all = await addresses(page.request, portal);
  // What would be executed is executed while the page is read: the application itself only takes time.
  await page.route('**/*.wasm', (route) => route.abort());
  page.hasScript = false;
});
after(() => browser.close());

const HOSTILE = '"><img src=x onerror="window.hurt=1"><script>window.hurt=1</script>\'; drop table portal.users; --\u202e';

/** Types the value into every field of the page's own form and sends it, past all checks of the browser. */
const send = ({ value, most }) => {
  const form = document.querySelector('main form[method=post]:not(.view-form):has(input:not([type=hidden], [type=checkbox], [type=radio]), textarea)');
  if (!form) return null;
  const typed = [...form.querySelectorAll('input:not([type=hidden], [type=checkbox], [type=radio]), textarea')];
  const size = Math.min(most, Math.floor(150_000 / typed.length));
  for (const field of typed) {
    field.removeAttribute('maxlength');
    field.value = value + 'x'.repeat(Math.max(0, size - value.length));
  }
  form.noValidate = true;
  // Later, so that the answer to this call comes before the next page.
  setTimeout(() => HTMLFormElement.prototype.submit.call(form), 100);
  // A password may be anything.
  return typed.filter((field) => field.type !== 'password').map((field) => field.name);
};

test('hostile values in every form are told at their fields and executed nowhere', async (t) => {
  page.on('dialog', () => assert.fail('something was executed'));
  const faults = [];
  let tried = 0;
  // Log-ins that fail are counted by address: that is tried elsewhere.
  for (const door of all.filter(({ path }) => forms.some((form) => form.path === path) && !path.startsWith('/login') && path !== '/again')) {
    assert.ok(door.address, `${door.path}: there is no such thing to open`);
    await page.goto(portal + door.address);
    // Until the next document is there: an answer alone has not yet replaced the page that it was asked from.
    const answer = page.waitForNavigation({ waitUntil: 'load', timeout: 20_000 });
    answer.catch(() => {});
    const typed = await page.evaluate(send, { value: HOSTILE, most: 5000 });
    if (!typed) continue;
    const response = await answer;
    if (response.status() !== 422) faults.push(`${door.address} is answered with ${response.status()}`);
    if (await page.evaluate(() => window.hurt)) faults.push(`${door.address} executes what was typed`);
    if (await page.locator('img[src="x"]').count()) faults.push(`${door.address} takes what was typed for markup`);
    const silent = await page.evaluate(
      (names) => names.filter((name) => !document.querySelector(`[name="${CSS.escape(name)}"][aria-invalid=true]`)), typed);
    if (silent.length) faults.push(`${door.address} tells nothing at ${silent.join(', ')}`);
    tried += 1;
  }
  assert.deepEqual(faults, []);
  t.diagnostic(`${tried} forms tried`);
  assert.ok(tried > 12, `${tried} forms`);
  const blocked = page.complaints.filter((complaint) => /content security policy/i.test(complaint));
  assert.deepEqual(blocked, [], 'nothing had to be blocked either');
});
