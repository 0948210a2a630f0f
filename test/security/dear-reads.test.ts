import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { inTransaction } from '../../src/store/transaction.ts';
import { rebuildCustomerIndex } from '../dialects/contacthub/rebuild-customer-index.ts';
import { startTestApp, type TestApp } from '../helpers/app.ts';
import { inject } from '../helpers/vendor-client.ts';
import { fetchFrom } from '../journeys/send.ts';
import { isErrorForm, type Send, type VendorReply, vendorRequests } from '../journeys/vendors.ts';
import { bodyFor, queryFor } from './intrusions.ts';
import { nameOf, type Route, useAppWithRoutes } from './routes.ts';
import { addTenant, fillPath, type Showing, showingsOf, type Tenant } from './two-tenants.ts';

/** What has to be known of a workspace before anything is asked in it. */
const configuration = new Set([
  'workspace_head',
  'node',
  'source',
  'event_type',
  'custom_field',
  'conversion',
  'event_group',
  'ad',
  'ad_campaign',
  'dialect_binding',
  'credential',
  'account',
  'attribution_conversion',
  'accounting',
  'erasure',
  'user_right',
]);

/** Keeps every question that looks into a table of tenants waiting, as one that takes very long, until it is released. */
async function holdTables(test: TestApp): Promise<() => Promise<void>> {
  const tables = await test.database.query<{ name: string }>(
    `select c.relname as name from pg_class c join pg_attribute a on a.attrelid = c.oid
      where a.attname = 'workspace_id' and c.relkind in ('r', 'p') and not c.relispartition
        and c.relnamespace = 'public'::regnamespace`,
  );
  const held = tables.map(({ name }) => name).filter((name) => !configuration.has(name));
  assert.ok(held.length > 15, 'the tenant tables are found');
  const holding = Promise.withResolvers<void>();
  const released = Promise.withResolvers<void>();
  const transaction = inTransaction(test.database, async (tx) => {
    await tx.query(`lock table ${held.join(', ')} in access exclusive mode`);
    holding.resolve();
    await released.promise;
  });
  await Promise.race([holding.promise, transaction]);
  return async () => {
    released.resolve();
    await transaction;
  };
}

/** How many searches for customers are at work or wait for a lock; jobs look around beside them. */
async function countRunning(test: TestApp): Promise<number> {
  const [row] = await test.database.query<{ running: number }>(
    `select count(*)::integer as running from pg_stat_activity
      where datname = current_database() and pid <> pg_backend_pid() and state = 'active'
        and query like '%customer_index%'`,
  );
  return row!.running;
}

const impatient = await useAppWithRoutes({ limits: { readMilliseconds: 100 } });

describe('a question that takes too long', () => {
  const { test, routes } = impatient;
  let tenant: Tenant;

  before(async () => {
    tenant = await addTenant(test, 'asking', '1001');
  });

  const readsByPost =
    /search$|insights|website_events\.properties|fields\.get|\/hub\/v1\/.*\/customers\/search/i;
  const isQuestion = ({ method, url, owner }: Route) =>
    owner !== undefined &&
    !url.endsWith('/live') &&
    url !== '/api.php' &&
    (method === 'GET' || readsByPost.test(url));

  function ask(route: Route, showing: Showing): Promise<VendorReply> {
    const body = bodyFor(route, tenant);
    return inject(test, {
      method: route.method as 'GET',
      url: fillPath(route, tenant, tenant),
      query: { ...queryFor(route, tenant), ...showing.query },
      headers: { ...showing.headers },
      body: body && { ...body, ...showing.members },
    });
  }

  it('is stopped on every route of every API, and the answer says so in the form of the API', async () => {
    const release = await holdTables(test);
    const stopped: string[] = [];
    try {
      for (const route of routes.filter(isQuestion)) {
        for (const showing of await showingsOf(route, tenant)) {
          const startedAt = performance.now();
          const reply = await ask(route, showing);
          const what = `${nameOf(route)} by ${showing.by}: ${reply.status} ${reply.text.slice(0, 300)}`;
          assert.ok(performance.now() - startedAt < 5000, `${what} took too long`);
          if (reply.status < 500) continue;
          assert.equal(reply.status, 503, what);
          assert.match(String(reply.headers['retry-after']), /^\d+$/, what);
          assert.ok(isErrorForm(route.owner!, route.url, reply), what);
          assert.match(reply.text, /takes longer than the 0\.1 seconds/, what);
          assert.match(reply.text, /Ask for less at once/, what);
          stopped.push(nameOf(route));
          break;
        }
      }
    } finally {
      await release();
    }
    const owners = new Set(
      routes.filter((route) => stopped.includes(nameOf(route))).map(({ owner }) => owner),
    );
    assert.deepEqual(
      [...owners].sort(),
      ['contacthub', 'native', 'octeth', 'signals', 'webmarketer'],
      stopped.join('\n'),
    );
    assert.ok(stopped.length > 35, `only ${stopped.length} questions were stopped: ${stopped.join('\n')}`);
  });
});

describe('a count that takes too long', () => {
  const { test } = impatient;

  it('is null of a source, which is shown all the same', async () => {
    const { sources } = await test.native.read('/sources');
    const release = await holdTables(test);
    try {
      for (const [dialect, taken] of [
        ['octeth', 'events'],
        ['webmarketer', 'touchpoints'],
      ]) {
        const { id } = sources.find((source: { dialect: string }) => source.dialect === dialect);
        const shown = await test.native.read(`/sources/${id}`);
        assert.deepEqual([shown.id, shown[taken!]], [id, null]);
      }
    } finally {
      await release();
    }
    const { id } = sources.find((source: { dialect: string }) => source.dialect === 'octeth');
    assert.equal((await test.native.read(`/sources/${id}`)).events, 0);
  });
});

describe('a caller who hangs up', () => {
  let test: TestApp;
  let baseUrl: string;

  before(async () => {
    test = await startTestApp();
    baseUrl = await test.app.http.listen({ host: '127.0.0.1', port: 0 });
  });
  after(() => test.close());

  it('has the question stopped that it asked, and those that wait in line forgotten', async () => {
    const { contacthub } = test.workspace.credentials;
    const release = await holdTables(test);
    const idle = await countRunning(test);
    try {
      const hangUp = new AbortController();
      const asking = Array.from({ length: 5 }, () =>
        fetch(
          `${baseUrl}/hub/v1/workspaces/${contacthub.workspaceId}/customers?nodeId=${contacthub.nodeId}`,
          {
            headers: { authorization: `Bearer ${contacthub.token}` },
            signal: hangUp.signal,
          },
        ).then(
          (response) => response.status,
          () => 'gone',
        ),
      );
      while ((await countRunning(test)) === idle) await delay(20);
      await delay(200);
      assert.equal((await countRunning(test)) - idle, 1, 'one of a workspace at a time');
      hangUp.abort();
      assert.deepEqual(await Promise.all(asking), Array(5).fill('gone'));
      const startedAt = performance.now();
      while ((await countRunning(test)) > idle) {
        assert.ok(performance.now() - startedAt < 3000, 'the statement goes on though nobody waits for it');
        await delay(20);
      }
    } finally {
      await release();
    }
    const reply = await inject(test, {
      method: 'GET',
      url: `/hub/v1/workspaces/${contacthub.workspaceId}/customers?nodeId=${contacthub.nodeId}`,
      headers: { authorization: `Bearer ${contacthub.token}` },
    });
    assert.equal(reply.status, 200, 'the connection is free for the next one');
  });
});

describe('one workspace that asks 24 dear questions at once', () => {
  const customers = 10_000;
  let test: TestApp;
  let send: Send;

  before(async () => {
    test = await startTestApp();
    send = fetchFrom(await test.app.http.listen({ host: '127.0.0.1', port: 0 }));
    const { created } = test.workspace;
    const workspace = await test.app.services.workspaces.get(created.id);
    const node = [...workspace.nodes.values()].find(({ dialect }) => dialect === 'contacthub')!;
    await test.database.query(
      `insert into profile (workspace_id, id, node_id, anonymous, created_seq, record_id, person_id, attributes, created_at,
                            updated_at)
       select $1, id, $2, false, 1000000 + n, id, id,
              jsonb_build_object('base.middleName', jsonb_build_array(repeat('ada ', 50) || n, n)), now(), now()
         from (select gen_random_uuid() as id, n from generate_series(1, $3::integer) n) made`,
      [created.id, node.id, customers],
    );
    assert.equal(await rebuildCustomerIndex(test), customers);
  });
  after(() => test.close());

  function dearQuestion(conditions: number): Parameters<Send>[0] {
    const { contacthub } = test.workspace.credentials;
    const like = (n: number) => ({
      type: 'atomic',
      attribute: 'base.middleName',
      operator: 'LIKE',
      value: `*a*d*a*${n}x*`,
    });
    const condition = {
      type: 'composite',
      conjunction: 'or',
      conditions: Array.from({ length: conditions }, (_, n) => like(n)),
    };
    const query = new URLSearchParams({
      nodeId: contacthub.nodeId,
      query: JSON.stringify({ query: { type: 'simple', are: { condition } } }),
    });
    return {
      method: 'GET',
      path: `/hub/v1/workspaces/${contacthub.workspaceId}/customers?${query}`,
      headers: { authorization: `Bearer ${contacthub.token}` },
      body: '',
    };
  }
  const ask = (conditions: number) => {
    const { body: _none, ...question } = dearQuestion(conditions);
    return send(question as Parameters<Send>[0]);
  };

  it('is told how many conditions it may have', async () => {
    const reply = await ask(85);
    assert.equal(reply.status, 400);
    assert.match(reply.text, /at most 20 conditions that look inside a text/);
  });

  it('waits for its own answers, and lets the reads and events of others by', async () => {
    const other = await test.addWorkspace();
    const { contacthub } = other.credentials;
    const read = () =>
      send({
        method: 'GET',
        path: `/hub/v1/workspaces/${contacthub.workspaceId}/customers?nodeId=${contacthub.nodeId}`,
        headers: { authorization: `Bearer ${contacthub.token}` },
      } as Parameters<Send>[0]);
    assert.equal((await read()).status, 200);
    let isOver = false;
    const dear = Promise.all(Array.from({ length: 24 }, () => ask(20))).finally(() => {
      isOver = true;
    });
    await delay(100);
    let slowest = 0;
    let rounds = 0;
    const time = async (work: () => Promise<VendorReply>) => {
      const startedAt = performance.now();
      const reply = await work();
      assert.ok(reply.status < 300, reply.text);
      slowest = Math.max(slowest, performance.now() - startedAt);
    };
    while (!isOver) {
      await time(read);
      const somebody = { email: 'ada@example.com', phone: '+33639980001' };
      await time(() => send(vendorRequests['webengage event']!(other.credentials, somebody)));
      rounds++;
    }
    const replies = await dear;
    assert.ok(rounds > 3, `${rounds} rounds beside the dear questions`);
    assert.ok(slowest < 2000, `another tenant waited ${Math.round(slowest)} ms`);
    for (const reply of replies) {
      if (reply.status === 200) continue;
      assert.equal(reply.status, 503);
      assert.match(reply.text, /has asked more at once than is worked at \(1 at a time\)/);
    }
    assert.ok(replies.some(({ status }) => status === 200));
  });
});
