// Phones, registrations of ours, suspensions and the online status: set up in the portal, tried over SIP.

import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import dgram from 'node:dgram';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { after, before, test } from 'node:test';
import { artefacts, faultOf, flash, launch, logIn, open, portal, quiet, submit, visit } from './portal.mjs';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const sip = process.env.TANDEM_SIP_ADDRESS ?? '';

let browser, page;
before(async () => {
  browser = await launch();
  page = await open(browser);
  await logIn(page);
});
after(() => browser.close());

const fresh = () => `77${Date.now().toString().slice(-8)}${Math.floor(Math.random() * 100)}`;
const md5 = (text) => createHash('md5').update(text).digest('hex');
const word = () => randomBytes(8).toString('hex');

/** A telephone: answers challenges with its password. `register` gives the status of the last answer. */
class Telephone {
  constructor(number, password) {
    Object.assign(this, { number, password, cseq: 0, socket: dgram.createSocket('udp4') });
  }

  async begin() {
    await new Promise((done) => this.socket.bind(0, '127.0.0.1', done));
    // A test that fails leaves it open: that must not keep the others from ending.
    this.socket.unref();
    this.port = this.socket.address().port;
  }

  async register(expires, callId = word()) {
    const first = await this.ask(expires, callId, '');
    if (![401, 407].includes(first.status)) return first.status;
    const [, header, challenge] = /^(WWW|Proxy)-Authenticate: *(Digest .*algorithm=MD5\b.*)$/im.exec(first.text)
      ?? /^(WWW|Proxy)-Authenticate: *(Digest .*)$/im.exec(first.text);
    const of = (name) => new RegExp(`${name}="?([^",]+)`).exec(challenge)?.[1] ?? '';
    const uri = `sip:${sip}`;
    const [nonce, realm, cnonce] = [of('nonce'), of('realm'), word()];
    const ha1 = md5(`${this.number}:${realm}:${this.password}`);
    const response = md5(`${ha1}:${nonce}:00000001:${cnonce}:auth:${md5(`REGISTER:${uri}`)}`);
    const name = header.toLowerCase() === 'www' ? 'Authorization' : 'Proxy-Authorization';
    const credentials = `${name}: Digest username="${this.number}", realm="${realm}", nonce="${nonce}", uri="${uri}", `
      + `response="${response}", algorithm=MD5, cnonce="${cnonce}", qop=auth, nc=00000001\r\n`;
    return (await this.ask(expires, callId, credentials)).status;
  }

  ask(expires, callId, more) {
    const [host, port] = [sip.slice(0, sip.lastIndexOf(':')), Number(sip.slice(sip.lastIndexOf(':') + 1))];
    this.cseq += 1;
    const request = `REGISTER sip:${sip} SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:${this.port};branch=z9hG4bK${word()};rport\r\n`
      + `Max-Forwards: 70\r\nFrom: <sip:${this.number}@${sip}>;tag=${word()}\r\nTo: <sip:${this.number}@${sip}>\r\n`
      + `Call-ID: ${callId}\r\nCSeq: ${this.cseq} REGISTER\r\nContact: <sip:${this.number}@127.0.0.1:${this.port}>\r\n`
      + `Expires: ${expires}\r\nUser-Agent: Test phone <b>7</b>\r\n${more}Content-Length: 0\r\n\r\n`;
    return new Promise((done, fail) => {
      const late = setTimeout(() => fail(new Error('the switch does not answer')), 10_000);
      this.socket.once('message', (message) => {
        clearTimeout(late);
        const text = message.toString();
        done({ status: Number(text.split(' ')[1]), text });
      });
      this.socket.send(request, port, host);
    });
  }

  end() {
    this.socket.close();
  }
}

/** Makes a phone with a generated password and gives that. */
async function create(number, name = '') {
  await visit(page, '/operation/phones/new');
  await page.getByLabel('Number', { exact: true }).fill(number);
  await page.getByLabel('Account', { exact: true }).selectOption({ index: 1 });
  await page.getByLabel('Name', { exact: true }).fill(name);
  await submit(page, 'Save');
  await page.getByText(`This is the password of phone ${number}.`).waitFor();
  return page.locator('code.secret').innerText();
}

/** Looks until the page says so: what a phone registers is written down a moment later. */
async function shows(path, row, text) {
  for (let tries = 0; ; tries += 1) {
    await visit(page, path);
    const told = await page.getByRole('row', { name: row }).innerText().catch(() => '');
    if (text.test(told)) return told;
    assert.ok(tries < 40, `${path} shows ${told}, not ${text}`);
    await page.waitForTimeout(250);
  }
}

test('a phone is made with a password that is shown once, changed, switched off and deleted', async () => {
  const number = fresh();
  const secret = await create(number, '<b>Desk</b>');
  assert.equal(secret.length, 20);
  quiet(page);
  // Opened again, the phone's page knows no password.
  await visit(page, await page.getByRole('link', { name: 'Open the phone' }).getAttribute('href'));
  await page.getByRole('heading', { name: number }).waitFor();
  assert.ok(!(await page.content()).includes(secret));
  assert.equal(await page.getByLabel('Password', { exact: true }).inputValue(), '');
  await page.getByLabel('When busy').fill('14155550100');
  await page.getByLabel('Do not disturb').check();
  await submit(page, 'Save');
  await flash(page).getByText(`Phone “${number}” was changed.`).waitFor();
  await visit(page, `/operation/phones?search=${number}`);
  const row = page.getByRole('row', { name: number });
  assert.match(await row.innerText(), /<b>Desk<\/b>[^]*offline/);

  await row.getByRole('checkbox').check();
  await page.getByRole('button', { name: 'Switch off' }).click();
  await page.getByText('They take part', { exact: false }).or(page.getByText(number)).first().waitFor();
  await submit(page, 'Switch off');
  await flash(page).getByText('1 of 1 done.').waitFor();
  await visit(page, `/operation/phones?state=disabled&search=${number}`);
  await page.getByRole('row', { name: number }).getByRole('link', { name: 'Delete' }).click();
  await page.getByRole('heading', { name: `Delete phone “${number}”?` }).waitFor();
  await submit(page, 'Delete phone');
  await flash(page).getByText('The phone was deleted.').waitFor();
  await visit(page, `/operation/phones?search=${number}`);
  await page.getByText('No phone matches').waitFor();
  quiet(page);
});

test('what is wrong with a phone is told at its field', async () => {
  await visit(page, '/operation/phones/new');
  await page.getByLabel('Number', { exact: true }).fill('10 01');
  await page.getByLabel('Password', { exact: true }).fill('short');
  await page.getByLabel('Fixed address').fill('example.org');
  await page.getByLabel('When offline').fill('gateway:me');
  await page.getByLabel('Allowed networks').fill('10.0.0.0/33');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  for (const label of ['Number', 'Account', 'Password', 'Fixed address', 'When offline', 'Allowed networks']) {
    assert.match(await faultOf(page, label), /\w/, label);
  }
  const number = fresh();
  for (const form of [
    { number, account: '1' },
    { number: '%00', account: "1' or 1=1", display_name: 'x'.repeat(5000), password: 'a\r\nb' },
    { number, account: '999999', password: 'quiet-Heron-42', SS_ENDPOINT_EXPIRE: '-1' },
  ]) {
    const answer = await page.request.post(`${portal}/operation/phones/new`, { form, maxRedirects: 0 });
    assert.equal(answer.status(), 422, JSON.stringify(form).slice(0, 80));
    assert.doesNotMatch(await answer.text(), /quiet-Heron-42/, 'no password is shown again');
  }
  for (const path of ['/operation/phones/999999', '/operation/phones/x', '/operation/registrations/999999']) {
    assert.equal((await visit(page, path)).status(), 404, path);
  }
  for (const query of ['state=asleep', 'account=x', 'search=%00', 'after=%27', `search=${'x'.repeat(500)}`]) {
    const answer = await page.request.get(`${portal}/operation/phones?${query}`);
    assert.equal(answer.status(), 200, query);
  }
  quiet(page, ['404']);
});

test('a phone that registers is online with its address and what it is', { skip: !sip }, async () => {
  const number = fresh();
  const telephone = new Telephone(number, await create(number));
  await telephone.begin();
  assert.equal(await telephone.register(300), 200);
  const list = `/operation/phones?search=${number}`;
  const row = await shows(list, number, /online/);
  assert.match(row, new RegExp(`127\\.0\\.0\\.1:${telephone.port}`));
  assert.match(row, /Test phone <b>7<\/b>/);
  await page.getByRole('row', { name: number }).getByRole('link').first().click();
  await page.getByRole('heading', { name: 'Registered devices' }).waitFor();
  await page.getByText(`sip:${number}@127.0.0.1:${telephone.port}`).waitFor();
  await visit(page, '/operation/online');
  await page.getByRole('row', { name: '127.0.0.1', exact: false }).first().waitFor();
  assert.equal(await telephone.register(0), 200);
  await shows(list, number, /offline/);
  telephone.end();
  quiet(page);
});

test('who fails too often is suspended, listed and released', { skip: !sip }, async () => {
  const number = fresh();
  await create(number);
  const telephone = new Telephone(number, 'wrong-password-1');
  await telephone.begin();
  for (let n = 0; n < 6; n += 1) assert.notEqual(await telephone.register(300), 200);
  await visit(page, '/security/suspensions');
  const rows = page.getByRole('row', { name: number });
  await rows.first().waitFor();
  assert.match(await rows.first().innerText(), /127\.0\.0\.1/);
  for (let left = await rows.count(); left > 0; left = await rows.count()) {
    await rows.first().getByRole('button', { name: 'Release' }).click();
    await flash(page).waitFor();
    await page.waitForLoadState('load');
  }
  await visit(page, `/system/audit?subject=${number}`);
  await page.getByText(`suspension of "${number}" from 127.0.0.1`).first().waitFor();
  telephone.end();
  quiet(page);
});

test('a registration of ours tells why it fails, and is tried again when told to', async () => {
  const name = `Carrier ${fresh()}`;
  const deaf = dgram.createSocket('udp4');
  await new Promise((done) => deaf.bind(0, '127.0.0.1', done));
  deaf.unref();
  deaf.on('message', (message, from) => {
    const kept = message.toString().split('\r\n').filter((line) => /^(Via|From|To|Call-ID|CSeq):/i.test(line));
    const lines = kept.map((line) => (/^To:/i.test(line) ? `${line};tag=x` : line));
    deaf.send(`SIP/2.0 403 Not you\r\n${lines.join('\r\n')}\r\nContent-Length: 0\r\n\r\n`, from.port, from.address);
  });
  await visit(page, '/operation/registrations/new');
  await page.getByLabel('Name', { exact: true }).fill(name);
  await page.getByLabel('Server').fill(`127.0.0.1:${deaf.address().port}`);
  await page.getByLabel('User', { exact: true }).fill('tandem');
  await page.getByLabel('Password', { exact: true }).fill('given to us');
  await submit(page, 'Save');
  await flash(page).getByText(`Registration “${name}” was created.`).waitFor();
  await shows('/operation/registrations', name, /failed[^]*403/);
  await page.getByRole('row', { name }).getByRole('button', { name: 'Register now' }).click();
  await flash(page).getByText('The request is on its way.').waitFor();
  await page.getByRole('row', { name }).getByRole('link', { name: 'Delete' }).click();
  await submit(page, 'Delete registration');
  await flash(page).waitFor();
  deaf.close();
  quiet(page);
});

test('a gateway is known by user and password, which nobody reads again', async () => {
  const name = `Roaming ${fresh()}`;
  await visit(page, '/operation/mapping-gateways/new');
  await page.getByLabel('Name', { exact: true }).fill(name);
  await page.getByLabel('Account', { exact: true }).selectOption({ index: 1 });
  await page.getByLabel('User', { exact: true }).fill(`u${fresh()}`);
  await submit(page, 'Save');
  assert.match(await faultOf(page, 'Password'), /password/);
  await page.getByLabel('Password', { exact: true }).fill('quiet-Heron-42');
  await submit(page, 'Save');
  await flash(page).getByText(`Mapping gateway “${name}” was created.`).waitFor();
  await page.getByRole('link', { name, exact: true }).click();
  await page.getByRole('heading', { name }).waitFor();
  assert.ok(!(await page.content()).includes('quiet-Heron-42'));
  await page.getByRole('link', { name: 'Delete …' }).click();
  await submit(page, 'Delete mapping gateway');
  quiet(page, ['422']);
});

const PAGES = [
  ['phones', '/operation/phones'],
  ['phone-new', '/operation/phones/new'],
  ['registrations', '/operation/registrations'],
  ['registration-new', '/operation/registrations/new'],
  ['online', '/operation/online'],
  ['suspensions', '/security/suspensions'],
];
for (const [look, options] of [
  ['light', { colorScheme: 'light' }],
  ['dark', { colorScheme: 'dark' }],
  ['390', { colorScheme: 'light', viewport: { width: 390, height: 844 } }],
  ['chinese', { colorScheme: 'light', locale: 'zh-CN' }],
]) {
  test(`pages of phones in ${look}`, async (t) => {
    const number = fresh();
    await create(number, 'Reception');
    const other = await open(browser, options);
    await logIn(other);
    const phone = await page.getByRole('link', { name: 'Open the phone' }).getAttribute('href');
    for (const [name, path] of [...PAGES, ['phone', phone], ['phone-delete', `${phone}/delete`]]) {
      await t.test(name, async () => {
        await visit(other, path);
        await other.screenshot({ path: `${artefacts}${name}-${look}.png`, fullPage: true });
        const wide = await other.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
        assert.ok(wide <= 0, `the page scrolls sideways by ${wide} px`);
        await other.evaluate(axe);
        const found = await other.evaluate(() => globalThis.axe.run(document, { resultTypes: ['violations'] }));
        assert.deepEqual(found.violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.html.slice(0, 160)).join(' | ')}`), []);
        quiet(other);
      });
    }
    await other.context().close();
  });
}
