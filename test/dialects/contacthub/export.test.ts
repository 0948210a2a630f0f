import assert from 'node:assert/strict';
import { once } from 'node:events';
import { request } from 'node:http';
import { describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { useApp } from '../../helpers/app.ts';
import { inject } from '../../helpers/vendor-client.ts';
import { field, WebmarketerClient } from '../webmarketer/client.ts';
import { ContacthubClient, type Reply } from './client.ts';

const test = await useApp({ freshWorkspace: true });
const client = new ContacthubClient(test);
const nobody = '0191c2a0-0000-7000-8000-000000000000';

const exported = async (id: string, role = 'USER', more = {}) =>
  client.call('GET', `/customers/${id}/export`, undefined, { token: await client.tokenOf(role), ...more });

async function exportLines(id: string): Promise<Reply['body'][]> {
  const reply = await inject(test, {
    method: 'GET',
    url: `/throughline/v1/workspaces/${test.workspace.created.publicId}/people/${id}/export`,
    headers: { authorization: `Bearer ${client.credentials.admin.token}` },
  });
  assert.equal(reply.status, 200, reply.text);
  assert.equal(reply.headers['content-type'], 'application/x-ndjson');
  return reply.text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
}

const acts = async () =>
  (await client.native.read('/consents')).consents.map(({ act }: { act: string }) => act);

/** A customer with sessions and events, and a user of another API who is one person with it. */
async function addPerson(email: string): Promise<{ id: string; events: string[] }> {
  const { id } = await client.create(email, { consents: { softSpam: { email: { status: true } } } });
  await client.call('POST', `/customers/${id}/sessions`, { value: email });
  const events = [
    await client.view(
      { customerId: id },
      { date: '2024-01-01T00:00:00Z', tracking: { ga: { utm_source: 'x' } } },
    ),
    await client.view({ customerId: id }, { date: '2024-01-02T00:00:00Z' }),
    await client.view({ session: email }),
  ];
  const { apiKey, licenseCode } = client.credentials.webengage;
  for (const [path, body] of [
    ['users', { userId: 'u-1', email, firstName: 'Ada' }],
    ['events', { userId: 'u-1', eventName: 'foreign', eventData: { amount: 5 } }],
  ] as const) {
    const reply = await inject(test, {
      method: 'POST',
      url: `/v1/accounts/${licenseCode}/${path}`,
      headers: { authorization: `Bearer ${apiKey}` },
      body,
    });
    assert.equal(reply.status, 201, reply.text);
  }
  return { id, events };
}

describe('GET /customers/{customerId}/export', () => {
  it('sends the customer and its events as they are shown, and logs that it was asked for', async () => {
    const { id, events } = await addPerson('export@example.com');
    const other = await client.create('other@example.com');
    await client.view({ customerId: other.id });
    const reply = await exported(id);
    assert.equal(reply.status, 200, JSON.stringify(reply.body));
    assert.deepEqual(Object.keys(reply.body), ['customer', 'events']);
    assert.deepEqual(reply.body.customer, (await client.call('GET', `/customers/${id}`)).body);
    const shown = await Promise.all(
      events.map(async (event) => (await client.call('GET', `/events/${event}`)).body),
    );
    const byId = (a: { id: string }, b: { id: string }) => (a.id < b.id ? -1 : 1);
    assert.deepEqual(reply.body.events.sort(byId), shown.sort(byId));
    assert.equal((await acts()).filter((act: string) => act === 'data-portability-requested').length, 1);
    const logs = await client.call(
      'GET',
      `/consent-logs?customerId=${id}&type=DATA_PORTABILITY_REQUESTED`,
      undefined,
      {
        token: await client.tokenOf('DPO'),
      },
    );
    assert.equal(logs.body.elements.length, 1, JSON.stringify(logs.body));
  });

  it('sends whole JSON for a customer without events, and each event of many pages once', async () => {
    const { id } = await client.create('pages@example.com');
    assert.deepEqual((await exported(id)).body.events, []);
    const events = [];
    for (let batch = 0; batch < 12; batch++)
      events.push(...(await Promise.all(Array.from({ length: 100 }, () => client.view({ customerId: id })))));
    const sent = (await exported(id)).body.events.map((event: { id: string }) => event.id);
    assert.deepEqual(sent.sort(), events.sort());
  });

  it('is refused to a stranger, to roles that may not, and for who is nobody; nothing is logged then', async () => {
    const { id } = await client.create('refused@example.com');
    const { token, workspaceId } = (await test.addWorkspace()).credentials.contacthub;
    assert.equal((await exported(id, 'USER', { token: '' })).status, 401);
    assert.equal((await exported(id, 'USER', { token })).status, 403);
    assert.equal((await exported(id, 'USER', { token, workspaceId })).status, 403);
    for (const role of ['GUEST', 'TRUSTED_APPLICATION', 'UNTRUSTED_APPLICATION'])
      assert.equal((await exported(id, role)).status, 403, role);
    for (const unknown of [nobody, 'x']) assert.equal((await exported(unknown)).status, 404);
    await client.call('DELETE', `/customers/${id}`);
    assert.equal((await exported(id)).status, 404);
    assert.deepEqual(await acts(), []);
  });
});

describe('GET …/people/{personId}/export', () => {
  it('sends all that is kept of a person, in all dialects, a record a line', async () => {
    const email = 'whole@example.com';
    const { id, events } = await addPerson(email);
    const bad = { customerId: id, type: 'viewedPage', context: 'WEB', properties: { nonsense: 1 } };
    assert.equal((await client.call('POST', '/events', bad)).status, 400);
    const other = await client.create('somebody@example.com');
    await client.view({ customerId: other.id });
    await client.call('POST', '/events', { ...bad, customerId: other.id });
    const lines = await exportLines(id);
    const kinds = Map.groupBy(lines, ({ record }) => record);
    const of = (kind: string) => kinds.get(kind) ?? [];
    assert.equal(lines[0].record, 'person');
    assert.equal(lines.at(-1).record, 'end');
    assert.deepEqual(
      of('profile')
        .map(({ dialect }) => dialect)
        .sort(),
      ['contacthub', 'contacthub', 'webengage'],
    );
    const keys = of('profile').flatMap(({ keys }) => keys.map(({ kind }: { kind: string }) => kind));
    for (const kind of ['email', 'session', 'user']) assert.ok(keys.includes(kind), `${kind} of ${keys}`);
    assert.equal(of('link').length, 2);
    const foreign = of('event').find(({ type }) => type === 'foreign');
    assert.deepEqual(foreign.properties, { amount: 5 });
    assert.deepEqual(
      of('event')
        .filter((event) => event !== foreign)
        .map((event) => event.id)
        .sort(),
      events.sort(),
    );
    assert.ok(of('event').some(({ detail }) => detail?.tracking?.ga.utm_source === 'x'));
    assert.deepEqual(
      of('consent')
        .map(({ act }) => act)
        .sort(),
      ['consent-changed', 'data-portability-requested', 'data-portability-requested'],
    );
    assert.equal(of('quarantined').length, 1);
    assert.match(of('quarantined')[0].raw, /nonsense/);
    const {
      person: _person,
      end: _end,
      ...counts
    } = Object.fromEntries([...kinds].map(([kind, records]) => [kind, records.length]));
    assert.deepEqual(lines.at(-1).counts, counts);
    assert.ok(!JSON.stringify(lines).includes(other.id), 'nothing of anybody else');
  });

  it('tells what a state of an event was before', async () => {
    const webmarketer = new WebmarketerClient(test);
    const email = 'before@example.com';
    await webmarketer.defineType('lead', [
      field('user', 'email', 'email', { discriminant: true }),
      field('state', 'state', 'paid', { ingestionKey: null }),
    ]);
    const event = await webmarketer.sendFine({ eventType: 'lead', nonce: '1', data: { email } });
    for (const value of [1, 0]) {
      const path = `/projects/${webmarketer.projectId}/events/${event}/states/paid`;
      const body = { value, date: `2026-01-0${2 - value}T00:00:00Z` };
      assert.equal((await webmarketer.request('PATCH', path, body)).status, 200);
    }
    const { id } = await client.create(email);
    const lead = (await exportLines(id)).find(({ type }) => type === 'lead');
    const [paid] = lead.metrics;
    assert.deepEqual(
      [paid.key, paid.value, paid.before.map(({ value, at }: Reply['body']) => [value, at])],
      ['paid', 0, [[1, '2026-01-01T00:00:00.000Z']]],
    );
  });

  it('is not there for a stranger, and answers 404 for nobody', async () => {
    const { id } = await client.create('native@example.com');
    const stranger = await test.addWorkspace();
    const body = { dialect: 'native', name: 'own', role: 'workspace' };
    const made = await client.native.call('POST', '/keys', { body });
    const path = `/people/${id}/export`;
    assert.equal((await client.native.call('GET', path, { key: null })).status, 401);
    assert.equal((await client.native.call('GET', `/people/${nobody}/export`)).status, 404);
    const foreign = await inject(test, {
      method: 'GET',
      url: `/throughline/v1/workspaces/${stranger.created.publicId}${path}`,
      headers: { authorization: `Bearer ${made.body.secret}` },
    });
    assert.ok([401, 404].includes(foreign.status), foreign.text);
    assert.deepEqual(await acts(), []);
  });
});

describe('an export', () => {
  it('ends with its client, and is one of two at most at once', async () => {
    const { id } = await client.create('slow@example.com');
    const text = 'x'.repeat(60_000);
    for (let index = 0; index < 300; index++)
      await client.view({ customerId: id }, { properties: { title: text } });
    const address = await test.app.http.listen({ port: 0, host: '127.0.0.1' });
    const { workspaceId } = client.credentials.contacthub;
    const url = `${address}/hub/v1/workspaces/${workspaceId}/customers/${id}/export`;
    const headers = { authorization: `Bearer ${await client.tokenOf('USER')}` };
    /** Begins to read, and no more. */
    const begin = async () => {
      const asking = request(url, { headers, agent: false });
      asking.on('error', () => {});
      asking.end();
      const [reply] = await once(asking, 'response');
      return { asking, status: reply.statusCode };
    };
    const first = await begin();
    const second = await begin();
    assert.deepEqual([first.status, second.status], [200, 200]);
    const third = await exported(id);
    assert.equal(third.status, 503);
    assert.ok(third.body.message);
    first.asking.destroy();
    let after = await exported(id);
    for (let tries = 0; after.status === 503 && tries < 50; tries++) {
      await sleep(100);
      after = await exported(id);
    }
    assert.equal(after.status, 200);
    assert.equal(after.body.events.length, 300);
    second.asking.destroy();
  });
});
