import assert from 'node:assert/strict';
import { createPublicKey, randomUUID, verify } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, it } from 'node:test';
import { forgetPerson } from '../../src/change/forget-person.ts';
import { claimJob } from '../../src/core/job/job-store.ts';
import { jobKindsOf } from '../../src/dialects/registry.ts';
import { JobRunner } from '../../src/jobs/run-jobs.ts';
import { delivery, textMessage } from '../dialects/signals/client.ts';
import { useApp } from '../helpers/app.ts';
import { verifyWorkspace } from '../helpers/derived.ts';
import { useFolder } from '../helpers/folder.ts';
import { workspaceKey } from '../native/helpers.ts';
import { ada, bob, clientsOf, defineOrder, type Somebody, tellOf } from './person.ts';

const dataDir = await useFolder();
const test = await useApp({ freshWorkspace: true, environment: { THROUGHLINE_DATA_DIR: dataDir } });

let adaId: string;

beforeEach(async () => {
  await defineOrder(test);
  adaId = await tellOf(test, ada);
  await tellOf(test, bob);
});

const erase = (id: string, body?: object) => test.native.call('POST', `/people/${id}/erase`, { body });

async function lookUp({ email }: Somebody): Promise<number> {
  return (await test.native.call('GET', `/people/lookup?kind=email&value=${email}`)).status;
}

/** Every text of the tenant's tables that holds one of the values. */
async function find(...values: string[]): Promise<string[]> {
  const { id } = test.workspace.created;
  const tables = await test.database.query<{ name: string }>(
    `select table_name as name from information_schema.columns
      where table_schema = 'public' and column_name = 'workspace_id' and table_name not like 'dedupe_window_%'`,
  );
  const found: string[] = [];
  for (const { name } of tables) {
    const rows = await test.database.query<{ text: string }>(
      `select row_to_json(t)::text as text from ${name} t where workspace_id = $1`,
      [id],
    );
    for (const { text } of rows)
      for (const value of values)
        if (text.includes(value) || text.includes(Buffer.from(value).toString('hex')))
          found.push(`${name}: ${value}: ${text}`);
  }
  return found;
}

const valuesOf = ({ email, phone, user, name }: Somebody) => [email, phone.slice(1), user, name];

async function isSound(): Promise<void> {
  const { checks } = await verifyWorkspace(test.database, test.workspace.created.id);
  assert.deepEqual(
    checks.filter(({ ok }) => !ok),
    [],
  );
}

async function rollups() {
  const { id } = test.workspace.created;
  return test.database.query(
    `select bucket, type_id, metric, total, sum from rollup_quarter_hour where workspace_id = $1 order by 1, 2, 3`,
    [id],
  );
}

describe('erasing a person', () => {
  it('leaves nothing of him in any table, everything of others, and the same rollups', async () => {
    const before = await rollups();
    const events = await test.store.events();
    assert.ok((await find(...valuesOf(ada))).length > 10);
    const { status, body } = await erase(adaId);
    assert.equal(status, 200);
    assert.equal(body.finished, true);
    assert.deepEqual(await find(...valuesOf(ada)), []);
    assert.ok((await find(...valuesOf(bob))).length > 10);
    assert.deepEqual(await rollups(), before);
    assert.equal((await test.store.events()).length, events.length);
    assert.equal(await lookUp(ada), 404);
    assert.equal(await lookUp(bob), 200);
    assert.equal((await test.native.call('GET', `/people/${adaId}`)).status, 404);
    assert.equal((await test.native.call('GET', `/people/${adaId}/timeline`)).status, 404);
    await isSound();
  });

  it('lets neither him nor his events be found by the API that they came by', async () => {
    const { webmarketer } = clientsOf(test);
    const userIds = async (): Promise<string[]> => {
      const path = `/projects/${webmarketer.projectId}/users/search`;
      const { body } = await webmarketer.request('POST', path, { filters: [] });
      return body.data.map(({ _id }: { _id: string }) => _id);
    };
    const known = await userIds();
    const eventsOf = async (id: string) => webmarketer.get(`/users/${id}/events`);
    const orders = await Promise.all(known.map(async (id) => (await eventsOf(id)).body.data[0]._id));
    await erase(adaId);
    const left = await userIds();
    assert.deepEqual([known.length, left.length], [2, 1]);
    const gone = known.findIndex((id) => !left.includes(id));
    assert.equal((await eventsOf(known[gone]!)).status, 404);
    for (const path of [`/events/${orders[gone]}`, `/events/${orders[gone]}/raw`])
      assert.equal((await webmarketer.get(path)).status, 404, path);
  });

  it('counts the same in a dry run, which changes nothing', async () => {
    const before = await find(...valuesOf(ada));
    const dry = await erase(adaId, { dryRun: true });
    assert.equal(dry.status, 200);
    assert.deepEqual(await find(...valuesOf(ada)), before);
    assert.equal(await lookUp(ada), 200);
    const done = await erase(adaId);
    assert.deepEqual(done.body.counts, dry.body.counts);
  });

  it('is one erasure however often it is asked for, at once too', async () => {
    const replies = await Promise.all([erase(adaId), erase(adaId), erase(adaId)]);
    assert.deepEqual(
      replies.map(({ status }) => status),
      [200, 200, 200],
    );
    assert.equal(new Set(replies.map(({ body }) => body.erasureId)).size, 1);
    const { erasures } = await test.native.read('/erasures');
    assert.equal(erasures.length, 1);
    await isSound();
  });

  it('gives a receipt that anybody can check, and that holds nothing of him', async () => {
    const { body } = await erase(adaId);
    const erasure = await test.native.read(`/erasures/${body.erasureId}`);
    const receipt = JSON.parse(erasure.receipt);
    assert.deepEqual(receipt.counts, body.counts);
    assert.equal(receipt.workspace, test.workspace.created.publicId);
    const key = createPublicKey(erasure.publicKey);
    const signature = Buffer.from(erasure.signature, 'base64');
    assert.equal(verify(null, Buffer.from(erasure.receipt), key, signature), true);
    assert.equal(verify(null, Buffer.from(`${erasure.receipt} `), key, signature), false);
    for (const value of valuesOf(ada)) assert.ok(!JSON.stringify(erasure).includes(value));
    assert.equal((await stat(join(dataDir, 'erasure-key'))).mode & 0o777, 0o600);
    for (const value of valuesOf(ada))
      assert.ok(!(await readFile(join(dataDir, 'erasures.ndjson'), 'utf8')).includes(value));
  });

  it('logs the deletion', async () => {
    await erase(adaId);
    const { consents } = await test.native.read('/consents?act=forced-delete');
    assert.ok(consents.some(({ profileId }: { profileId: string }) => profileId === adaId));
    const said = (await test.native.read('/consents?limit=500')).consents.filter(
      ({ profileId, value }: { profileId: string; value: unknown }) => profileId === adaId && value !== null,
    );
    assert.deepEqual(said, []);
  });

  it('is refused to other tenants, to who has no key, and of who is not there', async () => {
    const other = await test.addWorkspace();
    const key = await workspaceKey(test, other);
    assert.equal((await test.native.call('POST', `/people/${adaId}/erase`, { key })).status, 404);
    assert.equal((await test.native.call('POST', `/people/${adaId}/erase`, { key: null })).status, 401);
    const { status } = await test.native.call('POST', `/people/${randomUUID()}/erase`);
    assert.equal(status, 404);
    test.workspace = other;
    assert.equal((await erase(adaId)).status, 404);
    assert.equal((await erase(adaId, { dryRun: 'yes' })).status, 400);
  });
});

describe('what comes for somebody who was forgotten', () => {
  it('is dropped and counted, whichever dialect it comes by', async () => {
    await erase(adaId);
    const clients = clientsOf(test);
    const { email, phone, user, name } = ada;
    await clients.webengage.call('/events', { userId: user, eventName: 'Paid', eventData: { for: name } });
    await clients.webengage.call('/users', { userId: user, firstName: name });
    await clients.webengage.call('/users', { userId: 'of-another-id', email, firstName: name });
    await clients.octeth.track({ Event: 'visited', Email: email.toUpperCase(), Properties: { page: name } });
    const order = (data: object) => ({
      eventType: 'order',
      nonce: randomUUID(),
      trackerId: `tracker-${user}`,
      data,
    });
    const refused = await clients.webmarketer.send(order({ email, city: name }), 'sync');
    assert.deepEqual(
      [refused.status, refused.body.message],
      [400, 'The event was not accepted. Its user was forgotten'],
    );
    const queued = order({ note: name });
    for (const reply of [await clients.webmarketer.send(queued), await clients.webmarketer.send(queued)])
      assert.deepEqual([reply.status, typeof reply.body], [200, 'string']);
    const subscribed = await clients.octeth.post('/api/v1/subscriber.create', {
      APIKey: clients.octeth.apiKey,
      ListID: Number(clients.octeth.credentials.octeth.listId),
      EmailAddress: email,
    });
    assert.ok(subscribed.status < 500, subscribed.text);
    const reply = await clients.contacthub.call('POST', '/events', {
      customerId: adaId,
      type: 'viewedPage',
      context: 'WEB',
      properties: { title: name },
    });
    assert.equal(reply.status, 404);
    const message = textMessage('wamid.late', phone.slice(1), Math.floor(Date.now() / 1000), {
      text: { body: name },
    });
    assert.equal((await clients.signals.deliver(delivery(message))).status, 200);
    assert.deepEqual(await find(...valuesOf(ada)), []);
    for (const dialect of ['webengage', 'octeth', 'webmarketer', 'contacthub', 'signals'] as const)
      assert.ok(((await test.store.accounting(dialect))['dropped erased'] ?? 0) > 0, dialect);
    await isSound();
  });

  it('does not take along others who share a key, nor somebody else at the same browser', async () => {
    await erase(adaId);
    const clients = clientsOf(test);
    await clients.webmarketer.sendFine({
      eventType: 'order',
      nonce: randomUUID(),
      trackerId: `tracker-${ada.user}`,
      data: { email: bob.email, note: 'mine' },
    });
    const events = await test.store.events();
    assert.ok(events.some(({ properties }) => properties.note === 'mine'));
    await isSound();
  });

  it('is not kept in quarantine either, before and after', async () => {
    const clients = clientsOf(test);
    const bad = () =>
      clients.webmarketer.send({
        eventType: 'no-such',
        nonce: randomUUID(),
        trackerId: 'x',
        data: { mail: `<${ada.email}>`, ours: ada.name },
      });
    await bad();
    await clients.webmarketer.send({
      eventType: 'no-such',
      nonce: randomUUID(),
      trackerId: 'x',
      data: { mail: bob.email },
    });
    assert.equal((await test.store.quarantined()).length, 2);
    const { body } = await erase(adaId);
    assert.equal(body.counts.quarantined, 1);
    assert.equal((await test.store.quarantined()).length, 1);
    await bad();
    assert.deepEqual(await find(...valuesOf(ada)), []);
    assert.equal((await test.store.accounting('webmarketer'))['dropped erased'], 2);
    await isSound();
  });

  it('never survives, however it streams in meanwhile', async () => {
    const clients = clientsOf(test);
    let stop = false;
    const statuses = new Set<number>();
    const stream = Array.from({ length: 16 }, async (_, index) => {
      for (let count = 0; !stop || count < 5; count++) {
        const reply =
          index % 2 === 0
            ? await clients.webengage.call('/events', {
                userId: ada.user,
                eventName: 'Paid',
                eventData: { for: `${ada.name}${count}` },
              })
            : await clients.octeth.track({
                Event: 'visited',
                Email: ada.email,
                Properties: { page: ada.name },
              });
        statuses.add(reply.status);
      }
    });
    await new Promise((resolve) => setTimeout(resolve, 200));
    const { body } = await erase(adaId);
    await new Promise((resolve) => setTimeout(resolve, 200));
    stop = true;
    await Promise.all(stream);
    await test.app.services.jobs.settle();
    assert.equal((await test.native.read(`/erasures/${body.erasureId}`)).finishedAt !== null, true);
    assert.deepEqual(await find(...valuesOf(ada)), []);
    assert.deepEqual([...statuses].sort(), [200, 201]);
    await isSound();
  });
});

describe('the job of an erasure', () => {
  /** Forgets without the job, as if the process had died right after the commit. */
  async function forget(id: string) {
    const { services } = test.app;
    const workspace = await services.workspaces.reload(test.workspace.created.id);
    const erasure = await forgetPerson(
      services,
      workspace,
      { profileId: id, requestedBy: 'a test' },
      new Date(),
    );
    assert.ok(erasure);
    return erasure;
  }

  it('leaves nobody to be found before it has begun, and goes on after the process that had it has died', async () => {
    const clients = clientsOf(test);
    for (let count = 0; count < 20; count++)
      await clients.webengage.call('/events', {
        userId: ada.user,
        eventName: 'Paid',
        eventData: { for: ada.name },
      });
    const erasure = await forget(adaId);
    assert.equal(await lookUp(ada), 404);
    assert.equal((await test.native.read(`/erasures/${erasure.id}`)).finishedAt, null);
    const due = { workspaceId: test.workspace.created.id, id: erasure.jobId };
    await test.app.services.jobs.run(due, { slices: 2 });
    const dead = { by: randomUUID(), now: new Date(), until: new Date(Date.now() + 60_000) };
    assert.ok(await claimJob(test.database, due, dead));
    assert.equal(await test.app.services.jobs.run(due), 'busy');
    assert.notDeepEqual(await find(ada.name), []);
    test.time.now = Date.now() + 61_000;
    await test.app.services.jobs.settle();
    test.time.now = 0;
    assert.deepEqual(await find(...valuesOf(ada)), []);
    const { receipt } = await test.native.read(`/erasures/${erasure.id}`);
    assert.equal(JSON.parse(receipt).counts.events, 27);
    await isSound();
  });

  it('does each slice once, whoever runs it', async () => {
    const erasure = await forget(adaId);
    const due = { workspaceId: test.workspace.created.id, id: erasure.jobId };
    const other = new JobRunner(test.app.services, () => jobKindsOf(test.app.services));
    await Promise.all([test.app.services.jobs.runToEnd(due), other.runToEnd(due)]);
    await other.stop();
    const changes = await test.database.query<{ total: number }>(
      "select count(*) as total from change where workspace_id = $1 and operation = 'anonymize'",
      [test.workspace.created.id],
    );
    assert.equal(changes[0]?.total, 7);
    await isSound();
  });
});

describe('after an erasure', () => {
  it('no link of his can be undone, and nothing of his replayed', async () => {
    const { links } = await test.native.read(`/people/${adaId}/links`);
    const clients = clientsOf(test);
    await clients.webmarketer.send({
      eventType: 'no-such',
      nonce: randomUUID(),
      trackerId: 'x',
      data: { mail: ada.email },
    });
    const [bad] = await test.store.quarantined();
    await erase(adaId);
    for (const { id } of links)
      assert.equal((await test.native.call('POST', `/links/${id}/undo`)).status, 404);
    assert.equal((await test.native.call('POST', `/quarantine/${bad?.id}/replay`)).status, 404);
    await isSound();
  });

  it('a key that somebody else has, too, stays that one’s', async () => {
    const clients = clientsOf(test);
    await clients.webengage.call('/users', { userId: 'eve-19', phone: `${ada.phone.slice(0, -1)}9` });
    await clients.webengage.call('/users', { userId: 'mia-20', phone: `${ada.phone.slice(0, -1)}9` });
    const [link] = (
      await test.native.read(
        `/people/${(await test.native.read('/people/lookup?kind=user&value=eve-19')).id}/links`,
      )
    ).links;
    assert.ok(link);
    assert.equal((await test.native.call('POST', `/links/${link.id}/undo`)).status, 200);
    const eve = await test.native.read('/people/lookup?kind=user&value=eve-19');
    const { body } = await erase(eve.id);
    assert.equal(body.counts.sharedKeys, 1);
    await clients.webengage.call('/users', { userId: 'mia-20', firstName: 'Mia' });
    const mia = await test.native.read('/people/lookup?kind=user&value=mia-20');
    assert.equal(mia.profiles.length, 1);
    await isSound();
  });
});
