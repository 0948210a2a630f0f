import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { VendorReply } from '../journeys/vendors.ts';
import {
  administratorRoutes,
  attemptAt,
  endingRoutes,
  isRefusal,
  openRoutes,
  ownRoutes,
  signInRoutes,
} from './attempt.ts';
import { bodyFor, queryFor } from './intrusions.ts';
import { nameOf, type Route, useAppWithRoutes } from './routes.ts';
import {
  addTenant,
  fillPath,
  namesResource,
  type Showing,
  secretsOf,
  showingsOf,
  signInsAs,
  type Tenant,
} from './two-tenants.ts';

/** Answers for as long as it is listened to. */
const endlessRoutes = new Set(['GET /throughline/v1/workspaces/:workspace/events/live']);

const { test, routes: allRoutes } = await useAppWithRoutes();
/** Those that a key has to be shown to. */
const routes = allRoutes.filter((route) => route.owner !== undefined && !openRoutes.has(nameOf(route)));
const tenants = [await addTenant(test, 'alpha', '1001'), await addTenant(test, 'beta', '1002')] as const;
// What their own calls have set going is over before one looks what others write.
await test.app.services.jobs.settle();

/** What of a job changes while it runs, and some are due later: nobody has asked for that. */
const ofRunner = `'state', 'cursor', 'done', 'failed', 'total', 'result', 'error', 'attempts', 'due_at', 'started_at', 'updated_at',
  'finished_at', 'claimed_by', 'claimed_until'`;

/**
 * Everything that the database holds of a workspace, but how often it refused somebody, which is a write, too, when a key was last
 * used, and how far jobs are.
 */
async function readState({ workspace }: Tenant): Promise<string> {
  const tables = await test.database.query<{ name: string }>(
    `select c.relname as name from pg_class c join pg_attribute a on a.attrelid = c.oid
      where a.attname = 'workspace_id' and c.relkind in ('r', 'p') and not c.relispartition
        and c.relnamespace = 'public'::regnamespace order by 1`,
  );
  assert.ok(tables.length > 15, 'the tenant tables are found');
  const parts = tables.map(
    ({ name }) =>
      `select '${name}' as name, count(*) as rows, md5(coalesce(string_agg(row, '|' order by row), '')) as hash
         from (select (to_jsonb(t) - array['last_used_at', 'last_batch'${name === 'job' ? `, ${ofRunner}` : ''}])::text as row from ${name} t where workspace_id = $1 ${name === 'accounting' ? "and outcome <> 'refused'" : ''}) t`,
  );
  const rows = await test.database.query<{ name: string; rows: number }>(parts.join(' union all '), [
    workspace.created.id,
  ]);
  return JSON.stringify(rows);
}

/** To look at all that is stored takes longer than to ask: it is done behind so many routes, and a fault is one of theirs. */
const routesPerLook = 10;

/** Asks each route in turn; behind some of them, nothing may be stored that was not before. */
async function intrudeInto(
  asked: readonly Route[],
  watched: readonly Tenant[],
  intrusion: (route: Route) => Promise<void>,
): Promise<void> {
  const states = await Promise.all(watched.map(readState));
  for (let first = 0; first < asked.length; first += routesPerLook) {
    const some = asked.slice(first, first + routesPerLook);
    for (const route of some) await intrusion(route);
    const names = some.map(nameOf).join(', ');
    assert.deepEqual(await Promise.all(watched.map(readState)), states, `one of these wrote: ${names}`);
  }
}

/** Asks a route for what is the victim's. */
function intrude(route: Route, path: string, victim: Tenant, showing: Showing): Promise<VendorReply> {
  return attemptAt(test, route, path, queryFor(route, victim), bodyFor(route, victim), showing);
}

function assertRefused(route: Route, path: string, reply: VendorReply, attempt: string): void {
  assert.ok(isRefusal(route, path, reply), `${attempt}: ${reply.status} ${reply.text.slice(0, 500)}`);
}

function assertNothingOf(victim: Tenant, reply: VendorReply, attempt: string): void {
  for (const text of victim.privateTexts)
    assert.ok(!reply.text.includes(text), `${attempt} was shown ${text}: ${reply.text.slice(0, 500)}`);
}

for (const [victimIndex, intruderIndex] of [
  [0, 1],
  [1, 0],
] as const) {
  describe(`with the keys of workspace ${intruderIndex + 1}`, () => {
    it(`every route of workspace ${victimIndex + 1} says no, shows nothing and writes nothing`, async () => {
      const [victim, intruder] = [tenants[victimIndex], tenants[intruderIndex]];
      await intrudeInto(routes, tenants, async (route) => {
        const path = fillPath(route, victim, victim);
        const showings = (await signInsAs(route, victim, intruder)) ?? (await showingsOf(route, intruder));
        for (const showing of showings) {
          const attempt = `${nameOf(route)} by the other's ${showing.by}`;
          const reply = await intrude(route, path, victim, showing);
          if (!ownRoutes.has(nameOf(route))) assertRefused(route, path, reply, attempt);
          assertNothingOf(victim, reply, attempt);
        }
      });
    });

    it(`on its own routes, what workspace ${victimIndex + 1} has is not there`, async () => {
      const [victim, intruder] = [tenants[victimIndex], tenants[intruderIndex]];
      let found = 0;
      const answering = routes.filter(
        (one) => !endlessRoutes.has(nameOf(one)) && !endingRoutes.has(nameOf(one)),
      );
      await intrudeInto(answering, [victim], async (route) => {
        const path = fillPath(route, intruder, victim);
        for (const showing of await showingsOf(route, intruder)) {
          const attempt = `${nameOf(route)} by its own ${showing.by}`;
          const reply = await intrude(route, path, victim, showing);
          assert.ok(reply.status < 500, `${attempt}: ${reply.status} ${reply.text}`);
          if (namesResource(route)) assertRefused(route, path, reply, attempt);
          if (reply.status < 300) found++;
          assertNothingOf(victim, reply, attempt);
        }
      });
      assert.ok(found > 20, `only ${found} answers were successes: the requests are not what they should be`);
    });
  });
}

it('without a key, or with one that there is not, every route says no and writes nothing', async () => {
  const [victim] = tenants;
  const states = await Promise.all(tenants.map(readState));
  const strange = 'tl_strange_0123456789abcdef0123456789abcdef';
  const showings: Showing[] = [
    { by: 'nothing' },
    { by: 'an empty bearer', headers: { authorization: 'Bearer ' } },
    { by: 'an unknown bearer', headers: { authorization: `Bearer ${strange}` } },
    { by: 'a basic password', headers: { authorization: 'Basic YTpi' } },
    { by: 'an unknown API key', headers: { 'x-api-key': strange }, query: { APIKey: strange } },
    { by: 'a session in the body', members: { SessionID: strange } },
    { by: 'a signature', headers: { 'x-hub-signature-256': `sha256=${'0'.repeat(64)}` } },
  ];
  for (const route of routes) {
    const path = fillPath(route, victim, victim);
    for (const showing of showings) {
      const reply = await intrude(route, path, victim, showing);
      const attempt = `${nameOf(route)} by ${showing.by}`;
      const isSignIn = signInRoutes.has(nameOf(route));
      const refused = isRefusal(route, path, reply) || (isSignIn && reply.status === 422);
      assert.ok(refused, `${attempt}: ${reply.status} ${reply.text.slice(0, 300)}`);
      assert.notEqual(reply.status, 404, `${attempt} is told what is there and what is not`);
      assertNothingOf(victim, reply, attempt);
    }
  }
  assert.deepEqual(await Promise.all(tenants.map(readState)), states);
});

it('a key of one API opens no other API of the same workspace', async () => {
  const [victim] = tenants;
  const states = await Promise.all(tenants.map(readState));
  const keys = secretsOf(victim.credentials);
  for (const route of routes) {
    const path = fillPath(route, victim, victim);
    const own = JSON.stringify(await showingsOf(route, victim));
    const isSignIn = signInRoutes.has(nameOf(route));
    for (const key of keys.filter((one) => !own.includes(one) && !one.includes('\n'))) {
      const isAdministrators = route.owner === 'native' || administratorRoutes.has(nameOf(route));
      const administrates = isAdministrators && key === victim.credentials.admin.token;
      if (administrates || isSignIn) continue;
      const showing = {
        by: 'a foreign key',
        headers: { authorization: `Bearer ${key}`, 'x-api-key': key },
        query: { APIKey: key, 'hub.verify_token': key },
        members: { APIKey: key, api_key: key },
      };
      const reply = await intrude(route, path, victim, showing);
      assertRefused(route, path, reply, nameOf(route));
    }
  }
  assert.deepEqual(await Promise.all(tenants.map(readState)), states);
});

it('the routes that take no key are the few that are known to', () => {
  const unowned = allRoutes.filter((route) => route.owner === undefined).map(nameOf);
  assert.deepEqual(
    unowned.filter((name) => !/^GET \/docs\b/.test(name)),
    [
      'GET /openapi.json',
      'GET /healthz',
      'GET /readyz',
      'GET /metrics',
      'GET /',
      'GET /console',
      'GET /console/*',
      'GET /console/assets/*',
    ],
  );
  const unknown = [...openRoutes, ...ownRoutes, ...endlessRoutes].filter(
    (name) => !allRoutes.some((route) => nameOf(route) === name),
  );
  assert.deepEqual(unknown, [], 'an exception is made for a route that is there');
});
