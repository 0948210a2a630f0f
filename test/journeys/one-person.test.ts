import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import type { DialectName } from '../../src/core/dialect-name.ts';
import { dialects } from '../../src/dialects/registry.ts';
import { useApp } from '../helpers/app.ts';
import { injectInto, readNative, tryOnce } from './send.ts';
import {
  isOwnEvent,
  markerPattern,
  prepareVendors,
  type Send,
  type Somebody,
  type VendorReply,
  type VendorRequest,
  vendorRequests,
} from './vendors.ts';

const dialectNames = dialects.map(({ name }) => name);

// As the demo workspace has it.
const settings = { dialects: { webengage: { identifyingAttributes: ['email', 'phone'] } } };
const test = await useApp({ settings });
const send: Send = injectInto(test);
let people = 0;

before(async () => {
  await prepareVendors(send, test.workspace.credentials);
});

interface Person {
  readonly id: string;
  readonly profiles: readonly { readonly id: string; readonly dialect: DialectName }[];
  readonly otherPersonIds: readonly string[];
}

interface Link {
  readonly id: string;
  readonly first: string;
  readonly second: string;
  readonly scope: string;
  readonly origin: string;
  readonly undoneAt: string | null;
}

interface LinkChange {
  readonly operation: string;
  readonly moves: readonly { readonly profileId: string }[];
  readonly stillHeldBy: readonly Link[];
}

function newSomebody(): Somebody {
  const number = String(++people).padStart(4, '0');
  return { email: `Person.${number}@Example.com`, phone: `+3363998${number}` };
}

/** An event of this person over one API; by e-mail or phone alone where the API takes either. Answers its marker. */
async function sendBy(dialect: DialectName, somebody: Somebody): Promise<string> {
  const request = await requestBy(dialect, somebody);
  assert.equal(await tryOnce(send, request), true);
  return request.markers[0]!;
}

async function requestBy(dialect: DialectName, somebody: Somebody): Promise<VendorRequest> {
  const make = (name: string) => vendorRequests[name]!(test.workspace.credentials, somebody);
  switch (dialect) {
    case 'webengage':
      return make('webengage event');
    case 'octeth':
      return make('octeth event');
    case 'webmarketer': {
      const request = make('webmarketer sync');
      return { ...request, body: request.body.replace(`"email":"${somebody.email}",`, '') };
    }
    case 'contacthub': {
      const request = make('contacthub event');
      const { bringBackProperties: _, ...body } = JSON.parse(request.body);
      return { ...request, body: JSON.stringify({ ...body, customerId: await makeCustomer(somebody) }) };
    }
    case 'signals':
      return make('signals message');
  }
}

async function makeCustomer({ email }: Somebody): Promise<string> {
  const { token, workspaceId, nodeId } = test.workspace.credentials.contacthub;
  const reply = await send({
    method: 'POST',
    path: `/hub/v1/workspaces/${workspaceId}/customers`,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ nodeId, base: { contacts: { email } } }),
  });
  assert.ok(reply.status < 300, reply.text);
  return JSON.parse(reply.text).id;
}

function lookUp(kind: 'email' | 'phone', value: string): Promise<Person> {
  const query = new URLSearchParams({ kind, value });
  return readNative<Person>(send, test.workspace, `people/lookup?${query}`);
}

/** The markers of a person's own events, newest first, read in pages of two. */
async function readTimeline(personId: string): Promise<string[]> {
  const markers: string[] = [];
  for (let next: string | null = ''; next !== null; ) {
    const path = `people/${personId}/timeline?limit=2${next === '' ? '' : `&next=${encodeURIComponent(next)}`}`;
    const page: {
      events: { type: string; dialect: string; properties: unknown }[];
      next: string | null;
    } = await readNative(send, test.workspace, path);
    for (const event of page.events.filter(isOwnEvent))
      markers.push(...(JSON.stringify(event.properties).match(markerPattern) ?? []));
    next = page.next;
  }
  return markers;
}

async function post(path: string, body: object): Promise<VendorReply> {
  const { workspace, admin } = test.workspace.credentials;
  return send({
    method: 'POST',
    path: `/throughline/v1/workspaces/${workspace.id}/${path}`,
    headers: { authorization: `Bearer ${admin.token}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
}

async function undo(link: Link, dryRun = false): Promise<LinkChange> {
  const reply = await post(`links/${link.id}/undo`, { dryRun });
  assert.equal(reply.status, 200, reply.text);
  return JSON.parse(reply.text);
}

/** The one active link between a profile of this dialect and another dialect's. */
async function linkOf(person: Person, dialect: DialectName): Promise<Link> {
  const { links } = await readNative<{ links: Link[] }>(send, test.workspace, `people/${person.id}/links`);
  const dialectOf = (profileId: string) =>
    person.profiles.find((profile) => profile.id === profileId)?.dialect;
  const found = links.filter((link) => {
    const ends = [dialectOf(link.first), dialectOf(link.second)];
    return link.undoneAt === null && ends[0] !== ends[1] && ends.includes(dialect);
  });
  assert.equal(found.length, 1, JSON.stringify(links));
  return found[0]!;
}

it('events by all five APIs with the same e-mail or phone are one person’s timeline', async () => {
  const somebody = newSomebody();
  const stranger = newSomebody();
  const sent: string[] = [];
  for (const dialect of dialectNames) {
    sent.push(await sendBy(dialect, somebody));
    await sendBy(dialect, stranger);
  }
  const byEmail = await lookUp('email', somebody.email.toLowerCase());
  const byPhone = await lookUp('phone', somebody.phone);
  assert.equal(byPhone.id, byEmail.id);
  assert.deepEqual(byEmail.otherPersonIds, []);
  assert.deepEqual(new Set(byEmail.profiles.map((profile) => profile.dialect)), new Set(dialectNames));
  assert.notEqual((await lookUp('email', stranger.email)).id, byEmail.id);
  const timeline = await readTimeline(byEmail.id);
  assert.deepEqual([...timeline].sort(), [...sent].sort());
  for (const profile of byEmail.profiles) assert.deepEqual(await readTimeline(profile.id), timeline);
});

it('whatever the order in which the APIs meet, it is one person', async () => {
  for (const first of dialectNames) {
    const somebody = newSomebody();
    const rest = dialectNames.filter((dialect) => dialect !== first).reverse();
    const sent: string[] = [];
    for (const dialect of [first, ...rest]) sent.push(await sendBy(dialect, somebody));
    const person = await lookUp('phone', somebody.phone);
    assert.deepEqual((await readTimeline(person.id)).sort(), sent.sort(), `${first} first`);
  }
});

describe('undoing one link', () => {
  // Each is found by one key alone; the third, by the other key, has to stay.
  const cases = [
    ['octeth', 'email', 'signals'],
    ['contacthub', 'email', 'webmarketer'],
    ['webmarketer', 'phone', 'octeth'],
    ['signals', 'phone', 'contacthub'],
  ] as const;

  for (const [dialect, kind, bystander] of cases) {
    it(`separates ${dialect}’s profile from the others and nothing else, for good`, async () => {
      const somebody = newSomebody();
      const kept = [await sendBy('webengage', somebody), await sendBy(bystander, somebody)];
      const separated = [await sendBy(dialect, somebody)];
      const person = await lookUp('phone', somebody.phone);
      assert.equal((await readTimeline(person.id)).length, 3);
      const link = await linkOf(person, dialect);

      const planned = await undo(link, true);
      assert.equal((await lookUp('email', somebody.email)).profiles.length, person.profiles.length);
      const done = await undo(link);
      assert.deepEqual(done.moves, planned.moves, 'the dry run says what then happens');
      assert.deepEqual(done.stillHeldBy, []);

      const moved = person.profiles.filter((profile) => profile.dialect === dialect);
      const stayed = person.profiles.filter((profile) => profile.dialect !== dialect);
      separated.push(await sendBy(dialect, somebody));
      kept.push(await sendBy(bystander, somebody));
      for (const { id } of moved) assert.deepEqual(await readTimeline(id), separated.toReversed());
      for (const { id } of stayed)
        assert.deepEqual((await readTimeline(id)).sort(), [...kept].sort(), 'the others are still one');
      const found = await lookUp(kind, kind === 'email' ? somebody.email : somebody.phone);
      assert.equal(found.otherPersonIds.length, 1, 'both persons are found by the key they share');

      const joined = await post('links', { first: link.first, second: link.second });
      assert.ok(joined.status < 300, joined.text);
      assert.equal((await readTimeline(person.id)).length, 5, 'joined by hand, they are one again');
    });
  }

  it('that is not the only evidence moves nobody and names what still holds', async () => {
    const somebody = newSomebody();
    await sendBy('webengage', somebody);
    const withBoth = vendorRequests['webmarketer sync']!(test.workspace.credentials, somebody);
    assert.equal(await tryOnce(send, withBoth), true);
    const person = await lookUp('email', somebody.email);
    const { links } = await readNative<{ links: Link[] }>(send, test.workspace, `people/${person.id}/links`);
    assert.deepEqual(
      links.map((link) => link.origin),
      ['shared-key', 'shared-key'],
    );
    const change = await undo(links[0]!);
    assert.deepEqual(change.moves, []);
    assert.deepEqual(
      change.stillHeldBy.map((link) => link.id),
      [links[1]!.id],
    );
    assert.equal((await readTimeline(person.id)).length, 2);
    assert.equal((await undo(links[1]!)).moves.length, 1);
    assert.equal((await readTimeline(person.id)).length, 1);
  });
});
