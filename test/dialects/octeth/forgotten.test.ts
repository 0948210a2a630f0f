import assert from 'node:assert/strict';
import { createHash, randomUUID } from 'node:crypto';
import { beforeEach, describe, it } from 'node:test';
import { useApp } from '../../helpers/app.ts';
import { verifyWorkspace } from '../../helpers/derived.ts';
import { useFolder } from '../../helpers/folder.ts';
import { inject } from '../../helpers/vendor-client.ts';
import { OctethClient } from './client.ts';
import { trackerIds } from './tracker/browser.ts';

const environment = { THROUGHLINE_DATA_DIR: await useFolder() };
const test = await useApp({ freshWorkspace: true, environment });
const octeth = new OctethClient(test);

const ada = { Email: 'ada@forget.example', ID: 'customer-7', UUID: randomUUID() };
const bob = { Email: 'bob@forget.example', ID: 'customer-8', UUID: randomUUID() };
const hashOf = (text: string) => createHash('sha256').update(text).digest('hex');

/** Two subscribers with a number each, who have bought something. */
beforeEach(async () => {
  const field = await octeth.post('/api.php', {
    Command: 'CustomField.Create',
    APIKey: octeth.apiKey,
    SubscriberListID: octeth.credentials.octeth.listId,
    FieldName: 'Number',
    FieldType: 'Single line',
    MergeTagAlias: 'Number',
    UniqueIdentifier: true,
  });
  assert.equal(field.body.Success, true, field.text);
});

const buy = (somebody: object) => octeth.track({ Event: 'bought', ...somebody });

async function forget({ Email }: typeof ada): Promise<Record<string, number>> {
  const person = await test.native.read(`/people/lookup?kind=email&value=${Email}`);
  const { status, body } = await test.native.call('POST', `/people/${person.id}/erase`);
  assert.equal(status, 200, JSON.stringify(body));
  return body.counts;
}

interface Found {
  readonly Event: string;
  readonly SubscriberID: number;
  readonly WebsiteEventUUID: string;
}

async function search(body: object = {}): Promise<readonly Found[]> {
  const AdminAPIKey = octeth.credentials.octeth.adminApiKey;
  const reply = await octeth.post('/api/v1/admin.events.search', { AdminAPIKey, ...body });
  assert.equal(reply.status, 200, reply.text);
  const { Events, TotalEvents } = reply.body;
  assert.equal(TotalEvents, Events.length, JSON.stringify(body));
  return Events;
}

describe('the search for events', () => {
  it('neither shows nor counts those of the forgotten, whatever is asked for', async () => {
    for (const somebody of [ada, bob]) assert.equal((await buy(somebody)).status, 200);
    const of = new Map<string, Found[]>();
    for (const { Email, UUID } of [ada, bob]) of.set(Email, [...(await search({ WebsiteEventUUID: UUID }))]);
    const [first, second] = [of.get(ada.Email), of.get(bob.Email)];
    assert.deepEqual([first?.length, second?.length], [2, 2]);
    await forget(ada);
    const today = new Date().toISOString().slice(0, 10);
    const yesterday = new Date(Date.now() - 86_400_000).toISOString().slice(0, 10);
    const questions = [
      {},
      { EventType: 'bought' },
      { SearchKeyword: 'ident' },
      { FilterByListID: octeth.credentials.octeth.listId },
      { DateFrom: yesterday },
      { OrderField: 'CreatedAt', OrderType: 'ASC', DateFrom: yesterday, EventType: 'bought' },
      { OrderField: 'EventID', OrderType: 'ASC', RecordsPerRequest: 10, IncludeProperties: 'false' },
    ];
    for (const question of questions) {
      const found = await search(question);
      assert.ok(found.length > 0, JSON.stringify(question));
      for (const { SubscriberID } of found) assert.equal(SubscriberID, second?.[0]?.SubscriberID);
    }
    assert.deepEqual(await search({ DateTo: '2020-01-01' }), []);
    for (const question of [
      { FilterBySubscriberID: first?.[0]?.SubscriberID },
      { WebsiteEventUUID: first?.[0]?.WebsiteEventUUID },
      { WebsiteEventUUID: ada.UUID },
      { WebsiteEventUUID: ada.UUID, DateFrom: yesterday, DateTo: today },
    ])
      assert.deepEqual(await search(question), [], JSON.stringify(question));
  });
});

describe('what names somebody who was forgotten by the ID alone', () => {
  it('is dropped and counted, by the number or the hash of the address, and answered', async () => {
    for (const somebody of [ada, bob]) await buy(somebody);
    await forget(ada);
    const before = await test.store.count('event');
    for (const ID of [ada.ID, hashOf(ada.Email), hashOf(ada.Email).toUpperCase()]) {
      const reply = await buy({ ID, UUID: randomUUID() });
      assert.deepEqual([reply.status, reply.body.external_id], [200, ID]);
    }
    const message = {
      v: 1,
      ...(await trackerIds(test)),
      id: randomUUID(),
      uuid: randomUUID(),
      event: 'seen',
    };
    const told = await inject(test, {
      method: 'POST',
      url: '/hello/message',
      headers: { 'content-type': 'text/plain' },
      body: JSON.stringify({ ...message, hash: hashOf(ada.Email) }),
    });
    assert.equal(told.status, 200, told.text);
    assert.equal(await test.store.count('event'), before);
    assert.equal((await test.store.accounting('octeth'))['dropped erased'], 4);
    await buy({ ID: bob.ID, UUID: randomUUID() });
    await buy({ ID: 'customer-9', UUID: randomUUID() });
    assert.equal(await test.store.count('event'), before + 2, 'others are as they were');
  });

  it('goes out of the quarantine, whatever the member is called by', async () => {
    const bad = (more: object) =>
      octeth.track({
        Event: 'conversion',
        UUID: randomUUID(),
        Properties: { 'conversion-id': '1' },
        ...more,
      });
    await bad({ ID: ada.ID });
    await bad({ ID: bob.ID });
    await bad({ ID: 'another', Properties: { number: ada.ID } });
    for (const somebody of [ada, bob]) await buy(somebody);
    assert.equal((await test.store.quarantined()).length, 3);
    assert.equal((await forget(ada)).quarantined, 2);
    const [left, ...others] = await test.store.quarantined();
    assert.deepEqual([JSON.parse(left?.raw ?? '{}').ID, others.length], [bob.ID, 0]);
    await bad({ ID: ada.ID });
    assert.equal((await test.store.quarantined()).length, 1);
    const { checks } = await verifyWorkspace(test.database, test.workspace.created.id);
    assert.deepEqual(
      checks.filter(({ ok }) => !ok),
      [],
    );
  });
});
