import assert from 'node:assert/strict';
import { after, it } from 'node:test';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { GraphServer } from '../dialects/signals/connector/graph-server.ts';
import { Store } from '../helpers/store.ts';
import { inject, type Method } from '../helpers/vendor-client.ts';
import { assertVerified, countMarkers, injectInto } from '../journeys/send.ts';
import { isErrorForm, type VendorReply, type VendorRequest, vendorRequests } from '../journeys/vendors.ts';
import { hostileBodies, hostileValues, spoil, wrongContentTypes } from './hostile.ts';
import { bodyFor, queryFor } from './intrusions.ts';
import { nameOf, type Route, useAppWithRoutes } from './routes.ts';
import { addTenant, fillPath, type Showing, showingsOf } from './two-tenants.ts';

/** It knows none of the tokens: what asks Meta is answered with 502. */
const graph = new GraphServer();
const { test, routes: all } = await useAppWithRoutes({
  environment: { THROUGHLINE_META_URL: await graph.start() },
});
after(() => graph.stop());
const routes = all.filter((route) => route.owner !== undefined);
/** Those that take a body. */
const writing = routes.filter((route) => !['GET', 'DELETE'].includes(route.method) && !route.schema.hide);
const tenant = await addTenant(test, 'hostile', '1001');
const baseUrl = await test.app.http.listen({ host: '127.0.0.1', port: 0 });

interface Call {
  readonly what: string;
  readonly body: string | Buffer;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Answers only what is wrong with the answer. */
async function findFault(route: Route, showing: Showing, { what, body, headers }: Call): Promise<string[]> {
  const path = fillPath(route, tenant, tenant);
  const text = typeof body === 'string' ? body : body.toString('latin1');
  const reply = await inject(test, {
    method: route.method as Method,
    url: path,
    query: { ...queryFor(route, tenant), ...showing.query },
    headers: {
      'content-type': contentTypeOf(route),
      ...showing.headers,
      ...showing.sign?.(text),
      ...headers,
    },
    body,
  });
  return judge(route, path, what, reply);
}

function judge(route: Route, path: string, what: string, reply: VendorReply): string[] {
  const answer = `${nameOf(route)}, ${what}: ${reply.status} ${reply.text.slice(0, 200)}`;
  if (reply.status >= 500 && reply.status !== 502) return [answer];
  if (reply.status >= 400 && !isErrorForm(route.owner!, path, reply))
    return [`not the API's form: ${answer}`];
  return [];
}

function contentTypeOf({ url }: Route): string {
  return url === '/oidc/token' ? 'application/x-www-form-urlencoded' : 'application/json';
}

/** Keys in the body go with every body that has a place for them; elsewhere the header is enough. */
async function showingOf(route: Route): Promise<Showing> {
  const showings = await showingsOf(route, tenant);
  return showings.find((showing) => showing.headers) ?? showings[0]!;
}

async function assertFaultless(calls: (route: Route) => Iterable<Call>, among = writing): Promise<number> {
  const faults: string[] = [];
  let sent = 0;
  for (const route of among) {
    const showing = await showingOf(route);
    const waiting: Promise<string[]>[] = [];
    for (const call of calls(route)) {
      sent++;
      waiting.push(findFault(route, showing, call));
      if (waiting.length === 16) faults.push(...(await Promise.all(waiting.splice(0))).flat());
    }
    faults.push(...(await Promise.all(waiting)).flat());
  }
  assert.deepEqual(faults.slice(0, 30), []);
  assert.equal(Reflect.get({}, 'polluted'), undefined, 'no prototype was changed');
  await assertVerified(injectInto(test), test.database, tenant.workspace);
  return sent;
}

it('every value and every object of a good body can be spoilt: never a fault, always the API’s form', async () => {
  const sent = await assertFaultless(function* (route) {
    for (const { what, text } of spoil(bodyFor(route, tenant))) yield { what, body: text };
  });
  assert.ok(sent > 2000, `${sent} requests`);
});

it('so can every value of each vendor’s own events, as their clients send them', async () => {
  for (const make of Object.values(vendorRequests)) {
    const somebody = { email: 'ada@example.com', phone: '+33639980001' };
    const { path, body, headers, dialect, kind } = make(tenant.credentials, somebody);
    if (!body.startsWith('{')) continue;
    const route = { owner: dialect, method: 'POST', url: `${path} (${kind})`, schema: {} };
    const faults: string[] = [];
    const spoilt = [...spoil(JSON.parse(body))];
    const runClient = async () => {
      for (let next = spoilt.pop(); next; next = spoilt.pop()) {
        const reply = await injectInto(test)({ method: 'POST', path, headers, body: next.text });
        faults.push(...judge(route, path, next.what, reply));
      }
    };
    await Promise.all(Array.from({ length: 16 }, runClient));
    assert.deepEqual(faults, []);
  }
  await assertVerified(injectInto(test), test.database, tenant.workspace);
});

it('what is no body of the API at all is answered in its form', async () => {
  const bodies = Object.entries(hostileBodies());
  await assertFaultless(function* () {
    for (const [what, body] of bodies) yield { what, body };
  });
});

it('so is a good body under another content type', async () => {
  await assertFaultless(function* (route) {
    const body = JSON.stringify(bodyFor(route, tenant));
    for (const type of wrongContentTypes)
      yield { what: `content type ${type?.slice(0, 40)}`, body, headers: { 'content-type': type ?? '' } };
  });
});

it('so is what is compressed badly', async () => {
  const good = Buffer.from('{"a":1}');
  const encodings: [string, Buffer][] = [
    ['gzip', Buffer.from('not gzip')],
    ['gzip', gzipSync(Buffer.alloc(10_000, 'x')).subarray(0, 30)],
    ['gzip', Buffer.concat([gzipSync(good), Buffer.from('rest')])],
    ['gzip', gzipSync(Buffer.from('{"a":'))],
    ['gzip', Buffer.alloc(0)],
    ['deflate', gzipSync(good)],
    ['br', deflateSync(good)],
    ['zstd', good],
    ['gzip, gzip', gzipSync(gzipSync(good))],
    ['__proto__', good],
  ];
  await assertFaultless(function* () {
    for (const [encoding, body] of encodings)
      yield { what: `${encoding} ${body.length} bytes`, body, headers: { 'content-encoding': encoding } };
  });
});

it('a small body that inflates to a gigabyte is refused with little memory and little work', async () => {
  // Compressed streams one behind the other inflate as one: a gigabyte never has to be made for it.
  const member = gzipSync(Buffer.alloc(32 * 1024 * 1024, ' '));
  const bombs: [string, Buffer][] = [
    ['gzip', Buffer.concat(Array.from({ length: 30 }, () => member))],
    ['deflate', deflateSync(Buffer.alloc(128 * 1024 * 1024, ' '))],
    ['br', brotliCompressSync(Buffer.alloc(128 * 1024 * 1024, ' '))],
  ];
  const before = process.memoryUsage().rss;
  let peak = before;
  const sampler = setInterval(() => {
    peak = Math.max(peak, process.memoryUsage().rss);
  }, 5);
  const startedAt = performance.now();
  const faults: string[] = [];
  const owners = new Set<Route['owner']>();
  let sent = 0;
  for (const [index, route] of writing.entries()) {
    const showing = await showingOf(route);
    const path = fillPath(route, tenant, tenant);
    // Each bomb for each API, and one for each of its routes.
    const some = owners.has(route.owner) ? [bombs[index % bombs.length]!] : bombs;
    owners.add(route.owner);
    for (const [encoding, bomb] of some) {
      sent++;
      const response = await fetch(baseUrl + path, {
        method: route.method,
        headers: { 'content-type': contentTypeOf(route), 'content-encoding': encoding, ...showing.headers },
        body: new Uint8Array(bomb),
      });
      const reply = { status: response.status, headers: {}, text: await response.text() };
      if (response.status < 400) faults.push(`${nameOf(route)} took a ${encoding} bomb`);
      faults.push(...judge(route, path, `${encoding} bomb`, reply));
    }
  }
  clearInterval(sampler);
  const megabytes = (peak - before) / 1024 / 1024;
  const milliseconds = (performance.now() - startedAt) / sent;
  assert.deepEqual(faults, []);
  assert.ok(megabytes < 200, `memory grew by ${Math.round(megabytes)} MB`);
  assert.ok(milliseconds < 150, `${Math.round(milliseconds)} ms a bomb`);
});

it('hostile ids and questions in addresses are answered in the API’s form', async () => {
  const texts = [
    '%00',
    'a%00b',
    '%ED%A0%80',
    '%ff%fe',
    '..%2f..%2fetc',
    "'; drop table event; --",
    '__proto__',
    '-1',
    '1e400',
    '18446744073709551616',
    'x'.repeat(600),
    '',
  ];
  const faults: string[] = [];
  for (const route of routes.filter((one) => !one.url.endsWith('/live'))) {
    const showing = await showingOf(route);
    const own = fillPath(route, tenant, tenant);
    const names = Object.keys((route.schema.querystring as { properties?: object })?.properties ?? {});
    const ask = async (url: string, what: string) => {
      const method = route.method as 'GET';
      const isRead = method === 'GET';
      const headers = { ...showing.headers, ...(isRead ? {} : { 'content-type': 'application/json' }) };
      const reply = await inject(test, {
        method,
        url,
        headers,
        body: isRead ? undefined : '{}',
      });
      faults.push(...judge(route, own, what, reply));
    };
    for (const text of texts) {
      const escaped = encodeURI(text).replaceAll('%25', '%');
      for (const parameter of route.url.match(/:\w+/g) ?? []) {
        const marked = { ...route, url: route.url.replace(new RegExp(`${parameter}\\b`), '@@') };
        const path = fillPath(marked, tenant, tenant).replace('@@', () => escaped);
        await ask(path, `${parameter} is ${text.slice(0, 30)}`);
      }
      for (const name of names) {
        const rest = new URLSearchParams(queryFor(route, tenant));
        rest.delete(name);
        await ask(`${own}?${rest}&${name}=${escaped}`, `${name} is ${text.slice(0, 30)}`);
        await ask(`${own}?${name}=${escaped}&${name}=${escaped}`, `${name} is twice ${text.slice(0, 30)}`);
      }
    }
  }
  assert.deepEqual(faults.slice(0, 30), []);
});

it('what PostgreSQL can’t store costs those that are committed with it nothing', async () => {
  const send = injectInto(test);
  // The calls before archive and end what they can.
  const victim = await addTenant(test, 'victim', '1002');
  const bad: VendorRequest[] = [];
  const good: VendorRequest[] = [];
  for (const [index, make] of Object.values(vendorRequests).entries()) {
    for (let copy = 0; copy < 12; copy++) {
      const somebody = { email: `mate-${copy}@example.com`, phone: `+3363998${2000 + copy}` };
      good.push(make(victim.credentials, somebody));
      const request = make(victim.credentials, somebody);
      const leaves = [...request.body.matchAll(/(?<=:)"(?!$)[^"]*"/g)];
      const leaf = leaves[(copy + index) % Math.max(1, leaves.length)];
      if (!leaf) continue;
      const unstorable = hostileValues[copy % 4]!;
      bad.push({
        ...request,
        body:
          request.body.slice(0, leaf.index) + unstorable + request.body.slice(leaf.index + leaf[0].length),
      });
    }
  }
  const answers = await Promise.all(
    good.flatMap((request, index) => [
      send(request),
      ...(bad[index] ? [send(bad[index]).then(() => null)] : []),
    ]),
  );
  const goodAnswers = answers.filter((reply) => reply !== null);
  assert.equal(goodAnswers.length, good.length);
  for (const [index, reply] of goodAnswers.entries())
    assert.ok(reply.status < 300, `${good[index]!.dialect} ${good[index]!.kind}: ${reply.text}`);
  const counts = await countMarkers(send, victim.workspace);
  for (const { markers, dialect, kind } of good)
    for (const marker of markers) assert.equal(counts.get(marker), 1, `${dialect} ${kind}`);
  const quarantined = await new Store(test, victim.workspace).quarantined();
  assert.ok(
    quarantined.some(({ rule }) => rule === 'refused-by-database'),
    'nothing reached the database that it refuses',
  );
  for (const { workspace } of [victim, tenant]) await assertVerified(send, test.database, workspace);
});
