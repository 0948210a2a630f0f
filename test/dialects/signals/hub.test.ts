import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { useApp } from '../../helpers/app.ts';
import { inject } from '../../helpers/vendor-client.ts';
import { delivery, SignalsClient, textMessage } from './client.ts';

const test = await useApp({ freshWorkspace: true });
const client = new SignalsClient(test);

function hub(
  method: 'GET' | 'POST',
  path: string,
  headers: Record<string, string> = client.authorized,
  partnerId = client.keys.partnerId,
) {
  return inject(test, { method, url: `/api/v2/partners/${partnerId}${path}`, headers });
}

const clients = (query = '') => hub('GET', `/clients${query}`);

function channel(action: string, { clientId, appId } = client.keys) {
  return `/clients/${clientId}/channels/${appId}/${action}`;
}

describe('GET /api/v2/partners/{partnerId}/clients', () => {
  it('lists the clients in the shape of the Hub', async () => {
    const reply = await clients();
    assert.equal(reply.status, 200, reply.text);
    const [one] = reply.body.clients;
    assert.match(one.created_at, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
    assert.deepEqual(reply.body, {
      count: 1,
      filters: {},
      sort: [],
      limit: 100,
      offset: 0,
      total: 1,
      clients: [
        {
          id: client.keys.clientId,
          name: test.workspace.credentials.workspace.slug,
          status: 'active',
          organisation: test.workspace.credentials.workspace.slug,
          meta_info: { timezone: 'Europe/Paris' },
          contact_info: {},
          created_at: one.created_at,
        },
      ],
    });
  });

  it('lists clients that were added later, sorts, filters and pages', async () => {
    const added = `z${client.keys.clientId}`;
    const body = {
      dialect: 'signals',
      kind: 'client',
      externalId: added,
      partnerId: client.keys.partnerId,
    };
    assert.equal((await test.native.call('POST', '/bindings', { body })).status, 201);
    const ids = async (query: string) => {
      const reply = await clients(query);
      assert.equal(reply.status, 200, reply.text);
      const { clients: found, count, total } = reply.body;
      return [found.map(({ id }: { id: string }) => id), count, total];
    };
    const { clientId } = client.keys;
    assert.deepEqual(await ids('?sort=id'), [[clientId, added], 2, 2]);
    assert.deepEqual(await ids('?sort=-id,name&limit=1'), [[added], 1, 2]);
    assert.deepEqual(await ids('?sort=-id&limit=1&offset=1'), [[clientId], 1, 2]);
    const filters = encodeURIComponent(JSON.stringify({ id: added, status: 'active' }));
    assert.deepEqual(await ids(`?filters=${filters}`), [[added], 1, 1]);
    assert.deepEqual(await ids('?filters={"status":"terminated"}'), [[], 0, 0]);
  });

  it('refuses parameters that mean nothing', async () => {
    for (const query of [
      'limit=0',
      'limit=1001',
      'offset=-1',
      'sort=colour',
      'filters=x',
      'filters={"a":"b"}',
    ]) {
      const reply = await clients(`?${query}`);
      assert.equal(reply.status, 422, query);
      assert.deepEqual(reply.body.detail[0].loc, ['query', query.split('=')[0]]);
    }
  });

  it('takes a token or an API key of the partner’s workspace', async () => {
    const { apiKey } = client.keys;
    assert.equal((await hub('GET', '/clients', { 'x-api-key': apiKey })).status, 200);
    assert.equal((await hub('GET', '/clients', {})).status, 401);
    const { webmarketer } = test.workspace.credentials;
    const foreign = { authorization: `Bearer ${webmarketer.accessToken}` };
    assert.equal((await hub('GET', '/clients', foreign)).status, 401);
    const stranger = new SignalsClient(test, await test.addWorkspace());
    assert.equal((await hub('GET', '/clients', stranger.authorized)).status, 404);
    assert.equal((await hub('GET', '/clients', client.authorized, 'nobody')).status, 404);
  });
});

describe('enable_ctwa and disable_ctwa', () => {
  const conversion = { campaign_id: '23851172049950001', type: 'button' };
  const message = (id: string) => delivery(textMessage(id, '33600000001', 1_700_000_000));

  it('stop and start the tracking of a number’s messages, and the set-up of conversions', async () => {
    const off = await hub('POST', channel('disable_ctwa'));
    assert.deepEqual([off.status, off.body], [200, { success: true }]);
    assert.equal((await client.deliver(message('off'))).status, 200);
    assert.equal((await client.send('POST', '/converted_events', conversion)).status, 403);
    assert.equal((await client.events()).total_count, 0, 'reads work');
    assert.equal((await test.store.accounting('signals'))['dropped tracking-off'], 1);
    const on = await hub('POST', channel('enable_ctwa'));
    assert.deepEqual([on.status, on.body], [200, { success: true }]);
    await client.deliver(message('on'));
    assert.equal((await client.send('POST', '/converted_events', conversion)).status, 200);
    assert.equal((await client.events()).total_count, 1);
  });

  it('answer only the partner that the client belongs to', async () => {
    const partner = `p${client.keys.partnerId}`;
    const body = { dialect: 'signals', kind: 'partner', externalId: partner };
    assert.equal((await test.native.call('POST', '/bindings', { body })).status, 201);
    const reply = await hub('POST', channel('disable_ctwa'), client.authorized, partner);
    assert.equal(reply.status, 404);
    const { clients: none } = (await hub('GET', '/clients', client.authorized, partner)).body;
    assert.deepEqual(none, []);
  });

  it('may be said again', async () => {
    for (const action of ['enable_ctwa', 'enable_ctwa', 'disable_ctwa', 'disable_ctwa'])
      assert.equal((await hub('POST', channel(action))).status, 200);
    await client.deliver(message('off'));
    assert.equal((await client.events()).total_count, 0);
  });

  it('are refused to strangers, and for channels and clients that are not the partner’s', async () => {
    const other = await test.addWorkspace();
    const stranger = new SignalsClient(test, other);
    for (const action of ['enable_ctwa', 'disable_ctwa']) {
      const path = channel(action);
      assert.equal((await hub('POST', path, {})).status, 401);
      assert.equal((await hub('POST', path, { 'x-api-key': 'wrong' })).status, 401);
      assert.equal((await hub('POST', path, stranger.authorized)).status, 404);
      const own = stranger.keys.partnerId;
      assert.equal((await hub('POST', path, stranger.authorized, own)).status, 404);
      assert.equal((await hub('POST', path, client.authorized, own)).status, 404);
      const elsewhere = channel(action, { ...client.keys, appId: '1' });
      assert.equal((await hub('POST', elsewhere)).status, 404);
      const foreign = channel(action, { ...client.keys, clientId: 'nobody' });
      assert.equal((await hub('POST', foreign)).status, 404);
    }
    await client.deliver(message('still-on'));
    assert.equal((await client.events()).total_count, 1);
  });
});
