import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { searchMilliseconds } from '../../../src/dialects/contacthub/query/search-bounds.ts';
import { inTransaction } from '../../../src/store/transaction.ts';
import { useApp } from '../../helpers/app.ts';
import { ContacthubClient } from './client.ts';
import { rebuildCustomerIndex } from './rebuild-customer-index.ts';

const test = await useApp({ limits: { readsPerWorkspace: 3 } });
const client = new ContacthubClient(test);
const found = 20_000;
/** So many of them have a name. */
const named = 1500;

before(async () => {
  const extendedProperties = {
    points: { type: 'number', indexed: true },
    story: { type: 'string', maxLength: 3000 },
  };
  const body = { dialects: { contacthub: { extendedProperties } } };
  assert.equal((await client.native.call('PATCH', '', { body })).status, 200);
  await test.app.services.jobs.settle();
  await client.create('first@x.example', { externalId: 'one', extended: { story: 'x'.repeat(2000) } });
  await test.database.query(
    `insert into profile (workspace_id, id, node_id, anonymous, created_seq, record_id, person_id, attributes, version, created_at, updated_at)
     select p.workspace_id, k.id, p.node_id, false, 1000000 + k.n, k.id, k.id,
            p.attributes || jsonb_build_object('externalId', jsonb_build_array('of-' || k.n, 1))
              || case when k.n > ${named} then '{}' else jsonb_build_object('base.lastName', jsonb_build_array('name-' || lpad(k.n::text, 5, '0'), 1),
                   'extended.points', jsonb_build_array(k.n, 1)) end, 1, p.created_at, p.updated_at
       from profile p, (select n, gen_random_uuid() as id from generate_series(1, ${found}) n) k`,
  );
  assert.equal(await rebuildCustomerIndex(test), found + 1);
});

describe('a search that more fit than are counted', () => {
  it('goes through the asked order, those without a value last, page by page', async () => {
    const page = async (sort: string, number: number) => {
      const query = new URLSearchParams({ nodeId: client.nodeId, sort, page: String(number), size: '1000' });
      const { body } = await client.call('GET', `/customers?${query}`);
      assert.equal(body.page.totalElements, 10_000);
      assert.equal(body.page.totalUnfilteredElements, found + 1);
      return (body.elements as { base: { lastName: string | null } }[]).map(({ base }) => base.lastName);
    };
    const name = (index: number) => `name-${String(index).padStart(5, '0')}`;
    const names = Array.from({ length: named }, (_, index) => name(index + 1));
    const rest = (length: number) => Array.from({ length }, () => null);
    const upTo = (list: readonly (string | null)[], at: number) => list.slice(at * 1000, (at + 1) * 1000);
    for (const at of [0, 1, 9]) {
      const asc = [...names, ...rest(10_000)];
      assert.deepEqual(await page('base.lastName,asc', at), upTo(asc, at), `asc ${at}`);
      const desc = [...names.toReversed(), ...rest(10_000)];
      assert.deepEqual(await page('base.lastName,desc', at), upTo(desc, at), `desc ${at}`);
    }
    assert.deepEqual(await page('base.lastName,asc', 10), []);
  });

  it('goes through the order of what is marked as indexed', async () => {
    const page = async (sort: string, number: number, operator = 'IS_NOT_NULL', value?: unknown) => {
      const condition = { type: 'atomic', attribute: 'extended.story', operator, value };
      const query = JSON.stringify({ query: { type: 'simple', are: { condition } } });
      const asked = { nodeId: client.nodeId, sort, page: String(number), size: '500', query };
      const { body } = await client.call('GET', `/customers?${new URLSearchParams(asked)}`);
      assert.equal(body.page.totalElements, 10_000);
      return (body.elements as { extended: { points?: number } }[]).map(
        ({ extended }) => extended.points ?? null,
      );
    };
    const asc = Array.from({ length: named }, (_, index) => index + 1);
    const upTo = (list: readonly number[], at: number) => list.slice(at * 500, (at + 1) * 500);
    for (const at of [0, 2]) {
      assert.deepEqual(await page('extended.points,asc', at), upTo(asc, at));
      assert.deepEqual(await page('extended.points,desc', at), upTo(asc.toReversed(), at));
    }
    assert.deepEqual([...new Set(await page('extended.points,desc', 3))], [null]);
    assert.deepEqual([...new Set(await page('extended.points,asc', 19))], [null]);
  });

  it('has each customer on one page only', async () => {
    const ids = new Set<string>();
    for (let at = 0; at < 10; at++) {
      const query = new URLSearchParams({ nodeId: client.nodeId, page: String(at), size: '1000' });
      const { body } = await client.call('GET', `/customers?${query}`);
      for (const { id } of body.elements) ids.add(id);
    }
    assert.equal(ids.size, 10_000);
  });
});

/** Keeps every search waiting, as one that takes very long, while `work` runs. */
async function whileSearchesWait(
  work: () => Promise<void>,
  table: 'customer_index' | 'event' = 'customer_index',
): Promise<void> {
  await inTransaction(test.database, async (tx) => {
    await tx.query(`lock table ${table} in access exclusive mode`);
    await work();
  });
}

describe('a search that takes too long', () => {
  const ask = (condition: object, sort = 'updatedAt,desc') => {
    const query = JSON.stringify({ query: { type: 'simple', are: { condition } } });
    return client.call('GET', `/customers?${new URLSearchParams({ nodeId: client.nodeId, query, sort })}`);
  };
  const atomic = (attribute: string, operator: string, value: unknown) => ({
    type: 'atomic',
    attribute,
    operator,
    value,
  });

  it('is stopped, says what no index serves, and keeps nobody else waiting', async () => {
    const other = new ContacthubClient(test, await test.addWorkspace());
    const { id } = await other.create('other@x.example');
    const own = await client.create('own@x.example', { externalId: 'own' });
    await whileSearchesWait(async () => {
      const started = performance.now();
      const inside = atomic('base.address.street', 'LIKE', 'via');
      const both = {
        type: 'composite',
        conjunction: 'and',
        conditions: [inside, atomic('enabled', 'NOT_EQUALS', true)],
      };
      const ranges = {
        type: 'composite',
        conjunction: 'and',
        conditions: [atomic('extended.points', 'GT', 3), atomic('extended.story', 'GT', 'x')],
      };
      const searches = [
        ask(inside),
        ask(both),
        ask(atomic('externalId', 'EQUALS', 'x'), 'base.gender'),
        ask(ranges, 'extended.points'),
      ];
      for (let count = 0; count < 20; count++) {
        const reply = await other.call('GET', `/customers/${id}`);
        assert.equal(reply.status, 200);
      }
      assert.ok(performance.now() - started < searchMilliseconds, 'another workspace has waited');
      for (let count = 0; count < 5; count++)
        assert.equal((await client.call('GET', `/customers/${own.id}`)).status, 200);
      assert.ok(performance.now() - started < searchMilliseconds, 'the workspace itself has waited');
      const messages: string[] = [];
      for (const { status, body, headers } of await Promise.all(searches)) {
        assert.equal(status, 503);
        assert.deepEqual(Object.keys(body).sort(), ['data', 'errors', 'logref', 'message']);
        assert.equal(headers['retry-after'], '10');
        messages.push(body.message);
      }
      const waited = performance.now() - started;
      assert.ok(waited > searchMilliseconds && waited < 2 * searchMilliseconds + 2000, `${waited} ms`);
      assert.match(
        messages[0] ?? '',
        /the 3 seconds that one may take.*no index serves the conditions on base\.address\.street\. Ask/,
      );
      assert.match(messages[1] ?? '', /no index serves the conditions on base\.address\.street, enabled/);
      assert.match(messages[2] ?? '', /no index is in the order of base\.gender/);
      assert.match(messages[3] ?? '', /no index serves the conditions on extended\.story\. Ask/);
    });
    assert.equal((await ask(atomic('externalId', 'EQUALS', 'of-9'))).body.page.totalElements, 1);
  });

  it('of events is stopped as well, and says what does find them', async () => {
    const { id } = await client.create('viewer@x.example');
    await client.view({ customerId: id });
    await whileSearchesWait(async () => {
      const replies = await Promise.all([
        client.call('GET', `/events?context=WEB&nodeId=${client.nodeId}`),
        client.call('GET', '/events?type=viewedPage'),
      ]);
      for (const { status, headers } of replies)
        assert.deepEqual([status, headers['retry-after']], [503, '10']);
      assert.match(replies[0].body.message, /the 3 seconds.*no index serves context and nodeId/);
      assert.match(replies[1].body.message, /the 3 seconds.*too many events fit/);
    }, 'event');
    assert.equal((await client.call('GET', '/events?type=viewedPage')).status, 200);
  });
});
