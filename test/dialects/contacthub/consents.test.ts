import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { useApp } from '../../helpers/app.ts';
import { ask, at } from '../../helpers/native-client.ts';
import { Store } from '../../helpers/store.ts';
import { sendWebengage, workspaceKey } from '../../native/helpers.ts';
import { ContacthubClient, type Reply } from './client.ts';

const test = await useApp();
const client = new ContacthubClient(test);
const dpo = client.credentials.contacthub.dpoToken;

const all = { disclaimer: null, marketing: null, profiling: null, softSpam: null, thirdPartyTransfer: null };

function list(query: Record<string, string | number>, of: ContacthubClient = client): Promise<Reply> {
  const text = new URLSearchParams(Object.entries(query).map(([name, value]) => [name, String(value)]));
  return of.call('GET', `/consent-logs?${text}`, undefined, {
    token: of.credentials.contacthub.dpoToken,
  });
}

/** What a page tells, as `type property value`. */
function told({ status, body }: Reply): string[] {
  assert.equal(status, 200, JSON.stringify(body));
  return body.elements.map(
    ({ type, property, value }: Record<string, string>) => `${type} ${property} ${value}`,
  );
}

const email = (status: boolean | null) => ({ marketing: { automatic: { email: { status } } } });
const emailPath = 'consents.marketing.automatic.email.status';

describe('the log of consents', () => {
  it('has a row of each consent that a new customer comes with, by time, author and value', async () => {
    test.time.now = Date.UTC(2026, 2, 1, 12, 0, 0, 7);
    const customer = await client.create('new@example.com', {
      consents: {
        disclaimer: { date: '2026-03-01T10:00:00Z', version: 'v2' },
        marketing: { automatic: { sms: { status: false, limitation: true, objection: true } } },
      },
    });
    test.time.now = 0;
    const page = await list({ customerId: customer.id, sort: 'id,asc' });
    assert.deepEqual(told(page), [
      'DISCLAIMER_READ consents.disclaimer.date 2026-03-01T10:00:00.000+0000',
      'DISCLAIMER_READ consents.disclaimer.version v2',
      'CONSENT_CHANGED consents.marketing.automatic.sms.status false',
      'CONSENT_RESTRICTED consents.marketing.automatic.sms.limitation true',
      'CONSENT_OBJECTED consents.marketing.automatic.sms.objection true',
    ]);
    const [first] = page.body.elements;
    assert.deepEqual(Object.keys(first).sort(), [
      'customerId',
      'date',
      'id',
      'property',
      'sourceId',
      'type',
      'userId',
      'value',
    ]);
    assert.equal(first.customerId, customer.id);
    assert.equal(first.date, '2026-03-01T12:00:00.007+0000');
    const { body, status } = await client.call('GET', `/consent-logs/${first.id}`, undefined, { token: dpo });
    assert.equal(status, 200);
    assert.deepEqual(body, first);
  });

  it('tells a source by its id and a user by a number', async () => {
    const sourceToken = await client.tokenOf('TRUSTED_APPLICATION');
    const userToken = await client.tokenOf('USER');
    const body = (address: string) => ({
      nodeId: client.nodeId,
      base: { contacts: { email: address } },
      consents: email(true),
    });
    const authors = await Promise.all(
      [sourceToken, userToken].map(async (token, index) => {
        const made = await client.call('POST', '/customers', body(`by${index}@example.com`), { token });
        const [row] = (await list({ customerId: made.body.id })).body.elements;
        return { made: made.body, row };
      }),
    );
    const [bySource, byUser] = authors;
    assert.equal(bySource?.row.sourceId, bySource?.made.sourceInfo.registeredBy);
    assert.equal(bySource?.row.userId, null);
    assert.equal(byUser?.row.sourceId, null);
    assert.ok(Number.isInteger(byUser?.row.userId) && byUser?.row.userId > 0);
  });

  it('has a row of each change, by whichever operation, and of nothing else', async () => {
    const { id } = await client.create('ops@example.com', { consents: email(true) });
    const path = `/customers/${id}`;
    const rows = async () => told(await list({ customerId: id, sort: 'date,asc' }));
    const expected = [`CONSENT_CHANGED ${emailPath} true`];
    assert.deepEqual(await rows(), expected);

    await client.create('ops@example.com', { consents: email(true), base: { firstName: 'A' } });
    assert.deepEqual(await rows(), expected, 'what is said again is no change');
    await client.create('OPS@example.com', { consents: email(false) });
    assert.deepEqual(await rows(), [...expected, `CONSENT_CHANGED ${emailPath} false`]);

    await client.call('PATCH', path, {
      consents: { ...email(true), softSpam: { email: { objection: true } } },
    });
    await client.call('PUT', path, {
      nodeId: client.nodeId,
      base: { contacts: { email: 'ops@example.com' } },
      consents: email(false),
    });
    await client.call('PATCH', path, { consents: null });
    assert.deepEqual((await client.call('GET', path)).body.consents, null);
    const told6 = await rows();
    assert.deepEqual(told6.slice(2, 5), [
      `CONSENT_CHANGED ${emailPath} true`,
      'CONSENT_OBJECTED consents.softSpam.email.objection true',
      `CONSENT_CHANGED ${emailPath} false`,
    ]);
    assert.deepEqual(
      told6.slice(5).sort(),
      [`CONSENT_CHANGED ${emailPath} null`, 'CONSENT_OBJECTED consents.softSpam.email.objection null'].sort(),
    );

    await client.call('PATCH', path, { extra: 'x', consents: all });
    assert.equal((await client.call('PATCH', path, { version: 1, consents: email(true) })).status, 400);
    assert.equal((await client.call('PATCH', path, { consents: { marketing: 5 } })).status, 400);
    assert.deepEqual(await rows(), told6, 'a write that is refused, or changes none, tells nothing');
  });

  it('counts each row once, without a gap, when many write at once', async () => {
    const other = new ContacthubClient(test, await test.addWorkspace());
    const made = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        other.create(`many${index % 4}@example.com`, { consents: email(index % 3 === 0) }),
      ),
    );
    const { body } = await list({ size: 100, sort: 'id,asc' }, other);
    assert.deepEqual(
      body.elements.map((row: { id: number }) => row.id),
      Array.from({ length: body.elements.length }, (_, index) => index + 1),
    );
    for (const { id } of made) {
      const rows = told(await list({ customerId: id, sort: 'id,asc' }, other));
      assert.ok(rows.length > 0);
      for (const [index, row] of rows.entries()) assert.notEqual(row, rows[index + 1], 'two alike in a row');
      const shown = (await other.call('GET', `/customers/${id}`)).body.consents.marketing.automatic.email;
      assert.equal(rows.at(-1), `CONSENT_CHANGED ${emailPath} ${shown.status}`);
    }
  });

  it('shows a customer who absorbed another with the rows of both', async () => {
    const first = await client.create('both-a@example.com', { consents: email(true) });
    const second = await client.create('both-b@example.com', {
      consents: { profiling: { online: { status: true } } },
    });
    const joined = await ask(test, 'POST', at(client.workspace, '/links'), {
      body: { first: first.id, second: second.id },
    });
    assert.equal(joined.status, 201);
    for (const { id } of [first, second]) {
      const page = await list({ customerId: id });
      assert.equal(page.body.page.totalElements, 2);
      for (const row of page.body.elements) assert.equal(row.customerId, first.id);
    }
  });
});

describe('GET /consent-logs', () => {
  let shop: ContacthubClient;
  let ann: Reply['body'];
  let ben: Reply['body'];

  before(async () => {
    shop = new ContacthubClient(test, await test.addWorkspace({ timezone: 'Europe/Rome' }));
    const at = (day: number, hour: number) => {
      test.time.now = Date.UTC(2026, 5, day, hour);
    };
    at(1, 21);
    ann = await shop.create('ann@shop.example', {
      consents: { ...email(true), disclaimer: { version: '1' } },
    });
    // Half past midnight in Rome: another day there.
    at(1, 22);
    ben = await shop.create('ben@shop.example', { consents: email(true) });
    at(3, 12);
    await shop.call('PATCH', `/customers/${ann.id}`, {
      consents: { marketing: { automatic: { email: { status: false, objection: true } } } },
    });
    test.time.now = 0;
  });

  const find = async (query: Record<string, string | number>) => told(await list(query, shop));

  it('lists newest first, in pages, with all that the vendor’s page has', async () => {
    const { body } = await list({ size: 2 }, shop);
    assert.deepEqual(body.page, {
      size: 2,
      totalElements: 5,
      totalUnfilteredElements: 5,
      totalPages: 3,
      number: 0,
    });
    assert.equal(body.elements[0].customerId, ann.id);
    const pages = [
      body,
      ...(await Promise.all([1, 2, 3].map((page) => list({ size: 2, page }, shop)))).map(
        (reply) => reply.body,
      ),
    ];
    const ids = pages.flatMap((page) => page.elements.map((row: { id: number }) => row.id));
    assert.deepEqual(ids, [5, 4, 3, 2, 1]);
    assert.equal(pages[3].page.number, 3);
    const ascending = await list({ sort: 'date,asc' }, shop);
    assert.deepEqual(
      ascending.body.elements.map((row: { id: number }) => row.id),
      [1, 2, 3, 4, 5],
    );
  });

  it('finds by customer, type and property, and all of them together', async () => {
    assert.equal((await find({ customerId: ben.id })).length, 1);
    assert.equal((await find({ customerId: ben.id.toUpperCase() })).length, 1);
    assert.deepEqual(await find({ customerId: 'nobody' }), []);
    assert.deepEqual(await find({ customerId: '00000000-0000-4000-8000-000000000000' }), []);
    assert.deepEqual(await find({ type: 'DISCLAIMER_READ' }), [
      'DISCLAIMER_READ consents.disclaimer.version 1',
    ]);
    assert.deepEqual(await find({ type: 'FORCED_DELETE' }), []);
    assert.equal((await find({ property: emailPath })).length, 3);
    for (const property of [
      'consents.marketing.automatic.email',
      'marketing.automatic.email',
      '$.consents.marketing',
      '$.marketing.automatic',
    ])
      assert.equal((await find({ property })).length, 4, property);
    assert.equal((await find({ property: '$' })).length, 5);
    assert.deepEqual(await find({ property: 'consents.market' }), []);
    assert.deepEqual(await find({ property: emailPath, customerId: ann.id, type: 'CONSENT_OBJECTED' }), []);
    assert.deepEqual(await find({ property: 'marketing', customerId: ann.id, type: 'CONSENT_OBJECTED' }), [
      'CONSENT_OBJECTED consents.marketing.automatic.email.objection true',
    ]);
  });

  it('finds by the unique properties, nested or by path', async () => {
    const keys = [
      { base: { contacts: { email: 'BEN@shop.example' } } },
      { 'base.contacts.email': 'ben@shop.example' },
    ];
    for (const key of keys) assert.equal((await find({ uniqueKey: JSON.stringify(key) })).length, 1);
    const nobody = JSON.stringify({ 'base.contacts.email': 'nobody@shop.example' });
    assert.deepEqual(await find({ uniqueKey: nobody }), []);
    assert.deepEqual(await find({ uniqueKey: JSON.stringify(keys[0]), customerId: ann.id }), []);
    for (const uniqueKey of ['nonsense', '[]', '{}', '{"base":{"firstName":"x"}}', '{"base":5}']) {
      const refused = await list({ uniqueKey }, shop);
      assert.equal(refused.status, 400, uniqueKey);
      assert.equal(refused.body.errors[0].path, '/uniqueKey');
    }
  });

  it('finds by days of the workspace, both inclusive, and by instants', async () => {
    assert.equal((await find({ startDate: '2026-06-01', endDate: '2026-06-01' })).length, 2);
    assert.equal((await find({ startDate: '2026-06-02', endDate: '2026-06-02' })).length, 1);
    assert.equal((await find({ startDate: '2026-06-02' })).length, 3);
    assert.equal((await find({ endDate: '2026-06-02' })).length, 3);
    assert.equal((await find({ endDate: '2026-06-01T22:00:00.000Z' })).length, 3);
    assert.equal((await find({ startDate: '2026-06-01T22:00:00.001Z' })).length, 2);
    for (const startDate of ['yesterday', '2026-02-30'])
      assert.equal((await list({ startDate }, shop)).status, 400, startDate);
  });

  it('finds by nodes', async () => {
    const extra = await new Store(test, shop.workspace).addNode('contacthub');
    const key = { base: { contacts: { email: 'cy@shop.example' } }, consents: email(true) };
    assert.equal((await shop.call('POST', '/customers', { nodeId: extra, ...key })).status, 201);
    assert.equal((await find({ nodes: extra })).length, 1);
    assert.equal((await find({ nodes: `${extra}, ${shop.nodeId}` })).length, 6);
    assert.equal((await find({ nodes: shop.nodeId })).length, 5);
    const uniqueKey = JSON.stringify({ 'base.contacts.email': 'cy@shop.example' });
    assert.equal((await find({ uniqueKey })).length, 1);
    assert.equal((await find({ uniqueKey, nodes: shop.nodeId })).length, 0);
    assert.equal((await list({ nodes: '7b0f4bd4-95a1-4c6e-8f0f-1f6b6bb8a009' }, shop)).status, 404);
  });

  it('refuses what nobody can mean, naming it', async () => {
    const wrong: [Record<string, string | number>, string][] = [
      [{ type: 'CONSENT_LOST' }, 'type'],
      [{ sort: 'value,asc' }, 'sort'],
      [{ sort: 'date,up' }, 'sort'],
      [{ size: 0 }, 'size'],
    ];
    for (const [query, name] of wrong) {
      const reply = await list(query, shop);
      assert.equal(reply.status, 400, name);
      assert.ok(JSON.stringify(reply.body).includes(name));
    }
    for (const id of ['0', '999', '-1', '1.5', 'x', '9'.repeat(40)])
      assert.equal(
        (
          await shop.call('GET', `/consent-logs/${id}`, undefined, {
            token: shop.credentials.contacthub.dpoToken,
          })
        ).status,
        404,
        id,
      );
  });
});

describe('GET …/workspaces/{id}/consents', () => {
  it('lists the consents of a person over all dialects, by pages', async () => {
    const own = new ContacthubClient(test, await test.addWorkspace());
    const path = (query = '') => at(own.workspace, `/consents${query}`);
    const address = 'everywhere@example.com';
    const customer = await own.create(address, { consents: email(true) });
    const user = { userId: 'u1', email: address, whatsappOptIn: true, smsOptIn: false };
    await sendWebengage(test, own.workspace, user);
    await sendWebengage(test, own.workspace, { ...user, smsOptIn: true });
    await sendWebengage(test, own.workspace, user);

    const every = await ask(test, 'GET', path(`?person=${customer.id}`));
    assert.equal(every.status, 200);
    assert.deepEqual(
      every.body.consents.map((one: Record<string, string>) => `${one.dialect} ${one.property} ${one.value}`),
      [
        'webengage smsOptIn false',
        'webengage smsOptIn true',
        'webengage whatsappOptIn true',
        'webengage smsOptIn false',
        `contacthub ${emailPath} true`,
      ],
    );
    for (const one of every.body.consents) {
      assert.equal(one.personId, every.body.consents[4].personId);
      assert.equal(one.act, 'consent-changed');
    }
    const ids: number[] = [];
    for (let next: string | null = ''; next !== null; ) {
      const page: Awaited<ReturnType<typeof ask>> = await ask(
        test,
        'GET',
        path(`?limit=2${next && `&next=${next}`}`),
      );
      ids.push(...page.body.consents.map((one: { id: number }) => one.id));
      next = page.body.next;
    }
    assert.deepEqual(ids, [5, 4, 3, 2, 1]);
    assert.equal((await ask(test, 'GET', path('?act=forced-delete'))).body.consents.length, 0);
    assert.equal((await ask(test, 'GET', path('?next=nonsense'))).status, 400);
    assert.equal((await ask(test, 'GET', path('?act=x'))).status, 400);
    const nobody = '?person=00000000-0000-4000-8000-000000000000';
    assert.equal((await ask(test, 'GET', path(nobody))).status, 404);
    assert.equal((await ask(test, 'GET', path(), { key: null })).status, 401);
    const foreign = await workspaceKey(test, client.workspace);
    assert.equal((await ask(test, 'GET', path(), { key: foreign })).status, 404);
    // The wire of one vendor tells of its own customers alone.
    assert.equal((await list({}, own)).body.page.totalUnfilteredElements, 1);
    const webengageRow = every.body.consents[0].id;
    const hidden = await own.call('GET', `/consent-logs/${webengageRow}`, undefined, {
      token: own.credentials.contacthub.dpoToken,
    });
    assert.equal(hidden.status, 404);
  });
});
