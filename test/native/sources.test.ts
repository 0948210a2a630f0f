import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { before, describe, it } from 'node:test';
import type { DialectName } from '../../src/core/dialect-name.ts';
import { changeSource } from '../../src/core/source/change-source.ts';
import { WorkspaceCache } from '../../src/core/workspace/workspace-cache.ts';
import { dialects, workspaceParts } from '../../src/dialects/registry.ts';
import { ContacthubClient } from '../dialects/contacthub/client.ts';
import { delivery, SignalsClient, textMessage } from '../dialects/signals/client.ts';
import { field, WebmarketerClient } from '../dialects/webmarketer/client.ts';
import { type TestWorkspace, useApp } from '../helpers/app.ts';
import { ask, at } from '../helpers/native-client.ts';
import { inject, type Reply } from '../helpers/vendor-client.ts';
import { workspaceKey } from './helpers.ts';

interface ShownSource {
  readonly id: string;
  readonly dialect: DialectName;
  readonly externalId: string;
  readonly name: string;
  readonly archivedAt: string | null;
}

const test = await useApp();
const signals = new SignalsClient(test);
const webmarketer = new WebmarketerClient(test);
const hub = new ContacthubClient(test);
const admin = { token: test.workspace.credentials.contacthub.adminToken };
/** Of Contacthub, with a token of its own. */
let till: { readonly id: string; readonly token: string };
/** What its token changes and takes away; each is taken away once. */
const doomed: { edited: string; events: string[]; customers: string[] } = {
  edited: '',
  events: [],
  customers: [],
};

before(async () => {
  await webmarketer.defineType('order', [field('user', 'email', 'email', { discriminant: true })]);
  till = (await hub.call('POST', '/configuration/sources', { name: 'Till' }, admin)).body;
  doomed.edited = await viewPage();
  doomed.events = [await viewPage(), await viewPage()];
  doomed.customers = [(await hub.create(email())).id, (await hub.create(email())).id];
});

async function viewPage(): Promise<string> {
  const bringBackProperties = { type: 'EXTERNAL_ID', value: randomUUID(), nodeId: hub.nodeId };
  const reply = await hub.call('POST', '/events', { ...pageView, bringBackProperties });
  assert.equal(reply.status, 202, reply.text);
  return reply.body.id;
}

/** Takes away the next of these. */
async function takeAway(path: string, ids: string[]): Promise<Reply> {
  const reply = await hub.call('DELETE', `${path}/${ids[0]}`, undefined, till);
  if (reply.status < 300) ids.shift();
  return reply;
}

async function listSources(workspace: TestWorkspace = test.workspace): Promise<ShownSource[]> {
  const reply = await ask(test, 'GET', at(workspace, '/sources'));
  return reply.body.sources;
}

async function findSource(dialect: DialectName, workspace = test.workspace): Promise<ShownSource> {
  const found = (await listSources(workspace)).find((source) => source.dialect === dialect);
  return found ?? assert.fail(`${dialect} has no source`);
}

async function addSource(dialect: DialectName, workspace: TestWorkspace): Promise<ShownSource> {
  const body = { dialect, name: 'Spare' };
  const reply = await ask(test, 'POST', at(workspace, '/sources'), { body });
  assert.equal(reply.status, 201, reply.text);
  return reply.body.source;
}

const change = (id: string, body: object, workspace = test.workspace, key?: string | null) =>
  ask(test, 'PATCH', at(workspace, `/sources/${id}`), { body, ...(key === undefined ? {} : { key }) });

/** As another process does it, of which this one has not heard yet. */
async function archiveElsewhere(id: string): Promise<void> {
  const elsewhere = {
    database: test.database,
    workspaces: new WorkspaceCache(test.database, workspaceParts),
  };
  const { created } = test.workspace;
  const changed = await changeSource(elsewhere, dialects, created.id, id, { archived: true }, new Date());
  assert.equal(changed.kind, 'changed');
}

/** What the workspace holds, but what was refused. */
async function readHeld() {
  const { accounting, ...rows } = await test.store.countAllRows();
  const { hours } = await test.native.read('/accounting');
  const counted = hours.map(({ refused, refusedBy, ...hour }: Record<string, unknown>) => hour);
  return { rows, taken: counted.filter(({ received }: { received: number }) => received > 0) };
}

/** A way by which events come in, or what they are of. */
interface Way {
  readonly name: string;
  readonly send: () => Promise<Reply>;
  /** What it is answered while its source is archived, in the vendor's form. */
  readonly refusal: readonly [status: number, body: object];
}

const pageView = { type: 'viewedPage', context: 'WEB', properties: {} };
const email = () => `${randomUUID()}@example.com`;
const octeth = (path: string, body: Record<string, unknown>) =>
  inject(test, { method: 'POST', url: path, body });

/** A new dialect has to say here how its sources are shut. */
const ways: Readonly<Record<DialectName, readonly Way[]>> = {
  // Its events name nothing that they come in by: to shut an account, its keys are revoked or the workspace is suspended.
  webengage: [],
  octeth: [
    {
      name: 'an event',
      send: () => {
        const { apiKey, listId } = test.workspace.credentials.octeth;
        return octeth('/api/v1/event', { APIKey: apiKey, ListID: listId, Event: 'opened', Email: email() });
      },
      refusal: [422, { Errors: [{ Code: 4, Message: 'Invalid ListID parameter' }] }],
    },
    {
      name: 'a subscriber',
      send: () => {
        const { apiKey, listId } = test.workspace.credentials.octeth;
        const Status = 'Unsubscribed';
        const dates = { UnsubscriptionDate: '2026-01-02 03:04:05', UnsubscriptionIP: '127.0.0.1' };
        const body = { APIKey: apiKey, ListID: listId, EmailAddress: email(), Status, ...dates };
        return octeth('/api/v1/subscriber.create', body);
      },
      refusal: [422, { Success: false, ErrorCode: 4, Errors: [{ Code: 4, Message: 'Invalid ListID.' }] }],
    },
    {
      name: 'a message of a page',
      send: async () => {
        const { lists } = await test.native.read('/octeth/tracker');
        tracked ??= lists[0];
        const { user, list } = tracked ?? assert.fail('no list is tracked');
        const sent = {
          v: 1,
          user,
          list,
          id: randomUUID(),
          uuid: randomUUID(),
          event: 'signup',
          properties: {},
        };
        const headers = { 'content-type': 'text/plain', origin: 'https://shop.example' };
        return inject(test, { method: 'POST', url: '/hello/message', headers, body: JSON.stringify(sent) });
      },
      refusal: [422, { Errors: [{ Code: 4, Message: 'Invalid ListID parameter' }] }],
    },
  ],
  webmarketer: [
    {
      name: 'an offline interaction',
      send: () => {
        const { wmktId, projectId } = test.workspace.credentials.webmarketer;
        const body = { userData: { email: email() }, nodeData: { wmktId } };
        return webmarketer.request('POST', `/projects/${projectId}/interactions/offline`, body);
      },
      refusal: [
        400,
        {
          statusCode: 400,
          message:
            'wmktId in nodeData is not the id of an integration of the project: take one of GET …/integrations',
          error: 'Bad Request',
        },
      ],
    },
  ],
  contacthub: [
    {
      name: 'an event',
      send: () => {
        const bringBackProperties = { type: 'EXTERNAL_ID', value: randomUUID(), nodeId: hub.nodeId };
        return hub.call('POST', '/events', { ...pageView, bringBackProperties }, till);
      },
      refusal: [403, { message: 'The source is archived: nothing comes in by it.', data: null, errors: [] }],
    },
    {
      name: 'an event written anew',
      send: () => hub.call('PUT', `/events/${doomed.edited}`, pageView, till),
      refusal: [403, { message: 'The source is archived: nothing comes in by it.', data: null, errors: [] }],
    },
    {
      name: 'an event deleted',
      send: () => takeAway('/events', doomed.events),
      refusal: [403, { message: 'The source is archived: nothing comes in by it.', data: null, errors: [] }],
    },
    {
      name: 'a customer deleted',
      send: () => takeAway('/customers', doomed.customers),
      refusal: [403, { message: 'The source is archived: nothing comes in by it.', data: null, errors: [] }],
    },
    {
      name: 'a customer',
      send: () => {
        const body = { nodeId: hub.nodeId, base: { contacts: { email: email() } } };
        return hub.call('POST', '/customers', body, till);
      },
      refusal: [403, { message: 'The source is archived: nothing comes in by it.', data: null, errors: [] }],
    },
  ],
  signals: [
    {
      name: 'a message',
      send: () => signals.deliver(delivery(textMessage(randomUUID(), '4915112345678', 1772443800))),
      refusal: [404, { detail: 'Not found: The app is archived: nothing comes in by it.' }],
    },
    {
      name: 'an external event',
      send: () => {
        const { apiKey, appId, clientId } = test.workspace.credentials.signals;
        const external_event = { action: 'purchase', lead_phone: '+4915112345678', app_id: appId };
        const body = { api_key: apiKey, external_event };
        return inject(test, { method: 'POST', url: `/clients/${clientId}/external-events`, body });
      },
      refusal: [404, { detail: 'Not found: The app is archived: nothing comes in by it.' }],
    },
  ],
};
let tracked: { readonly user: string; readonly list: string } | undefined;

async function assertSends({ name, send }: Way): Promise<void> {
  const reply = await send();
  assert.ok(reply.status < 300, `${name}: ${reply.text}`);
}

async function assertRefused({ name, send, refusal }: Way): Promise<void> {
  const { status, body } = await send();
  const { logref, ...told } = body;
  assert.deepEqual([status, told], refusal, name);
}

describe('an archived source', () => {
  for (const [dialect, theirs] of Object.entries(ways) as [DialectName, readonly Way[]][]) {
    if (theirs.length === 0) {
      it(`is none of ${dialect}’s, which has no sources`, async () => {
        const provision = dialects.find(({ name }) => name === dialect)?.provision;
        assert.equal(provision?.source, undefined);
        assert.ok((await listSources()).every((source) => source.dialect !== dialect));
      });
      continue;
    }
    it(`takes nothing of ${dialect}: it is refused in the vendor’s form, also where the process has not heard of it, until it is taken back`, async () => {
      if (dialect !== 'contacthub') await addSource(dialect, test.workspace);
      const { id } = await findSource(dialect);
      for (const way of theirs) await assertSends(way);
      const held = await readHeld();
      // One refusal of the engine's, and the process has heard of it: so it is archived anew for each way.
      for (const way of theirs) {
        await archiveElsewhere(id);
        await assertRefused(way);
        assert.equal((await change(id, { archived: false })).status, 200);
      }
      await archiveElsewhere(id);
      await test.app.services.workspaces.reload(test.workspace.created.id);
      for (const way of theirs) await assertRefused(way);
      assert.deepEqual(await readHeld(), held);
      assert.equal((await change(id, { archived: false })).status, 200);
      for (const way of theirs) await assertSends(way);
    });
  }

  it('has its refusals counted as such', async () => {
    const { id } = await findSource('octeth');
    await change(id, { archived: true });
    for (const way of ways.octeth) await assertRefused(way);
    await change(id, { archived: false });
    const until = Date.now() + 10_000;
    for (;;) {
      const { hours } = await test.native.read('/accounting');
      const counts = hours.map(
        (hour: { refusedBy: Record<string, number> }) => hour.refusedBy['source-archived'],
      );
      if (counts.some((count: number) => count >= 3)) break;
      assert.ok(Date.now() < until, JSON.stringify(hours));
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  });

  it('keeps what came in by it, under its name, which can be another', async () => {
    const workspace = await test.addWorkspace();
    const { apiKey, listId } = workspace.credentials.octeth;
    const event = { APIKey: apiKey, ListID: listId, Event: 'opened', Email: 'ann@example.com' };
    assert.equal((await octeth('/api/v1/event', event)).status, 200);
    await addSource('octeth', workspace);
    const { id } = await findSource('octeth', workspace);
    const archived = await change(id, { name: 'Former', archived: true }, workspace);
    assert.deepEqual([archived.status, archived.body.name], [200, 'Former']);
    assert.ok(archived.body.archivedAt);
    const one = await ask(test, 'GET', at(workspace, `/sources/${id}`));
    // The subscriber's first event has given rise to another (identify).
    assert.deepEqual([one.body.name, one.body.events, one.body.touchpoints], ['Former', 2, null]);
    const { body } = await ask(test, 'GET', at(workspace, '/events'));
    assert.deepEqual([...new Set(body.events.map(({ sourceId }: { sourceId: string }) => sourceId))], [id]);
    const again = await change(id, { archived: true }, workspace);
    assert.equal(again.body.archivedAt, archived.body.archivedAt);
    const shown = await octeth('/api.php', { Command: 'List.Get', APIKey: apiKey, ListID: listId });
    assert.equal(shown.body.List.Name, 'Former');
    const { lists } = (await ask(test, 'GET', at(workspace, '/octeth/tracker'))).body;
    assert.deepEqual(
      lists.map(({ listId: number }: { listId: string }) => number),
      ['2'],
    );
  });

  it('is counted by what it takes: an integration by its visits, one of Contacthub not at all', async () => {
    const { id } = await findSource('webmarketer');
    const { wmktId } = test.workspace.credentials.webmarketer;
    const { touchpoints } = await test.native.read(`/sources/${id}`);
    const visit = { url: `https://shop.example/?wmktid=${wmktId}&cid=spring`, trackerId: randomUUID() };
    await test.native.call('POST', '/visits', { body: visit });
    const integration = await test.native.read(`/sources/${id}`);
    assert.deepEqual([integration.events, integration.touchpoints], [null, touchpoints + 1]);
    await change(id, { archived: true });
    const later = await test.native.call('POST', '/visits', { body: { ...visit, trackerId: randomUUID() } });
    assert.equal(later.status, 201);
    assert.equal((await test.native.read(`/sources/${id}`)).touchpoints, touchpoints + 1);
    await change(id, { archived: false });
    const own = await test.native.read(`/sources/${(await findSource('contacthub')).id}`);
    assert.deepEqual([own.events, own.touchpoints], [null, null]);
  });

  it('keeps in quarantine what came in by it before: a replay, and its trial, say why', async () => {
    const { apiKey, listId } = test.workspace.credentials.octeth;
    const Email = email();
    const bad = { APIKey: apiKey, ListID: listId, Event: 'conversion', Email };
    assert.equal((await octeth('/api/v1/event', bad)).status, 422);
    const { events } = await test.native.read('/quarantine?dialect=octeth');
    const { id } = await findSource('octeth');
    await change(id, { archived: true });
    const replay = (body: object | null) =>
      test.native.call('POST', `/quarantine/${events[0].id}/replay`, { body });
    const replayed = await replay(null);
    assert.deepEqual([replayed.status, replayed.body.error.violation.rule], [422, 'source-archived']);
    assert.equal((await replay({ dryRun: true })).status, 200);
    await change(id, { archived: false });
    assert.notEqual((await replay(null)).body.error.violation.rule, 'source-archived');
  });
});

describe('a source of Contacthub that is archived', () => {
  it('still reads in its nodes by its token, which is not revoked, and is not there for the vendor’s API', async () => {
    const second = await hub.addNode();
    const sent = { name: 'Kiosk', nodes: [second] };
    const kiosk = (await hub.call('POST', '/configuration/sources', sent, admin)).body;
    const { id } = (await listSources()).find(({ externalId }) => externalId === kiosk.id)!;
    assert.equal((await change(id, { archived: true })).status, 200);
    const read = async (nodeId: string) =>
      (await hub.call('GET', `/customers?nodeId=${nodeId}`, undefined, kiosk)).status;
    assert.deepEqual([await read(second), await read(hub.nodeId)], [200, 403]);
    const path = `/configuration/sources/${kiosk.id}`;
    for (const [method, below] of [
      ['GET', ''],
      ['PUT', ''],
      ['DELETE', ''],
      ['POST', '/refresh-token'],
    ] as const) {
      const body = method === 'PUT' ? { name: 'Mine' } : undefined;
      assert.equal((await hub.call(method, `${path}${below}`, body, admin)).status, 404, method);
    }
    const { elements } = (await hub.call('GET', '/configuration/sources', undefined, admin)).body;
    assert.ok(elements.every(({ id: listed }: { id: string }) => listed !== kiosk.id));
    assert.equal((await change(id, { archived: false, name: 'Kiosk 2' })).status, 200);
    assert.equal((await hub.call('GET', path, undefined, admin)).body.name, 'Kiosk 2');
    assert.deepEqual([await read(second), await read(hub.nodeId)], [200, 403]);
  });

  it('and was deleted by the vendor’s API is taken back without the tokens that ended', async () => {
    const made = (await hub.call('POST', '/configuration/sources', { name: 'Old' }, admin)).body;
    const path = `/configuration/sources/${made.id}`;
    await hub.call('DELETE', path, undefined, admin);
    const { id } = (await listSources()).find(({ externalId }) => externalId === made.id)!;
    assert.equal((await change(id, { archived: false })).status, 200);
    const search = `/customers?nodeId=${hub.nodeId}`;
    assert.equal((await hub.call('GET', search, undefined, made)).status, 401);
    const refreshed = (await hub.call('POST', `${path}/refresh-token`, undefined, admin)).body;
    assert.equal((await hub.call('GET', search, undefined, refreshed)).status, 200);
  });
});

describe('POST …/sources', () => {
  it('refuses the id of one that is archived, which keeps its settings, and says how it is taken back', async () => {
    const workspace = await test.addWorkspace();
    const url = at(workspace, '/sources');
    const body = { dialect: 'webmarketer', name: 'Ads', externalId: 'ads', settings: { currency: 'USD' } };
    const { source } = (await ask(test, 'POST', url, { body })).body;
    assert.deepEqual(source.settings, { currency: 'USD' });
    await change(source.id, { archived: true }, workspace);
    const refused = await ask(test, 'POST', url, { body: { ...body, settings: {} } });
    assert.deepEqual([refused.status, refused.body.error.path], [409, 'body/externalId']);
    const advice = `take it back by PATCH …/sources/${source.id} {"archived": false}`;
    assert.ok(refused.body.error.message.includes(advice), refused.body.error.message);
    const back = await change(source.id, { archived: false }, workspace);
    assert.deepEqual([back.status, back.body.settings], [200, { currency: 'USD' }]);
    const taken = await ask(test, 'POST', url, { body });
    assert.match(taken.body.error.message, /of this id already\.$/);
  });
});

describe('PATCH …/sources/{sourceId}', () => {
  it('refuses to archive the only one in use of an API, also when the last two are archived at once', async () => {
    const workspace = await test.addWorkspace();
    for (const dialect of ['octeth', 'webmarketer', 'signals'] as const) {
      const { id, externalId } = await findSource(dialect, workspace);
      const refused = await change(id, { archived: true }, workspace);
      assert.deepEqual([refused.status, refused.body.error.path], [409, 'body/archived']);
      assert.match(refused.body.error.message, new RegExp(`^${externalId} is .* add another one first\\.$`));
      const spare = await addSource(dialect, workspace);
      const replies = await Promise.all(
        [id, spare.id].map((one) => change(one, { archived: true }, workspace)),
      );
      assert.deepEqual(replies.map(({ status }) => status).sort(), [200, 409], dialect);
    }
  });

  it('takes none back whose name, or whose client, was removed from the workspace', async () => {
    const workspace = await test.addWorkspace();
    const names = (method: 'POST' | 'DELETE', path: string, body?: object) =>
      ask(test, method, at(workspace, `/bindings${path}`), body === undefined ? {} : { body });
    const { partnerId } = workspace.credentials.signals;
    const client = { dialect: 'signals', kind: 'client', externalId: `client-${randomUUID().slice(0, 8)}` };
    await names('POST', '', { ...client, partnerId });
    const body = { dialect: 'signals', name: 'Own', settings: { clientId: client.externalId } };
    const { source } = (await ask(test, 'POST', at(workspace, '/sources'), { body })).body;
    assert.equal((await change(source.id, { archived: true }, workspace)).status, 200);
    assert.equal((await names('DELETE', `/signals/client/${client.externalId}`)).status, 204);
    const orphan = await change(source.id, { archived: false }, workspace);
    assert.deepEqual([orphan.status, orphan.body.error.path], [409, 'body/archived']);
    assert.match(orphan.body.error.message, /give that first\.$/);
    assert.equal((await names('DELETE', `/signals/app/${source.externalId}`)).status, 204);
    const nameless = await change(source.id, { archived: false }, workspace);
    assert.equal(nameless.status, 409);
    assert.match(nameless.body.error.message, /add it anew\.$/);
  });

  it('leaves one in use, whose name is not taken from the workspace while the others are archived', async () => {
    const workspace = await test.addWorkspace();
    const { externalId } = await findSource('signals', workspace);
    const spare = await addSource('signals', workspace);
    const take = () => ask(test, 'DELETE', at(workspace, `/bindings/signals/app/${externalId}`));
    assert.equal((await change(spare.id, { archived: true }, workspace)).status, 200);
    const refused = await take();
    assert.equal(refused.status, 409);
    assert.match(refused.body.error.message, /only app of signals: give it another one first/);
    assert.equal((await change(spare.id, { archived: false }, workspace)).status, 200);
    assert.equal((await take()).status, 204);
  });

  it('and GET know a source by its id in capitals', async () => {
    const { id } = await findSource('octeth');
    const shown = await test.native.read(`/sources/${id.toUpperCase()}`);
    const changed = await change(id.toUpperCase(), { archived: false });
    assert.deepEqual([shown.id, changed.body.id], [id, id]);
  });

  it('says what is wrong in what it is sent', async () => {
    const { id, name } = await findSource('octeth');
    for (const body of [
      {},
      { name: '' },
      { name: 'x'.repeat(201) },
      { archived: 'yes' },
      { externalId: '9' },
      { name: '\ud800' },
      [],
    ])
      assert.equal((await change(id, body)).status, 400, JSON.stringify(body));
    const unknown = await change(randomUUID(), { name: 'x' });
    assert.deepEqual([unknown.status, unknown.body.error.path], [404, 'params/sourceId']);
    assert.equal((await change('1', { name: 'x' })).status, 400);
    assert.equal((await findSource('octeth')).name, name);
  });

  it('opens to the keys of the workspace alone, and to no source of another', async () => {
    const other = await test.addWorkspace();
    const { id, name } = await findSource('octeth');
    const own = await workspaceKey(test, test.workspace);
    const foreign = await workspaceKey(test, other);
    const body = { name: 'Taken' };
    for (const [key, status] of [
      [foreign, 404],
      [null, 401],
      [test.workspace.credentials.octeth.adminApiKey, 401],
      [test.workspace.credentials.contacthub.adminToken, 401],
    ] as const) {
      assert.equal((await change(id, body, test.workspace, key)).status, status);
      const read = await ask(test, 'GET', at(test.workspace, `/sources/${id}`), { key });
      assert.equal(read.status, status);
    }
    assert.equal((await change(id, body, other, foreign)).status, 404);
    assert.equal((await findSource('octeth')).name, name);
    assert.equal((await change(id, { name: 'Ours' }, test.workspace, own)).body.name, 'Ours');
  });
});
