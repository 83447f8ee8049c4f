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
  if (!form) return [];
  const typed = [...form.querySelectorAll('input:not([type=hidden], [type=checkbox], [type=radio]), textarea')];
  const size = Math.min(most, Math.floor(150_000 / typed.length));
  for (const field of typed) {
    field.removeAttribute('maxlength');
    field.value = value + 'x'.repeat(Math.max(0, size - value.length));
  }
  form.noValidate = true;
  // Later, so that the answer to this call comes before the next page.
  setTimeout(() => HTMLFormElement.prototype.submit.call(form), 100);
  return typed.filter((field) => field.type !== 'password').map((field) => field.name);
};

test('hostile values in every form are told at their fields and executed nowhere', async (t) => {
  page.on('dialog', () => assert.fail('something was executed'));
  let tried = 0;
  // Log-ins that fail are counted by address: that is tried elsewhere.
  for (const door of all.filter(({ path }) => forms.some((form) => form.path === path) && !path.startsWith('/login') && path !== '/again')) {
    if (!door.address) {
      t.diagnostic(`${door.path}: there is no such thing to open`);
      continue;
    }
    await page.goto(portal + door.address);
    const answer = page.waitForResponse((r) => r.request().isNavigationRequest() && r.request().method() === 'POST', { timeout: 20_000 });
    answer.catch(() => {});
    const typed = await page.evaluate(send, { value: HOSTILE, most: 5000 });
    if (!typed.length) continue;
    const response = await answer;
    await page.waitForLoadState('load');
    assert.equal(response.status(), 422, door.address);
    assert.equal(await page.evaluate(() => window.hurt), undefined, `${door.address} executes what was typed`);
    assert.equal(await page.locator('img[src="x"]').count(), 0, door.address);
    const silent = await page.evaluate(
      (names) => names.filter((name) => !document.querySelector(`[name="${CSS.escape(name)}"][aria-invalid=true]`)), typed);
    assert.deepEqual(silent, [], `${door.address}: fields at which nothing is told`);
    tried += 1;
  }
  t.diagnostic(`${tried} forms tried`);
  assert.ok(tried > 12, `${tried} forms`);
  const blocked = page.complaints.filter((complaint) => /content security policy/i.test(complaint));
  assert.deepEqual(blocked, [], 'nothing had to be blocked either');
});
