import assert from 'node:assert/strict';
import { after, it } from 'node:test';
import { GraphServer } from '../dialects/signals/connector/graph-server.ts';
import { inject } from '../helpers/vendor-client.ts';
import { spoil } from './hostile.ts';
import { bodyFor, queryFor } from './intrusions.ts';
import { nameOf, type Route, useAppWithRoutes } from './routes.ts';
import { addTenant, fillPath, type Showing, showingsOf } from './two-tenants.ts';

const graph = new GraphServer();
const { test, routes: all } = await useAppWithRoutes({
  environment: { THROUGHLINE_META_URL: await graph.start() },
});
after(() => graph.stop());
const routes = all.filter((route) => route.owner !== undefined && !route.url.endsWith('/live'));
const tenant = await addTenant(test, 'extreme', '1001');

/** First and last instants and days in the vendors' forms, and just beyond; a leap second, and zones around them. */
const times = [
  '0001-01-01T00:00:00.000Z',
  '0001-01-01T00:00:00Z',
  '9999-12-31T23:59:59.999Z',
  '9999-12-31T23:59:59Z',
  '0001-01-01',
  '9999-12-31',
  '0000-01-01',
  '0000-12-31T23:59:59.999Z',
  '0001-01-01T00:00:00+14:00',
  '9999-12-31T23:59:59-12:00',
  '0001-01-01 00:00:00',
  '9999-12-31 23:59:59',
  '0000-01-01 00:00:00',
  '2016-12-31T23:59:60Z',
  '+010000-01-01T00:00:00.000Z',
  '-000001-01-01T00:00:00.000Z',
  '275760-09-13T00:00:00.000Z',
  'infinity',
];
const numbers = [
  '0',
  '-1',
  '0.5',
  '1e15',
  '2147483647',
  '2147483648',
  '-2147483649',
  '9007199254740991',
  '9007199254740993',
  '9223372036854775807',
  '9223372036854775808',
  '-9223372036854775809',
  '1e308',
  '1e309',
  '-1e400',
  '1e-400',
  '0.1234567890123456789',
  `1${'0'.repeat(400)}`,
];
/** What pages' `next` would be of moments that no page has. */
const positions = ['+010000-01-01T00:00:00.000Z', '-271821-04-20T00:00:00.000Z', '0000-01-01T00:00:00.000Z']
  .flatMap((at) => [`${at}/1`, `${at}/01900000-0000-7000-8000-000000000000`])
  .map((text) => Buffer.from(text).toString('base64url'));

async function showingOf(route: Route): Promise<Showing> {
  const showings = await showingsOf(route, tenant);
  return showings.find((showing) => showing.headers) ?? showings[0]!;
}

/** Answers what is wrong with the answer: nothing but Meta being away may be a fault of ours. */
async function ask(
  route: Route,
  showing: Showing,
  query: Record<string, string>,
  body?: string,
): Promise<string[]> {
  const reply = await inject(test, {
    method: route.method as 'GET',
    url: fillPath(route, tenant, tenant),
    query: { ...queryFor(route, tenant), ...showing.query, ...query },
    headers: {
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...showing.headers,
      ...(body === undefined ? {} : showing.sign?.(body)),
    },
    body,
  });
  if (reply.status < 500 || reply.status === 502) return [];
  return [
    `${nameOf(route)} ${JSON.stringify(query)} ${body?.slice(0, 300) ?? ''}: ${reply.status} ${reply.text}`,
  ];
}

const namesOf = (route: Route) =>
  Object.keys((route.schema.querystring as { properties?: object } | undefined)?.properties ?? {});

it('the extremes of every parameter of every query are answered or refused, never a fault', async () => {
  const faults: string[] = [];
  let asked = 0;
  for (const route of routes.filter(({ method }) => method === 'GET')) {
    const showing = await showingOf(route);
    const names = namesOf(route);
    for (const name of names)
      for (const text of [...times, ...numbers, ...positions]) {
        asked++;
        faults.push(...(await ask(route, showing, { [name]: text })));
      }
    // Ranges, from each to each.
    const bounds = names.filter((name) => /since|until|from|to$|date/i.test(name));
    for (const first of times.slice(0, 8))
      for (const last of times.slice(0, 8)) {
        if (bounds.length < 2) continue;
        const values = bounds.map((name) => [name, /since|from/i.test(name) ? first : last]);
        faults.push(...(await ask(route, showing, Object.fromEntries(values))));
      }
  }
  assert.ok(asked > 3000, `${asked}`);
  assert.deepEqual(faults.slice(0, 20), []);
});

// Ranges are bounded: of two bounds one alone would be refused for its distance.
it('so are those of every value in the bodies that ask', async () => {
  const { octeth } = tenant.credentials;
  const insights = routes.find(({ url }) => url.endsWith('/events/insights'))!;
  const search = routes.find(({ url }) => url === '/api/v1/admin.events.search')!;
  const faults: string[] = [];
  for (const first of times)
    for (const last of times) {
      for (const interval of ['hour', 'day', 'week', 'dayOfWeek', 'year']) {
        const question = {
          since: first,
          until: last,
          metrics: ['event-count'],
          groupBy: 'project',
          interval,
        };
        faults.push(...(await ask(insights, await showingOf(insights), {}, JSON.stringify(question))));
      }
      const question = {
        AdminAPIKey: octeth.adminApiKey,
        DateFrom: first,
        DateTo: last,
        ListID: 1001,
      };
      const { ListID: _list, ...all } = question;
      const showing = (await showingsOf(search, tenant))[0]!;
      for (const body of [question, all])
        faults.push(...(await ask(search, showing, {}, JSON.stringify(body))));
    }
  assert.deepEqual(faults.slice(0, 20), []);
});

it('so are those of every value of every body', async () => {
  const faults: string[] = [];
  const extremes = [...times.map((text) => JSON.stringify(text)), ...numbers];
  for (const route of routes.filter(({ method }) => !['GET', 'DELETE'].includes(method))) {
    const body = bodyFor(route, tenant);
    if (!body || Object.keys(body).length === 0) continue;
    const showing = await showingOf(route);
    for (const { text } of spoil(body, extremes, [])) faults.push(...(await ask(route, showing, {}, text)));
  }
  assert.deepEqual(faults.slice(0, 20), []);
});
