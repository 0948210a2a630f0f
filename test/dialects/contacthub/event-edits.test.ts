import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { useApp } from '../../helpers/app.ts';
import { verifyWorkspace } from '../../helpers/derived.ts';
import { inject } from '../../helpers/vendor-client.ts';
import { ContacthubClient } from './client.ts';

const test = await useApp();
const client = new ContacthubClient(test);
let customer: { id: string };

before(async () => {
  customer = await client.create('edits@example.com');
});

const nobody = '0191c2a0-0000-7000-8000-000000000000';
const read = async (id: string) => (await client.call('GET', `/events/${id}`)).body;
const viewProduct = (more: Record<string, unknown> = {}) =>
  client.view(
    { customerId: customer.id },
    { type: 'viewedProduct', properties: { id: 'p1', name: 'Shoe', price: 10.5 }, ...more },
  );

async function eventOfAnotherDialect(): Promise<string> {
  const { apiKey, licenseCode } = client.credentials.webengage;
  const reply = await inject(test, {
    method: 'POST',
    url: `/v1/accounts/${licenseCode}/events`,
    headers: { authorization: `Bearer ${apiKey}` },
    body: { userId: 'u', eventName: 'foreign' },
  });
  assert.equal(reply.status, 201, reply.text);
  const found = (await test.store.events()).find(({ dialect }) => dialect === 'webengage');
  assert.ok(found);
  return found.id;
}

async function assertVerified(): Promise<void> {
  const { checks } = await verifyWorkspace(test.database, test.workspace.created.id);
  assert.deepEqual(
    checks.filter(({ ok }) => !ok),
    [],
  );
}

describe('PATCH /events/{id}', () => {
  it('changes what is named, however deep, and answers 202 with the event', async () => {
    const id = await viewProduct({
      contextInfo: { client: { ip: '10.0.0.1' } },
      tracking: { ga: { utm_source: 'mail', utm_medium: 'e' } },
      properties: {
        id: 'p1',
        name: 'Shoe',
        price: 10.5,
        extraProperties: { a: { b: 1, c: 2 }, list: [1, 2] },
      },
    });
    const before = await read(id);
    const reply = await client.call('PATCH', `/events/${id}`, {
      properties: { price: 11, name: null, extraProperties: { a: { b: 3 }, list: [4] } },
      tracking: { ga: { utm_source: 'ad' } },
      date: '2024-03-10T08:30:00.250+0100',
    });
    assert.equal(reply.status, 202, JSON.stringify(reply.body));
    assert.deepEqual(reply.body, {
      ...before,
      properties: { id: 'p1', price: 11, extraProperties: { a: { b: 3, c: 2 }, list: [4] } },
      tracking: { ga: { utm_source: 'ad', utm_medium: 'e' } },
      date: '2024-03-10T07:30:00.250+0000',
      updatedAt: reply.body.updatedAt,
      version: 2,
    });
    assert.ok(reply.body.updatedAt > before.updatedAt);
    assert.deepEqual(await read(id), reply.body);
    await assertVerified();
  });

  it('takes back all that the event is shown with, and a part that is null away', async () => {
    const id = await viewProduct({ tracking: { ga: { utm_source: 'mail' } } });
    const whole = await read(id);
    const same = await client.call('PATCH', `/events/${id}`, whole);
    assert.equal(same.status, 202, JSON.stringify(same.body));
    assert.deepEqual(same.body, { ...whole, updatedAt: same.body.updatedAt, version: 2 });
    const cleared = await client.call('PATCH', `/events/${id}`, {
      tracking: null,
      contextInfo: null,
      properties: null,
    });
    assert.equal(cleared.status, 202, JSON.stringify(cleared.body));
    assert.deepEqual(
      [cleared.body.tracking, cleared.body.contextInfo, cleared.body.properties],
      [null, {}, {}],
    );
  });

  it('refuses to change what is immutable, its context too, each with its pointer', async () => {
    const id = await viewProduct();
    const wrong = {
      id: nobody,
      customerId: nobody,
      bringBackProperties: { type: 'SESSION_ID', value: 's', nodeId: client.nodeId },
      type: 'viewedPage',
      context: 'MOBILE',
      registeredAt: '2020-01-01T00:00:00.000+0000',
    };
    for (const [key, value] of Object.entries(wrong)) {
      const reply = await client.call('PATCH', `/events/${id}`, { [key]: value });
      assert.equal(reply.status, 400, key);
      assert.deepEqual(reply.body.errors, [
        { path: `/${key}`, message: 'is immutable', code: null, data: null },
      ]);
    }
    assert.equal((await read(id)).version, 1);
  });

  it('refuses what the schemas of its type and context refuse once it is merged, and changes nothing', async () => {
    const id = await viewProduct();
    const wrong: [object, string][] = [
      [{ properties: { nonsense: 1 } }, '/properties/nonsense'],
      [{ properties: { price: 'dear' } }, '/properties/price'],
      [{ contextInfo: { client: { ip: 'x' } } }, '/contextInfo/client/ip'],
      [{ tracking: { ga: { other: 'x' } } }, '/tracking/ga/other'],
      [{ date: 'yesterday' }, '/date'],
      [{ unknown: 1 }, '/unknown'],
      [{ properties: { extraProperties: { text: 'a\u0000' } } }, '/properties/extraProperties/text'],
    ];
    for (const [body, path] of wrong) {
      const reply = await client.call('PATCH', `/events/${id}`, body);
      assert.equal(reply.status, 400, path);
      assert.equal(reply.body.errors[0].path, path);
    }
    for (const body of [undefined, [], '"text"', 'null']) {
      assert.equal((await client.call('PATCH', `/events/${id}`, body)).status, 400, String(body));
    }
    assert.equal((await read(id)).version, 1);
  });

  it('takes one of eight writes of the same version, and tells the others of the conflict', async () => {
    const id = await viewProduct();
    const replies = await Promise.all(
      Array.from({ length: 8 }, (_, price) =>
        client.call('PATCH', `/events/${id}`, { version: 1, properties: { price } }),
      ),
    );
    assert.deepEqual(replies.map(({ status }) => status).sort(), [202, ...Array(7).fill(409)]);
    const taken = replies.find(({ status }) => status === 202);
    assert.deepEqual(await read(id), taken?.body);
  });

  it('loses none of many writes to different members at once', async () => {
    const id = await viewProduct();
    await Promise.all(
      Array.from({ length: 8 }, (_, index) =>
        client.call('PATCH', `/events/${id}`, { properties: { extraProperties: { [`m${index}`]: index } } }),
      ),
    );
    const { version, properties } = await read(id);
    assert.equal(version, 9);
    assert.equal(Object.keys(properties.extraProperties).length, 8);
  });

  it('lets no event grow beyond 64 kB, however often it is patched', async () => {
    const id = await viewProduct();
    const patch = (name: string) =>
      client.call('PATCH', `/events/${id}`, {
        properties: { extraProperties: { [name]: 'x'.repeat(40_000) } },
      });
    assert.equal((await patch('a')).status, 202);
    assert.equal((await patch('b')).status, 413);
    const whole = { properties: { extraProperties: { text: 'x'.repeat(66_000) } } };
    assert.equal((await client.call('PATCH', `/events/${id}`, whole)).status, 413);
  });

  it('keeps every digit of what it does not change', async () => {
    const raw = `{"customerId":"${customer.id}","type":"viewedProduct","context":"WEB",
      "properties":{"id":"p","extraProperties":{"big":9007199254740993}}}`;
    const { body } = await client.call('POST', '/events', raw);
    await client.call('PATCH', `/events/${body.id}`, { properties: { name: 'Shoe' } });
    const reply = await inject(test, {
      method: 'GET',
      url: `/hub/v1/workspaces/${client.credentials.contacthub.workspaceId}/events/${body.id}`,
      headers: { authorization: `Bearer ${client.credentials.contacthub.token}` },
    });
    assert.match(reply.text, /9007199254740993/);
  });
});

describe('PUT /events/{id}', () => {
  it('writes the event anew: what it does not give is gone, but for the date', async () => {
    const date = '2024-05-01T10:00:00.000+0000';
    const id = await viewProduct({
      date,
      tracking: { ga: { utm_source: 'mail' } },
      contextInfo: { client: { ip: '10.0.0.1' } },
    });
    const before = await read(id);
    const body = { type: 'viewedProduct', context: 'RETAIL', properties: { id: 'p2' } };
    const reply = await client.call('PUT', `/events/${id}`, body);
    assert.equal(reply.status, 202, JSON.stringify(reply.body));
    const { updatedAt } = reply.body;
    assert.deepEqual(reply.body, {
      ...before,
      ...body,
      contextInfo: {},
      tracking: null,
      date,
      updatedAt,
      version: 2,
    });
    await assertVerified();
  });

  it('wants type, context and properties, and refuses what is immutable and what the type refuses', async () => {
    const id = await viewProduct();
    const whole = { type: 'viewedProduct', context: 'WEB', properties: {} };
    for (const key of Object.keys(whole)) {
      const reply = await client.call('PUT', `/events/${id}`, { ...whole, [key]: undefined });
      assert.equal(reply.status, 400, key);
      assert.equal(reply.body.errors[0].path, `/${key}`);
    }
    const wrong = [
      { ...whole, type: 'loggedIn' },
      { ...whole, customerId: nobody },
      { ...whole, properties: { nonsense: 1 } },
    ];
    for (const body of wrong) assert.equal((await client.call('PUT', `/events/${id}`, body)).status, 400);
    assert.equal((await client.call('PUT', `/events/${id}`, { ...whole, version: 7 })).status, 409);
    assert.equal((await read(id)).version, 1);
  });

  it('keeps by what an event was brought back, and whose it became', async () => {
    const id = await client.view({ session: 'put-session' });
    const waiting = await read(id);
    assert.equal(waiting.customerId, null);
    await client.call('POST', `/customers/${customer.id}/sessions`, { value: 'put-session' });
    const shown = await read(id);
    assert.equal(shown.customerId, customer.id);
    const reply = await client.call('PUT', `/events/${id}`, { ...shown, properties: { title: 'New' } });
    assert.equal(reply.status, 202, JSON.stringify(reply.body));
    assert.deepEqual(reply.body.bringBackProperties, waiting.bringBackProperties);
    assert.equal(reply.body.origin, 'DUPLICATE');
  });
});

describe('DELETE /events/{id}', () => {
  it('answers 204, and the event is nowhere any more', async () => {
    const [first, second, third] = [
      await viewProduct({ date: '2023-01-01T00:00:00Z' }),
      await viewProduct({ date: '2023-01-02T00:00:00Z' }),
      await viewProduct({ date: '2023-01-03T00:00:00Z' }),
    ];
    const reply = await client.call('DELETE', `/events/${second}`);
    assert.equal(reply.status, 204);
    assert.ok(!reply.body);
    assert.equal((await client.call('GET', `/events/${second}`)).status, 404);
    assert.ok(!(await client.eventsOf(customer.id)).includes(second));
    const { prev, next } = (await client.call('GET', `/events/${first}?nav=CUSTOMER`)).body;
    assert.deepEqual([prev, next], [null, third]);
    for (const method of ['DELETE', 'PATCH'] as const)
      assert.equal((await client.call(method, `/events/${second}`, {})).status, 404, method);
    assert.equal((await test.store.accounting('contacthub')).deleted, 1);
    await assertVerified();
  });

  it('answers 204 once to who deletes at once, and 404 to the others', async () => {
    const id = await viewProduct();
    const replies = await Promise.all(
      Array.from({ length: 5 }, () => client.call('DELETE', `/events/${id}`)),
    );
    assert.deepEqual(replies.map(({ status }) => status).sort(), [204, 404, 404, 404, 404]);
  });
});

describe('who may not write an event', () => {
  it("is anybody without a token, another tenant, and who names an event of another dialect's", async () => {
    const id = await viewProduct();
    const other = await test.addWorkspace();
    const { token, workspaceId } = other.credentials.contacthub;
    const foreign = await eventOfAnotherDialect();
    for (const method of ['PUT', 'PATCH', 'DELETE'] as const) {
      const body = { type: 'viewedProduct', context: 'WEB', properties: {} };
      assert.equal((await client.call(method, `/events/${id}`, body, { token: '' })).status, 401);
      assert.equal((await client.call(method, `/events/${id}`, body, { token })).status, 403);
      assert.equal((await client.call(method, `/events/${id}`, body, { token, workspaceId })).status, 404);
      for (const unknown of [nobody, 'x', `${id}'`, foreign])
        assert.equal((await client.call(method, `/events/${unknown}`, body)).status, 404, unknown);
      assert.equal((await client.call(method, '/events/x', { nothing: 1 })).status, 404, 'whatever the body');
    }
    assert.equal((await read(id)).version, 1);
  });
});
