import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { useApp } from '../../helpers/app.ts';
import { sendWebengage } from '../../native/helpers.ts';
import { field, WebmarketerClient } from './client.ts';

const settings = { dialects: { webengage: { identifyingAttributes: ['email', 'phone'] } } };
const test = await useApp({ settings });
const client = new WebmarketerClient(test);
let count = 0;

before(async () => {
  await client.defineType('visit', [
    field('user', 'email', 'email', { discriminant: true, optional: true }),
    field('user', 'phone', 'phone', { discriminant: true, optional: true }),
    field('event', 'string', 'page', { optional: true }),
  ]);
});

/** As the native API shows it. */
interface Profile {
  readonly id: string;
  readonly keys: readonly { readonly value: string }[];
}

interface Family {
  readonly anna: string;
  readonly ben: string;
  readonly browser: string;
  readonly phone: string;
}

function newFamily(): Family {
  const n = ++count;
  return {
    anna: `anna.${n}@example.com`,
    ben: `ben.${n}@example.com`,
    browser: `browser-${n}`,
    phone: `+336399801${String(n).padStart(2, '0')}`,
  };
}

function send(data: object, trackerId?: string): Promise<string> {
  return client.sendFine({
    eventType: 'visit',
    nonce: `n-${++count}`,
    data,
    ...(trackerId && { trackerId }),
  });
}

/** The user's id of whoever has the value, as the vendor's search shows it; fails unless it is one. */
async function userOf(filters: object): Promise<string> {
  const reply = await client.request('POST', `/projects/${client.projectId}/users/search`, { filters });
  const { data } = reply.body;
  assert.equal(data.length, 1);
  return data[0]._id;
}

async function eventTotal(filters: object): Promise<number> {
  return (await client.get(`/users/${await userOf(filters)}/events`)).body.total;
}

async function person(kind: string, value: string): Promise<string> {
  const path = `/people/lookup?kind=${kind}&value=${encodeURIComponent(value)}`;
  const reply = await test.native.call('GET', path);
  assert.equal(reply.status, 200);
  return reply.body.id;
}

async function linksOf(personId: string) {
  const reply = await test.native.call('GET', `/people/${personId}/links`);
  return reply.body.links as { id: string; evidence: string; undoneAt: string | null }[];
}

describe('one browser, two people', () => {
  it('keeps the two apart, whom another API knew apart, and leaves the browser to the first', async () => {
    const { anna, ben, browser } = newFamily();
    for (const email of [anna, ben])
      await sendWebengage(test, test.workspace, { userId: `we-${email}`, email });
    await send({ email: anna }, browser);
    await send({ email: ben }, browser);
    await send({ page: 'whose?' }, browser);
    assert.notEqual(await userOf({ email: anna }), await userOf({ email: ben }));
    assert.notEqual(await person('user', `we-${anna}`), await person('user', `we-${ben}`));
    assert.equal(await person('email', ben), await person('user', `we-${ben}`));
    assert.equal(await eventTotal({ email: anna }), 2);
    assert.equal(await eventTotal({ email: ben }), 1);
  });

  it('does so when both come in one batch, and whatever came first', async () => {
    const both = newFamily();
    await Promise.all([send({ email: both.anna }, both.browser), send({ email: both.ben }, both.browser)]);
    assert.notEqual(await userOf({ email: both.anna }), await userOf({ email: both.ben }));
    const known = newFamily();
    await send({ email: known.ben });
    await send({ page: 'before anybody' }, known.browser);
    await send({ email: known.anna }, known.browser);
    await send({ email: known.ben }, known.browser);
    assert.notEqual(await userOf({ email: known.anna }), await userOf({ email: known.ben }));
    assert.equal(await eventTotal({ email: known.anna }), 2);
  });

  it('joins another field’s value to the browser’s user, who has none of it yet, and then no second', async () => {
    const { anna, browser, phone } = newFamily();
    await send({ email: anna }, browser);
    await send({ phone }, browser);
    assert.equal(await userOf({ email: anna }), await userOf({ phone }));
    await send({ phone: '+33639980099' }, browser);
    assert.notEqual(await userOf({ email: anna }), await userOf({ phone: '+33639980099' }));
    // Nor where the user came by the value without the browser.
    const other = newFamily();
    await send({ email: other.anna }, other.browser);
    await send({ email: other.anna, phone: other.phone });
    await send({ phone: '+33639980098' }, other.browser);
    assert.notEqual(await userOf({ email: other.anna }), await userOf({ phone: '+33639980098' }));
  });

  it('gives the browser to the second once the first one’s link is undone, as if it had never been', async () => {
    const { anna, ben, browser } = newFamily();
    await send({ page: 'before' }, browser);
    await send({ email: anna }, browser);
    await send({ email: ben }, browser);
    const link = (await linksOf(await person('email', anna))).find(({ evidence }) => evidence === 'tracker')!;
    const undo = await test.native.call('POST', `/links/${link.id}/undo`);
    assert.equal(undo.status, 200, JSON.stringify(undo.body));
    assert.notEqual(await userOf({ email: anna }), await userOf({ email: ben }));
    assert.equal(await eventTotal({ email: anna }), 1);
    assert.equal(await eventTotal({ email: ben }), 2);
  });

  it('stops at fifty people: such a tracker id is nobody’s browser, and that is counted', async () => {
    const { browser } = newFamily();
    for (let index = 0; index < 51; index++)
      await send({ email: `crowd.${count}.${index}@example.com` }, browser);
    const { profiles } = await test.native.read(`/people/lookup?kind=tracker&value=${browser}`);
    const isBrowser = new Set(
      profiles
        .filter(({ keys }: Profile) => keys.some(({ value }) => value === browser))
        .map(({ id }: Profile) => id),
    );
    const links = (await test.store.links()).filter(({ first }) => isBrowser.has(first));
    assert.equal(links.length, 50);
    assert.equal((await test.store.accounting('webmarketer'))['link-capped'], 1);
  });
});
