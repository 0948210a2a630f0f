import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { before, describe, it } from 'node:test';
import type { TestWorkspace } from '../../helpers/app.ts';
import { useApp } from '../../helpers/app.ts';
import { ask, at } from '../../helpers/native-client.ts';
import { Store } from '../../helpers/store.ts';
import { OctethClient } from './client.ts';

const test = await useApp();
const octeth = new OctethClient(test);
const path = '/api/v1/admin.events.search';

interface Found {
  readonly EventID: number;
  readonly Event: string;
  readonly UserID: number;
  readonly ListID: number;
  readonly SubscriberID: number;
  readonly WebsiteEventUUID: string;
  readonly CreatedAt: string;
  readonly Properties?: Record<string, unknown>;
}

let workspace: TestWorkspace;
let visitor: string;

const call = (body: Record<string, unknown>, of: TestWorkspace = workspace) =>
  octeth.post(path, { AdminAPIKey: of.credentials.octeth.adminApiKey, ...body });

async function search(body: Record<string, unknown> = {}): Promise<{ Events: Found[]; TotalEvents: number }> {
  const reply = await call(body);
  assert.equal(reply.status, 200, reply.text);
  const { Success, ErrorCode, ErrorText, ...found } = reply.body;
  assert.deepEqual([Success, ErrorCode, ErrorText], [true, 0, '']);
  return found;
}

const namesOf = async (body: Record<string, unknown>) =>
  (await search(body)).Events.map(({ Event }) => Event);

describe('POST /api/v1/admin.events.search', () => {
  before(async () => {
    workspace = await test.addWorkspace();
    visitor = randomUUID();
    const second = { dialect: 'octeth', name: 'Second', externalId: '2' };
    await ask(test, 'POST', at(workspace, '/sources'), { body: second });
    const track = async (now: string, body: Record<string, unknown>) => {
      test.time.now = Date.parse(now);
      assert.equal((await octeth.track(body, workspace)).status, 200);
    };
    // In Paris: the last minutes of 1 March, and the first of 2 March.
    await track('2026-03-01T22:59:59Z', {
      Event: 'signup',
      Email: 'ann@b.test',
      Properties: { plan: 'gold' },
    });
    await track('2026-03-01T23:00:00Z', { Event: 'pageView', UUID: visitor });
    await track('2026-03-02T10:00:00Z', { Event: 'Sign-out_50%', Email: 'bob@b.test', ListID: 2 });
    test.time.now = 0;
  });

  describe('a search', () => {
    it('answers the events of the workspace, the newest first, in the vendor’s form', async () => {
      const { Events, TotalEvents } = await search();
      assert.deepEqual(
        Events.map(({ Event }) => Event),
        ['identify', 'Sign-out_50%', 'pageView', 'identify', 'signup'],
      );
      assert.equal(TotalEvents, 5);
      const { EventID, WebsiteEventUUID, SubscriberID, Properties, ...rest } = Events[4]!;
      assert.deepEqual(rest, {
        Event: 'signup',
        UserID: workspace.created.id,
        ListID: 1,
        CreatedAt: '2026-03-01 23:59:59',
      });
      assert.match(WebsiteEventUUID, /^[0-9a-f-]{36}$/);
      assert.ok(SubscriberID > 0 && EventID > 0);
      assert.equal(Properties!.plan, 'gold');
      assert.equal(Events[2]!.SubscriberID, 0, 'an anonymous visitor');
      const sorted = Events.map((event) => event.EventID).toSorted((a, b) => b - a);
      assert.deepEqual(
        Events.map((event) => event.EventID),
        sorted,
      );
    });

    it('filters by user, list, subscriber, type and a part of the name, in any case', async () => {
      const [, , , , signup] = (await search()).Events;
      assert.deepEqual(await namesOf({ FilterByUserID: workspace.created.id, EventType: 'signup' }), [
        'signup',
      ]);
      assert.deepEqual(await namesOf({ FilterByUserID: workspace.created.id + 1 }), []);
      assert.deepEqual(await namesOf({ FilterByListID: '2' }), ['identify', 'Sign-out_50%']);
      assert.deepEqual(await namesOf({ FilterByListID: 99 }), []);
      assert.deepEqual(await namesOf({ filterbysubscriberid: signup!.SubscriberID }), ['identify', 'signup']);
      assert.deepEqual(await namesOf({ FilterBySubscriberID: 987654 }), []);
      assert.deepEqual(await namesOf({ EventType: 'PAGEVIEW' }), ['pageView']);
      assert.deepEqual(await namesOf({ SearchKeyword: 'SIGN' }), ['Sign-out_50%', 'signup']);
      assert.deepEqual(await namesOf({ SearchKeyword: '%' }), ['Sign-out_50%']);
      assert.deepEqual(await namesOf({ EventType: 'nothing' }), []);
      const nothing = {
        EventType: 'All',
        SearchKeyword: '',
        FilterByListID: 0,
        FilterByUserID: '',
        DateFrom: '',
      };
      assert.equal((await search(nothing)).TotalEvents, 5);
      const both = await search({ FilterByListID: 1, EventType: 'identify' });
      assert.deepEqual([both.Events.length, both.TotalEvents], [1, 1]);
    });

    it('filters by days of the workspace’s time zone, both inclusive', async () => {
      assert.deepEqual(await namesOf({ DateTo: '2026-03-01' }), ['identify', 'signup']);
      assert.deepEqual(
        await namesOf({ DateFrom: '2026-03-02', DateTo: '2026-03-02', EventType: 'pageview' }),
        ['pageView'],
      );
      const later = await search({ DateFrom: '2026-03-02' });
      assert.deepEqual([later.Events.length, later.TotalEvents], [3, 3]);
      const none = await search({ DateFrom: '2026-03-03', DateTo: '2026-03-01' });
      assert.deepEqual(none, { Events: [], TotalEvents: 0 });
    });

    it('finds an event by its UUID, and what a browser did by the one that event.track has answered', async () => {
      const [, , view] = (await search()).Events;
      assert.deepEqual(await namesOf({ WebsiteEventUUID: view!.WebsiteEventUUID.toUpperCase() }), [
        'pageView',
      ]);
      assert.deepEqual(await namesOf({ WebsiteEventUUID: visitor }), ['pageView']);
      const [signup] = (await search({ EventType: 'signup' })).Events;
      const byBrowser = { WebsiteEventUUID: String(signup!.Properties!.$uuid) };
      const found = await search(byBrowser);
      assert.deepEqual(
        [found.Events.map(({ Event }) => Event), found.TotalEvents],
        [['identify', 'signup'], 2],
      );
      const other = (await search({ FilterByListID: 2 })).Events[0]!.SubscriberID;
      assert.deepEqual(await namesOf({ ...byBrowser, FilterBySubscriberID: other }), []);
      assert.deepEqual(await namesOf({ WebsiteEventUUID: randomUUID() }), []);
    });

    it('pages, in the asked order where both parts of it are right, and counts all', async () => {
      const all = (await search()).Events.map(({ EventID }) => EventID);
      const idsOf = async (body: Record<string, unknown>) => {
        const { Events, TotalEvents } = await search(body);
        assert.equal(TotalEvents, 5);
        return Events.map(({ EventID }) => EventID);
      };
      assert.deepEqual(await idsOf({ RecordsPerRequest: 2 }), all.slice(0, 2));
      assert.deepEqual(await idsOf({ RecordsPerRequest: '2', RecordsFrom: '3' }), all.slice(3));
      assert.deepEqual(await idsOf({ RecordsFrom: 5 }), []);
      for (const OrderField of ['EventID', 'createdat']) {
        const order = { OrderField, OrderType: 'asc', RecordsPerRequest: 3 };
        assert.deepEqual(await idsOf(order), all.toReversed().slice(0, 3), OrderField);
      }
      for (const order of [
        { OrderField: 'EventID' },
        { OrderType: 'ASC' },
        { OrderField: 'Event; drop table event', OrderType: 'ASC' },
        { OrderField: 'CreatedAt', OrderType: 'up' },
      ])
        assert.deepEqual(await idsOf(order), all);
    });

    it('leaves properties out when it is told to', async () => {
      for (const IncludeProperties of [false, 'false', '0', 0])
        for (const event of (await search({ IncludeProperties })).Events) assert.ok(!('Properties' in event));
      assert.ok('Properties' in (await search({ IncludeProperties: '1' })).Events[0]!);
    });

    it('shows a visitor’s past events as the subscriber’s once it is bound, and no longer when that is undone', async () => {
      const of = await test.addWorkspace();
      const uuid = randomUUID();
      await octeth.track({ Event: 'pageView', UUID: uuid }, of);
      await octeth.track({ Event: 'identify', UUID: uuid, Email: 'eve@b.test' }, of);
      const subscribers = async () => {
        const reply = await call({}, of);
        return reply.body.Events.map((event: Found) => event.SubscriberID);
      };
      const [known, ...others] = await subscribers();
      assert.ok(known > 0);
      assert.deepEqual(others, [known]);
      const [link] = await new Store(test, of).links();
      assert.equal((await ask(test, 'POST', at(of, `/links/${link!.id}/undo`))).status, 200);
      assert.deepEqual(await subscribers(), [known, 0]);
    });

    it('refuses a page that is too large, and answers a smaller one', async () => {
      const of = await test.addWorkspace();
      const Properties = { text: 'x'.repeat(900_000) };
      for (let index = 0; index < 19; index++)
        await octeth.track({ Event: 'large', Email: `large-${index}@b.test`, Properties }, of);
      const refused = await call({}, of);
      assert.deepEqual([refused.status, refused.body.ErrorCode], [400, 2]);
      assert.match(refused.body.ErrorText, /RecordsPerRequest/);
      assert.equal((await call({ RecordsPerRequest: 30 }, of)).body.Events.length, 30);
      assert.equal((await call({ IncludeProperties: false }, of)).body.Events.length, 38);
    });

    it('says which parameter is wrong', async () => {
      for (const [body, code] of [
        [{ FilterByListID: 'x' }, 2],
        [{ RecordsFrom: -1 }, 2],
        [{ FilterBySubscriberID: { a: 1 } }, 2],
        [{ RecordsPerRequest: 1.5 }, 2],
        [{ WebsiteEventUUID: 'evt_1' }, 2],
        [{ SearchKeyword: 'x'.repeat(256) }, 2],
        [{ EventType: 'a\u0000' }, 2],
        [{ DateFrom: '2026-02-30' }, 11],
        [{ DateTo: '01.03.2026' }, 11],
      ] as const) {
        const reply = await call(body);
        assert.equal(reply.status, 400, reply.text);
        assert.equal(reply.body.ErrorCode, code);
        assert.equal(reply.body.Errors[0].Code, code);
      }
      const legacy = await octeth.post('/api.php', {
        Command: 'Admin.Events.Search',
        AdminAPIKey: workspace.credentials.octeth.adminApiKey,
        DateFrom: 'x',
      });
      assert.deepEqual([legacy.status, legacy.body.ErrorCode], [200, 11]);
    });

    it('is there under the older path too, with XML', async () => {
      const { adminApiKey } = workspace.credentials.octeth;
      const form = `Command=admin.events.search&adminapikey=${adminApiKey}&RecordsPerRequest=1&ResponseFormat=XML`;
      const reply = await octeth.post('/api.php', form, {
        'content-type': 'application/x-www-form-urlencoded',
      });
      assert.equal(reply.status, 200);
      assert.match(reply.text, /<TotalEvents>5<\/TotalEvents>/);
    });
  });

  describe('who may search', () => {
    it('a key of the role admin, however it is shown; it sees its own workspace alone', async () => {
      const { adminApiKey } = workspace.credentials.octeth;
      assert.equal((await octeth.post(path, { APIKey: adminApiKey })).body.TotalEvents, 5);
      const headers = { 'content-type': 'application/json', authorization: `Bearer ${adminApiKey}` };
      assert.equal((await octeth.post(path, {}, headers)).body.TotalEvents, 5);
      const empty = await call({ FilterByUserID: workspace.created.id }, test.workspace);
      assert.deepEqual(empty.body.Events, []);
    });

    it('not a user’s key or session, not another API’s key, nobody', async () => {
      const { octeth: keys, webmarketer, admin } = workspace.credentials;
      const login = await octeth.post('/api.php', { Command: 'User.Login', APIKey: keys.adminApiKey });
      const session = login.body.SessionID;
      for (const shown of [{ APIKey: keys.apiKey }, { AdminAPIKey: keys.apiKey }, { SessionID: session }]) {
        const reply = await octeth.post(path, { ...shown, DateFrom: 'x' });
        assert.deepEqual([reply.status, reply.body.ErrorCode], [403, 99999], reply.text);
        const legacy = await octeth.post('/api.php', { Command: 'admin.events.search', ...shown });
        assert.deepEqual([legacy.status, legacy.body.ErrorCode], [200, 99999]);
      }
      for (const AdminAPIKey of ['', 'wrong', webmarketer.accessToken, admin.token]) {
        const reply = await octeth.post(path, { AdminAPIKey });
        assert.deepEqual([reply.status, reply.body.ErrorCode], [401, 99998]);
      }
    });

    it('and AdminAPIKey opens nothing else', async () => {
      const AdminAPIKey = workspace.credentials.octeth.adminApiKey;
      const reply = await octeth.post('/api/v1/event', {
        AdminAPIKey,
        ListID: 1,
        Event: 'a',
        Email: 'a@b.test',
      });
      assert.equal(reply.status, 401);
    });
  });
});
