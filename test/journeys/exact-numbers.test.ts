import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { before, describe, it } from 'node:test';
import { useApp } from '../helpers/app.ts';
import fc from '../helpers/fast-check.ts';
import { inject } from '../helpers/vendor-client.ts';
import { decimalsOf, objectText } from '../json/decimals.ts';
import { assertVerified, injectInto } from './send.ts';

const test = await useApp();

before(async () => {
  const { projectId, accessToken } = test.workspace.credentials.webmarketer;
  const field = (entity: string, type: string, key: string, more: object = {}) => ({
    ...{ entity, type, storageKey: key, ingestionKey: key, optional: true },
    ...more,
  });
  await call('POST', `/api/v1/projects/${projectId}/event-types`, {
    token: accessToken,
    body: JSON.stringify({
      reference: 'order',
      name: 'Order',
      fields: [
        field('user', 'string', 'customer', { discriminant: true }),
        field('user', 'number', 'member', { discriminant: true }),
        field('event', 'number', 'reading'),
        field('event', 'currency', 'price'),
        field('statistic', 'number', 'points'),
      ],
      metadata: {},
    }),
  });
});
async function call(
  method: 'GET' | 'POST' | 'PUT' | 'PATCH',
  url: string,
  { token = '', body }: { token?: string; body?: string } = {},
): Promise<string> {
  const reply = await inject(test, {
    method,
    url,
    headers: {
      ...(token ? { authorization: `Bearer ${token}` } : {}),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    body,
  });
  assert.ok(reply.status < 300, `${method} ${url} ${reply.status}: ${reply.text} of ${body}`);
  return reply.text;
}

/** Of a JSON text: what stands at a path, numbers being decimals. */
function at(json: string, ...path: (string | number)[]): unknown {
  return path.reduce<unknown>(
    (value, name) => (value as Record<string | number, unknown>)[name],
    decimalsOf(json),
  );
}

/** The last event of the workspace, as the native API tells of it. */
async function lastEvent(): Promise<string> {
  const { id } = test.workspace.credentials.workspace;
  const [row] = await test.database.query<{ seq: number }>(
    'select max(seq) as seq from event where workspace_id = $1',
    [test.workspace.created.id],
  );
  return call('GET', `/throughline/v1/workspaces/${id}/events?afterSeq=${row!.seq - 1}&limit=1`, {
    token: test.workspace.credentials.admin.token,
  });
}

async function personOf(kind: string, value: string): Promise<string> {
  const { workspace, admin } = test.workspace.credentials;
  return call('GET', `/throughline/v1/workspaces/${workspace.id}/people/lookup?kind=${kind}&value=${value}`, {
    token: admin.token,
  });
}

/** Sends a JSON object's text in an event or a record and answers what it is read back as, by every way that there is. */
const ways: Readonly<Record<string, (document: string) => Promise<unknown[]>>> = {
  'webengage event': async (document) => {
    const { licenseCode, apiKey } = test.workspace.credentials.webengage;
    const body = `{"userId":"u","eventName":"E","eventData":{"doc":${document}}}`;
    await call('POST', `/v1/accounts/${licenseCode}/events`, { token: apiKey, body });
    return [at(await lastEvent(), 'events', 0, 'properties', 'doc')];
  },
  'webengage bulk': async (document) => {
    const { licenseCode, apiKey } = test.workspace.credentials.webengage;
    const body = `{"events":[{"userId":"u","eventName":"E","eventData":{"doc":${document}}}]}`;
    await call('POST', `/v1/accounts/${licenseCode}/bulk-events`, { token: apiKey, body });
    return [at(await lastEvent(), 'events', 0, 'properties', 'doc')];
  },
  'webengage user': async (document) => {
    const { licenseCode, apiKey } = test.workspace.credentials.webengage;
    const userId = randomUUID();
    const body = `{"userId":"${userId}","attributes":{"doc":${document}}}`;
    await call('POST', `/v1/accounts/${licenseCode}/users`, { token: apiKey, body });
    const person = at(await personOf('user', userId), 'profiles', 0, 'attributes');
    return [Object.values(person as object).at(-1)];
  },
  'octeth event': async (document) => {
    const { apiKey, adminApiKey, listId } = test.workspace.credentials.octeth;
    const body = `{"APIKey":"${apiKey}","ListID":${listId},"Event":"e","Email":"a@b.test","Properties":{"doc":${document}}}`;
    await call('POST', '/api/v1/event', { body });
    const native = at(await lastEvent(), 'events', 0, 'properties', 'doc');
    const found = await call('POST', '/api/v1/admin.events.search', {
      body: `{"AdminAPIKey":"${adminApiKey}","EventType":"e","IncludeProperties":true,"RecordsPerRequest":1}`,
    });
    return [native, at(found, 'Events', 0, 'Properties', 'doc')];
  },
  'webmarketer event': async (document) => {
    const { projectId, accessToken: token } = test.workspace.credentials.webmarketer;
    const body = `{"projectId":"${projectId}","eventType":"order","nonce":"${randomUUID()}","data":{"customer":"c","doc":${document}}}`;
    const id: unknown = JSON.parse(await call('POST', '/api/v1/events/sync', { token, body }));
    const raw = await call('GET', `/api/v1/projects/${projectId}/raw-events/${id}`, { token });
    return [at(raw, 'data', 'doc'), at(await lastEvent(), 'events', 0, 'properties', 'doc')];
  },
  'webmarketer trash': async (document) => {
    const { projectId, accessToken: token } = test.workspace.credentials.webmarketer;
    const body = `{"projectId":"${projectId}","eventType":"unknown","nonce":"${randomUUID()}","data":{"doc":${document}}}`;
    const id: unknown = JSON.parse(await call('POST', '/api/v1/events', { token, body }));
    const raw = await call('GET', `/api/v1/projects/${projectId}/raw-events/${id}`, { token });
    return [at(raw, 'data', 'doc')];
  },
  'contacthub customer': async (document) => {
    const { token, workspaceId, nodeId } = test.workspace.credentials.contacthub;
    const customers = `/hub/v1/workspaces/${workspaceId}/customers`;
    const base = `{"contacts":{"email":"${randomUUID()}@exact.test"}}`;
    const body = `{"nodeId":"${nodeId}","base":${base},"extended":{"doc":${document}}}`;
    const made = await call('POST', customers, { token, body });
    const { id } = JSON.parse(made) as { id: string };
    const read = await call('GET', `${customers}/${id}`, { token });
    return [at(made, 'extended', 'doc'), at(read, 'extended', 'doc')];
  },
  'contacthub event': async (document) => {
    const { token, workspaceId, nodeId } = test.workspace.credentials.contacthub;
    const bringBack = `{"type":"SESSION_ID","value":"s","nodeId":"${nodeId}"}`;
    const body = `{"type":"formCompiled","context":"WEB","properties":{"formName":"f","formId":"f","data":${document}},"bringBackProperties":${bringBack}}`;
    await call('POST', `/hub/v1/workspaces/${workspaceId}/events`, { token, body });
    return [at(await lastEvent(), 'events', 0, 'properties', 'data')];
  },
};

describe('numbers, whatever their digits,', () => {
  for (const [name, way] of Object.entries(ways)) {
    it(`come back at their value from a ${name}`, async () => {
      await fc.assert(
        fc.asyncProperty(objectText, async (document) => {
          for (const read of await way(document)) assert.deepEqual(read, decimalsOf(document));
        }),
        {
          numRuns: 25,
          examples: [
            ['{"id":9007199254740993,"rate":0.1234567890123456789,"big":1000000000000000000000000}'],
          ],
        },
      );
    });
  }
});

const first = '152481234567890011';
const second = '152481234567890012';

describe('an id that is a number beyond 2^53', () => {
  it('is not another order’s, of an Octeth conversion', async () => {
    const { apiKey, adminApiKey, listId } = test.workspace.credentials.octeth;
    for (const id of [first, second, second]) {
      const properties = `{"conversion-id":${id},"conversion-name":"order","conversion-value":50}`;
      const body = `{"APIKey":"${apiKey}","ListID":${listId},"Event":"conversion","Email":"o@b.test","Properties":${properties}}`;
      await call('POST', '/api/v1/event', { body });
    }
    const found = await call('POST', '/api/v1/admin.events.search', {
      body: `{"AdminAPIKey":"${adminApiKey}","EventType":"conversion","IncludeProperties":true,"RecordsPerRequest":10}`,
    });
    const events = at(found, 'Events') as { Properties: Record<string, unknown> }[];
    assert.deepEqual(
      events.map(({ Properties }) => Properties['conversion-id']),
      [second, first].map((id) => decimalsOf(id)),
    );
  });

  it('is its digits as Octeth’s ID, WebEngage’s userId, and Webmarketer’s nonce and discriminant fields', async () => {
    const { octeth, webengage, webmarketer } = test.workspace.credentials;
    const body = `{"APIKey":"${octeth.apiKey}","ListID":${octeth.listId},"Event":"e","Email":"i@b.test","ID":${first}}`;
    assert.equal(at(await call('POST', '/api/v1/event', { body }), 'external_id'), first);
    for (const id of [first, second]) {
      await call('POST', `/v1/accounts/${webengage.licenseCode}/events`, {
        token: webengage.apiKey,
        body: `{"userId":${id},"eventName":"By number"}`,
      });
      const { profiles } = JSON.parse(await personOf('user', id)) as {
        profiles: { keys: { value: string }[] }[];
      };
      assert.deepEqual(
        profiles[0]!.keys.map(({ value }) => value),
        [id],
      );
    }
    const users = new Set<unknown>();
    for (const id of [first, second])
      for (const key of ['customer', 'member']) {
        const event = `{"projectId":"${webmarketer.projectId}","eventType":"order","nonce":${id}${key === 'member' ? 1 : 2},"data":{"${key}":${id},"price":{"amount":${id},"currency":"EUR"},"reading":${id}}}`;
        const token = webmarketer.accessToken;
        const eventId: unknown = JSON.parse(
          await call('POST', '/api/v1/events/sync', { token, body: event }),
        );
        const url = `/api/v1/projects/${webmarketer.projectId}/events/${eventId}`;
        const shown = await call('GET', url, { token });
        users.add(at(shown, 'userId'));
        assert.deepEqual(at(shown, 'event', 'reading', 'current'), decimalsOf(id));
        assert.deepEqual(at(shown, 'event', 'price', 'current', 'amount'), decimalsOf(id));
        assert.deepEqual(at(shown, 'user', key, 'current'), key === 'member' ? decimalsOf(id) : id);
      }
    assert.equal(users.size, 4);
  });
});

describe('a number that is counted', () => {
  it('is invalid with more digits than are counted exactly, and shown as it was sent', async () => {
    const { projectId, accessToken: token } = test.workspace.credentials.webmarketer;
    for (const [points, current] of [
      [first, null],
      ['0.1234567890123456789', null],
      [`"${first}"`, null],
      ['0.10000000000000001', decimalsOf('0.1')],
      ['1e300', decimalsOf('1e300')],
    ] as const) {
      const body = `{"projectId":"${projectId}","eventType":"order","nonce":"${randomUUID()}","data":{"customer":"c","points":${points}}}`;
      const id: unknown = JSON.parse(await call('POST', '/api/v1/events/sync', { token, body }));
      const shown = await call('GET', `/api/v1/projects/${projectId}/events/${id}`, { token });
      const metrics = at(shown, 'metrics') as { key: string; data: Record<string, unknown> }[];
      const { data } = metrics.find(({ key }) => key === 'points')!;
      assert.deepEqual(
        [data.raw, data.current, data.invalid],
        [decimalsOf(points), current, current === null],
      );
    }
  });

  it('is refused by name where a call is for it alone', async () => {
    const { webmarketer, signals } = test.workspace.credentials;
    const { projectId, accessToken } = webmarketer;
    const event = `{"projectId":"${projectId}","eventType":"order","nonce":"${randomUUID()}","data":{"customer":"c"}}`;
    const id: unknown = JSON.parse(
      await call('POST', '/api/v1/events/sync', { token: accessToken, body: event }),
    );
    const setting = await inject(test, {
      method: 'PATCH',
      url: `/api/v1/projects/${projectId}/events/${id}/statistics/points`,
      headers: { authorization: `Bearer ${accessToken}`, 'content-type': 'application/json' },
      body: `{"value":${first}}`,
    });
    assert.deepEqual(
      [setting.status, setting.body.message],
      [400, 'value has more digits than are counted exactly'],
    );
    const sale = await inject(test, {
      method: 'POST',
      url: `/clients/${signals.clientId}/external-events`,
      headers: { 'content-type': 'application/json' },
      body: `{"api_key":"${signals.apiKey}","external_event":{"action":"sale","lead_phone":"33612345678","revenue":{"amount":0.1234567890123456789}}}`,
    });
    assert.equal(sale.status, 422);
    assert.match(sale.text, /more digits than are counted exactly/);
  });
});

describe('a Contacthub number', () => {
  it('of a type in its schema is kept with its digits, and customers are found by it', async () => {
    const { token, workspaceId, nodeId } = test.workspace.credentials.contacthub;
    const path = `/hub/v1/workspaces/${workspaceId}`;
    for (const id of [first, second]) {
      const base = `{"contacts":{"email":"${id}@exact.test"}}`;
      const body = `{"nodeId":"${nodeId}","base":${base},"extended":{"account":${id}}}`;
      await call('POST', `${path}/customers`, { token, body });
    }
    const condition = `{"type":"atomic","attribute":"extended.account","operator":"EQUALS","value":${second}}`;
    const query = `{"name":"","query":{"type":"simple","are":{"condition":${condition}}}}`;
    const parameters = new URLSearchParams({ nodeId, query });
    const found = await call('GET', `${path}/customers?${parameters}`, { token });
    assert.deepEqual(at(found, 'page', 'totalElements'), decimalsOf('1'));
    assert.equal(at(found, 'elements', 0, 'base', 'contacts', 'email'), `${second}@exact.test`);
    const bringBack = `{"type":"SESSION_ID","value":"s","nodeId":"${nodeId}"}`;
    const body = `{"type":"searched","context":"WEB","properties":{"keyword":"k","resultCount":${first}},"bringBackProperties":${bringBack}}`;
    await call('POST', `${path}/events`, { token, body });
    assert.deepEqual(at(await lastEvent(), 'events', 0, 'properties', 'resultCount'), decimalsOf(first));
  });
});

it('all of these numbers leave the figures as they are derived', async () => {
  await assertVerified(injectInto(test), test.database, test.workspace);
});
