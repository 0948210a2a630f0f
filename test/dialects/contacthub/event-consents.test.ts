import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { EVENT_TYPE_NAMES } from '../../../src/dialects/contacthub/documents/enums.ts';
import { useApp } from '../../helpers/app.ts';
import { verifyWorkspace } from '../../helpers/derived.ts';
import { BulkClient } from './bulk-client.ts';
import { ConfigurationClient, faultOf } from './configuration-client.ts';

const test = await useApp();
const client = new ConfigurationClient(test);
const path = '/events-consent-policy';
const agreed = { marketing: { automatic: { email: { status: true } } } };
const both = { ...agreed, profiling: { online: { status: true, limitation: false } } };

let customers = 0;
const create = (consents?: object) =>
  client.create(`consents-${++customers}@example.com`, consents ? { consents } : {});

async function dropped(): Promise<number> {
  return (await test.store.accounting('contacthub'))['dropped consent-missing'] ?? 0;
}

async function isStored(id: string): Promise<boolean> {
  return (await client.call('GET', `/events/${id}`)).status === 200;
}

describe('the consent policy for events', () => {
  it('asks nothing until it is set, and is written as a whole', async () => {
    const { body } = await client.read(path);
    assert.deepEqual(Object.keys(body), [...EVENT_TYPE_NAMES]);
    assert.deepEqual([...new Set(Object.values(body).flat())], []);
    const set = await client.set(path, {
      loggedIn: ['$.consents.profiling.online', 'softSpam.email.status'],
    });
    assert.deepEqual(set.loggedIn, ['$.consents.profiling.online', 'softSpam.email.status']);
    const next = await client.set(path, { searched: ['profiling.classic'] });
    assert.deepEqual([next.loggedIn, next.searched], [[], ['profiling.classic']]);
    assert.deepEqual(await client.set(path, next), next);
    await client.set(path, {});
  });

  it('is refused where it names no consent or no type', async () => {
    for (const [body, where] of [
      [{ loggedIn: ['consents.profiling.online', 'consents.moon'] }, '/loggedIn/1'],
      [{ loggedIn: ['base.firstName'] }, '/loggedIn/0'],
      [{ loggedIn: ['consents.disclaimer.date'] }, '/loggedIn/0'],
      [{ loggedIn: ['consents.marketing'] }, '/loggedIn/0'],
      [{ loggedIn: [1] }, '/loggedIn/0'],
      [{ loggedIn: 'profiling.online' }, '/loggedIn'],
      [{ boughtTheMoon: [] }, '/boughtTheMoon'],
      [[], ''],
    ] as const)
      assert.deepEqual(
        faultOf(await client.write(path, body)).slice(0, 2),
        [400, where],
        JSON.stringify(body),
      );
  });
});

describe('an event whose type asks for a consent', () => {
  before(async () => {
    await client.set(path, {
      viewedPage: ['consents.marketing.automatic.email'],
      clickedLink: ['marketing.automatic.email', '$.consents.profiling.online.status'],
    });
  });

  it('is stored of who has agreed to all of it, and else dropped and counted, answered alike', async () => {
    for (const [consents, page, link] of [
      [both, true, true],
      [agreed, true, false],
      [undefined, false, false],
      [{ marketing: { automatic: { email: { status: false } } } }, false, false],
      [{ marketing: { automatic: { email: { limitation: true } } } }, false, false],
      [{ marketing: null }, false, false],
    ] as const) {
      const { id } = await create(consents);
      for (const [type, isTaken] of [
        ['viewedPage', page],
        ['clickedLink', link],
        ['loggedIn', true],
      ] as const) {
        const before = await dropped();
        const reply = await client.send(id, type);
        assert.deepEqual([reply.status, Object.keys(reply.body)], [202, ['id']]);
        assert.match(reply.body.id, /^[0-9a-f-]{36}$/);
        assert.equal(await isStored(reply.body.id), isTaken, `${type} ${JSON.stringify(consents)}`);
        assert.equal((await dropped()) - before, isTaken ? 0 : 1);
      }
    }
  });

  it('follows the consent as it is given and taken back', async () => {
    const { id } = await create();
    const write = (status: boolean | null) =>
      client.call('PATCH', `/customers/${id}`, {
        consents: { marketing: { automatic: { email: { status } } } },
      });
    for (const [status, isTaken] of [
      [true, true],
      [false, false],
      [true, true],
      [null, false],
    ] as const) {
      assert.equal((await write(status)).status, 200);
      assert.equal(await isStored((await client.send(id, 'viewedPage')).body.id), isTaken, String(status));
    }
  });

  it('is judged by the customer as the writes before it in its batch have left it', async () => {
    const { id } = await create();
    const write = client.call('PATCH', `/customers/${id}`, { consents: agreed });
    const replies = await Promise.all([
      write,
      ...Array.from({ length: 5 }, () => client.send(id, 'viewedPage')),
    ]);
    const events = replies.slice(1).map(({ body }) => body.id);
    const stored = await Promise.all(events.map(isStored));
    assert.deepEqual(await client.eventsOf(id), events.filter((_, index) => stored[index]).reverse());
    assert.ok(await isStored((await client.send(id, 'viewedPage')).body.id));
  });

  it('is dropped of an anonymous session, which is not made, and stored once a customer who has agreed has it', async () => {
    const bringBackProperties = { type: 'SESSION_ID', value: 'unknown-visitor', nodeId: client.nodeId };
    const send = (type: string) =>
      client.call('POST', '/events', { bringBackProperties, type, context: 'WEB', properties: {} });
    const people = (await test.store.profiles()).length;
    assert.equal(await isStored((await send('viewedPage')).body.id), false);
    assert.equal((await test.store.profiles()).length, people);
    assert.equal(await isStored((await send('loggedIn')).body.id), true);
    assert.equal(await isStored((await send('viewedPage')).body.id), false);
    const { id } = await create(agreed);
    await client.call('POST', `/customers/${id}/sessions`, { value: 'unknown-visitor' });
    assert.equal(await isStored((await send('viewedPage')).body.id), true);
    assert.equal((await client.eventsOf(id)).length, 2);
  });

  it('is judged by all that a merged customer shows', async () => {
    const one = await create(agreed);
    const other = await create();
    assert.equal(await isStored((await client.send(other.id, 'viewedPage')).body.id), false);
    await client.native.call('POST', '/links', { body: { first: one.id, second: other.id } });
    assert.equal(await isStored((await client.send(other.id, 'viewedPage')).body.id), true);
  });

  it('of nobody who is there is 404 still', async () => {
    const reply = await client.send('0191c2a0-0000-7000-8000-000000000000', 'viewedPage');
    assert.equal(reply.status, 404);
  });

  it('stays in quarantine no longer once it is replayed, and is counted as dropped', async () => {
    const { id } = await create();
    await client.set('/events/viewedPage/enabled', { value: false });
    assert.equal((await client.send(id, 'viewedPage')).status, 400);
    await client.set('/events/viewedPage/enabled', { value: true });
    const kept = (await test.store.quarantined()).at(-1);
    const before = await dropped();
    const replay = await client.native.call('POST', `/quarantine/${kept?.id}/replay`, { body: {} });
    assert.equal(replay.status, 200, replay.text);
    assert.equal((await dropped()) - before, 1);
  });

  it('is told of a row of a file', async () => {
    const bulk = new BulkClient(test);
    const { id } = await create();
    const job = await bulk.run(`customerId,context,properties.title\n${id},WEB,Home\n`, {
      eventType: 'viewedPage',
    });
    assert.deepEqual(await bulk.resultsOf(job.id), [['1', 'FAILED', '', 'consent-missing']]);
  });

  it('leaves the books closed', async () => {
    const { checks } = await verifyWorkspace(test.database, test.workspace.created.id);
    assert.deepEqual(
      checks.filter(({ ok }) => !ok),
      [],
    );
  });
});
