// Every page and form of the portal, read from the table that the server itself goes by: what is new is tried without a word
// here.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';

const source = readFileSync(new URL('../../app/src/access.rs', import.meta.url), 'utf8');

/** `{ kind, path, guarded }` of every door; `kind` is page, form, edit or send. */
export const doors = [...source.matchAll(/^\s+(page|form|edit|send)\("([^"]+)"[^\n]*/gm)].map(([line, kind, path]) => ({
  kind,
  path,
  guarded: line.includes('.guarded()'),
}));

/** Those that are looked at in a browser: no files and no streams. */
export const pages = doors.filter(({ kind, path }) => kind !== 'send' && !/\.(csv|pcapng)$/.test(path) && !path.startsWith('/events/'));

/** Those that are sent, with a page of their own. */
export const forms = doors.filter(({ kind }) => kind === 'form' || kind === 'edit');

/** A receiver of events, of which the configuration document knows nothing; once is enough for all files of tests. */
async function receiver(request, portal) {
  const made = await request.post(`${portal}/system/webhooks/new`, {
    headers: { origin: portal },
    form: { name: 'Ticketing', url: 'https://tickets.example.com/events', secret: 'quiet-Heron-42-quiet-Heron-42', event_gateway_offline: 'on' },
    maxRedirects: 0,
  });
  const text = await made.text();
  assert.ok(made.status() === 303 || text.includes('Ticketing'), text);
}

/** An address behind each door: the keys in it are those of the first thing in the list above. */
export async function addresses(request, portal) {
  const first = async (list, pattern) => {
    const html = await (await request.get(portal + list)).text();
    return html.match(new RegExp(`href="(${pattern})"`))?.[1];
  };
  await receiver(request, portal);
  const known = new Map();
  const found = [];
  for (const { path, ...rest } of pages) {
    let address = path;
    const place = path.indexOf('/{');
    if (place >= 0) {
      const list = path.slice(0, place);
      if (!known.has(list)) {
        const [asked, key] = list.startsWith('/system/') && list.endsWith('-parameters') ? [list, '[A-Z0-9_]+'] : [list, '[0-9a-f-]*[0-9][0-9a-f-]*'];
        known.set(list, await first(asked, `${list}/${key}`));
      }
      const thing = known.get(list);
      if (!thing) {
        found.push({ ...rest, path, address: undefined });
        continue;
      }
      address = path.replace(/^[^{]*\{\w+\}/, thing);
      if (address.includes('{rate}')) {
        const rate = await first(thing, `${thing}/rates/\\d+`);
        address = address.replace(/^.*\{rate\}/, rate ?? '');
      }
    }
    found.push({ ...rest, path, address });
  }
  return found;
}
