import { customerIndex } from '../src/dialects/contacthub/projection/customer-index.ts';
import type { RebuildPlace } from '../src/projections/projection.ts';
import type { BenchServer } from './bench-server.ts';
import { medianOf, type Result } from './report.ts';

const rounds = 20;

const atomic = (attribute: string, operator: string, value: unknown) => ({
  type: 'atomic',
  attribute,
  operator,
  value,
});
const equals = (attribute: string, value: unknown) => atomic(attribute, 'EQUALS', value);

interface Search {
  readonly name: string;
  readonly conditions: readonly object[];
  readonly sort?: string;
}

/** Three conditions each, that from a few to some hundred thousand of a million customers fit. */
const searches: readonly Search[] = [
  {
    name: 'last name, country, dob from',
    conditions: [
      equals('base.lastName', 'Rossi 77'),
      equals('base.address.country', 'IT'),
      atomic('base.dob', 'GTE', '1980-01-01'),
    ],
  },
  {
    name: 'country, rare tag, common city',
    conditions: [
      equals('base.address.country', 'IT'),
      equals('tags.auto', 'segment 50'),
      equals('base.address.city', 'City 0'),
    ],
  },
  {
    name: 'country, tier, subscription',
    conditions: [
      equals('base.address.country', 'FR'),
      equals('extended.tier', 'gold'),
      equals('base.subscriptions.id', 'news 12'),
    ],
  },
  {
    name: 'tag, not a country, registered from',
    conditions: [
      equals('tags.auto', 'segment 100'),
      atomic('base.address.country', 'NOT_EQUALS', 'IT'),
      atomic('registeredAt', 'GTE', '2025-01-01T00:00:00.000Z'),
    ],
  },
  {
    name: 'country, enabled, tier',
    conditions: [
      equals('base.address.country', 'IT'),
      equals('enabled', true),
      equals('extended.tier', 'gold'),
    ],
  },
  {
    name: 'country, consent, gender',
    conditions: [
      equals('base.address.country', 'IT'),
      equals('consents.marketing.automatic.email.status', true),
      equals('base.gender', 'F'),
    ],
  },
  {
    name: 'few points, country, tier',
    conditions: [
      atomic('extended.points', 'BETWEEN', [5000, 5010]),
      equals('base.address.country', 'IT'),
      equals('extended.tier', 'gold'),
    ],
  },
  {
    name: 'many points, country, tag',
    conditions: [
      atomic('extended.points', 'GTE', 2000),
      equals('base.address.country', 'FR'),
      equals('tags.auto', 'segment 0'),
    ],
  },
  {
    name: 'points, joined from, country, by points',
    conditions: [
      atomic('extended.points', 'GTE', 2000),
      atomic('extended.joined', 'GTE', '2025-06-01T00:00:00.000+0000'),
      equals('base.address.country', 'IT'),
    ],
    sort: 'extended.points,desc',
  },
];

interface Measured {
  readonly name: string;
  readonly total: number;
  readonly times: readonly number[];
  readonly p50: number;
}

/** What one index serves, or nearly none. */
const others: readonly Search[] = [
  { name: 'everybody, by points', conditions: [], sort: 'extended.points,desc' },
  { name: 'a range of points', conditions: [atomic('extended.points', 'GT', 9900)] },
  { name: 'a text inside e-mails', conditions: [atomic('base.contacts.email', 'LIKE', '77')] },
];

/** No index serves it, and nobody fits it: it looks through all. */
const dear: Search = {
  name: 'a text inside streets',
  conditions: [atomic('base.address.street', 'LIKE', 'via')],
};

/** Searches one after the other, of a node with so many customers. */
export async function benchCustomerSearch(server: BenchServer, customers: number): Promise<Result> {
  const credentials = await server.addWorkspace('customer-search');
  const { workspaceId, nodeId, token } = credentials.contacthub;
  const ordered = { indexed: true };
  const extendedProperties = {
    tier: { type: 'string' },
    points: { type: 'number', ...ordered },
    joined: { type: 'string', format: 'date-time', ...ordered },
  };
  await server.call(
    'PATCH',
    `/throughline/v1/workspaces/${credentials.workspace.id}`,
    server.credentials.admin.token,
    { dialects: { contacthub: { extendedProperties } } },
  );
  await fill(server, customers);
  const hub = `/hub/v1/workspaces/${workspaceId}`;
  const pathOf = ({ conditions, sort }: Search) => {
    const condition = { type: 'composite', conjunction: 'and', conditions };
    const query = JSON.stringify({ query: { type: 'simple', are: { condition } } });
    const asked = { nodeId, ...(conditions.length > 0 ? { query } : {}), ...(sort ? { sort } : {}) };
    return `${hub}/customers?${new URLSearchParams(asked)}`;
  };
  const measure = async (search: Search) => {
    const times: number[] = [];
    let total = 0;
    for (let round = 0; round < rounds; round++) {
      const started = performance.now();
      const reply = (await server.call('GET', pathOf(search), token)) as { page: { totalElements: number } };
      times.push(performance.now() - started);
      total = reply.page.totalElements;
    }
    times.sort((a, b) => a - b);
    return { name: search.name, total, times, p50: medianOf(times) };
  };
  const measured: Measured[] = [];
  for (const search of searches) measured.push(await measure(search));
  const rest: Measured[] = [];
  for (const search of others) rest.push(await measure(search));
  const lineOf = ({ name, total, times, p50 }: Measured) => ({
    name: `search: ${name}, p50`,
    value: p50,
    unit: ' ms',
    detail: `${total} counted, p90 ${times[Math.floor(times.length * 0.9)]?.toFixed(1)} ms`,
  });
  const all = medianOf(measured.flatMap(({ times }) => times));
  const slowest = Math.max(...measured.map(({ p50 }) => p50));
  return {
    lines: [
      {
        name: `searches by three conditions, ${customers} customers, p50`,
        value: all,
        unit: ' ms',
        detail: `${rounds} of each`,
      },
      ...[...measured, ...rest].map(lineOf),
      await measureBeside(server, `${hub}/customers/`, pathOf(dear), token),
    ],
    aims: [
      { name: 'p50 of searches by three conditions, ms', value: all, side: 'at most', bound: 50 },
      { name: 'the slowest p50 of one of them, ms', value: slowest, side: 'at most', bound: 50 },
    ],
  };
}

/** How long who asks for one customer waits while dear searches run, two at a time. */
async function measureBeside(
  { address, call, database }: BenchServer,
  customersPath: string,
  dearPath: string,
  token: string,
) {
  const [one] = await database.query<{ record_id: string }>('select record_id from customer_index limit 1');
  const ask = async () => {
    const started = performance.now();
    const reply = await fetch(`${address}${dearPath}`, { headers: { authorization: `Bearer ${token}` } });
    const { message } = (await reply.json()) as { message?: string };
    return { status: reply.status, milliseconds: performance.now() - started, message };
  };
  let areAsking = true;
  const asking = Promise.all([ask(), ask()]).finally(() => (areAsking = false));
  const times: number[] = [];
  while (areAsking) {
    const started = performance.now();
    await call('GET', `${customersPath}${one?.record_id}`, token);
    times.push(performance.now() - started);
  }
  const answers = await asking;
  times.sort((a, b) => a - b);
  const told = answers.map(({ status, milliseconds }) => `${status} after ${Math.round(milliseconds)} ms`);
  console.log(answers[0]?.message);
  return {
    name: 'one customer, beside two searches that no index serves, p50',
    value: medianOf(times),
    unit: ' ms',
    detail: `p99 ${times[Math.floor(times.length * 0.99)]?.toFixed(1)} ms, longest ${times.at(-1)?.toFixed(1)} ms; the searches: ${told.join(', ')}`,
  };
}

/** Customers as they would be by now if they had come in by the API, then their index by its rebuild. */
async function fill({ database, workspaces }: BenchServer, customers: number): Promise<void> {
  const workspace = await workspaces.find('customer-search');
  if (!workspace) throw new Error('the workspace was not made');
  await database.query(
    `insert into profile (workspace_id, id, node_id, anonymous, created_seq, record_id, person_id, attributes, version,
                          created_at, updated_at)
     select o.workspace_id, g.id, o.id, false, 1000000000 + n, g.id, g.id, jsonb_build_object(
              'externalId', jsonb_build_array('shop-' || n, n),
              'base.firstName', jsonb_build_array((array['Anna', 'Marco', 'Giulia', 'Luca'])[1 + n % 4], n),
              'base.lastName', jsonb_build_array('Rossi ' || (power(random(), 3) * 20000)::integer, n),
              'base.gender', jsonb_build_array((array['F', 'M'])[1 + (random() * 1)::integer], n),
              'base.dob', jsonb_build_array(to_char(date '1940-01-01' + (random() * 25000)::integer, 'YYYY-MM-DD'), n),
              'base.contacts.email', jsonb_build_array('customer-' || n || '@example.com', n),
              'base.address.city', jsonb_build_array('City ' || (power(random(), 4) * 3000)::integer, n),
              'base.address.country', jsonb_build_array((array['IT', 'IT', 'FR', 'DE', 'ES'])[1 + n % 5], n),
              'base.subscriptions', jsonb_build_array(
                jsonb_build_array(jsonb_build_object('id', 'news ' || n % 20, 'subscribed', true)), n),
              'consents.marketing.automatic.email.status', jsonb_build_array(random() < 0.8, n),
              'tags.auto', jsonb_build_array(jsonb_build_array('segment ' || (power(random(), 3) * 200)::integer), n),
              'extended.tier', jsonb_build_array((array['gold', 'silver', 'bronze'])[1 + (random() * 2)::integer], n),
              'extended.points', jsonb_build_array((random() * 10000)::integer, n),
              'extended.joined', jsonb_build_array(
                to_char(timestamp '2024-01-01' + random() * interval '700 days', 'YYYY-MM-DD"T"HH24:MI:SS.MS"+0000"'), n)
            ), 1, timestamptz '2024-01-01' + n * interval '50 seconds',
            timestamptz '2025-06-01' + (random() * 45000000)::integer * interval '1 second'
       from node o, (select n, gen_random_uuid() as id from generate_series(1, $2::integer) n) g
      where o.workspace_id = $1 and o.dialect = 'contacthub'`,
    [workspace.id, customers],
  );
  const part = { database, workspaces, workspaceId: workspace.id, stopping: new AbortController().signal };
  let place: RebuildPlace | 'done' = null;
  while (place !== 'done') ({ next: place } = await customerIndex.rebuild({ ...part, place }));
  await database.query('vacuum analyze profile, customer_index, customer_value');
}
