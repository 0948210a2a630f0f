import { customerIndex } from '../src/dialects/contacthub/projection/customer-index.ts';
import type { RebuildPlace } from '../src/projections/projection.ts';
import type { BenchServer } from './bench-server.ts';
import type { Result } from './report.ts';

const rounds = 20;

const equals = (attribute: string, value: unknown) => ({
  type: 'atomic',
  attribute,
  operator: 'EQUALS',
  value,
});

/** Three conditions each, that from a few to some hundred thousand of a million customers fit. */
const searches: readonly (readonly object[])[] = [
  [
    equals('base.lastName', 'Rossi 77'),
    equals('base.address.country', 'IT'),
    { type: 'atomic', attribute: 'base.dob', operator: 'GTE', value: '1980-01-01' },
  ],
  [
    equals('base.address.country', 'IT'),
    equals('tags.auto', 'segment 50'),
    equals('base.address.city', 'City 0'),
  ],
  [
    equals('base.address.country', 'FR'),
    equals('extended.tier', 'gold'),
    equals('base.subscriptions.id', 'news 4'),
  ],
  [
    equals('tags.auto', 'segment 100'),
    { type: 'atomic', attribute: 'base.address.country', operator: 'NOT_EQUALS', value: 'IT' },
    { type: 'atomic', attribute: 'registeredAt', operator: 'GTE', value: '2025-01-01T00:00:00.000Z' },
  ],
  [equals('base.address.country', 'IT'), equals('enabled', true), equals('extended.tier', 'gold')],
];

/** Searches by three conditions, one after the other, of a node with so many customers. */
export async function benchCustomerSearch(server: BenchServer, customers: number): Promise<Result> {
  const { workspaceId, nodeId, token } = (await server.addWorkspace('customer-search')).contacthub;
  await fill(server, customers);
  const times: number[] = [];
  for (let round = 0; round < rounds; round++) {
    for (const conditions of searches) {
      const are = { condition: { type: 'composite', conjunction: 'and', conditions } };
      const query = JSON.stringify({ query: { type: 'simple', are } });
      const path = `/hub/v1/workspaces/${workspaceId}/customers?${new URLSearchParams({ nodeId, query })}`;
      const started = performance.now();
      await server.call('GET', path, token);
      times.push(performance.now() - started);
    }
  }
  times.sort((a, b) => a - b);
  const at = (share: number) => times[Math.floor(times.length * share)] ?? 0;
  return {
    lines: [
      {
        name: `searches by three conditions, ${customers} customers, p50`,
        value: at(0.5),
        unit: ' ms',
        detail: `p90 ${at(0.9).toFixed(1)} ms, ${times.length} searches`,
      },
    ],
    aims: [{ name: 'p50 of a search by three conditions, ms', value: at(0.5), side: 'at most', bound: 50 }],
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
              'base.dob', jsonb_build_array(to_char(date '1940-01-01' + (random() * 25000)::integer, 'YYYY-MM-DD'), n),
              'base.contacts.email', jsonb_build_array('customer-' || n || '@example.com', n),
              'base.address.city', jsonb_build_array('City ' || (power(random(), 4) * 3000)::integer, n),
              'base.address.country', jsonb_build_array((array['IT', 'IT', 'FR', 'DE', 'ES'])[1 + n % 5], n),
              'base.subscriptions', jsonb_build_array(
                jsonb_build_array(jsonb_build_object('id', 'news ' || n % 20, 'subscribed', true)), n),
              'tags.auto', jsonb_build_array(jsonb_build_array('segment ' || (power(random(), 3) * 200)::integer), n),
              'extended.tier', jsonb_build_array((array['gold', 'silver', 'bronze'])[1 + (random() * 2)::integer], n)
            ), 1, timestamptz '2024-01-01' + n * interval '50 seconds',
            timestamptz '2025-06-01' + (random() * 45000000)::integer * interval '1 second'
       from node o, (select n, gen_random_uuid() as id from generate_series(1, $2::integer) n) g
      where o.workspace_id = $1 and o.dialect = 'contacthub'`,
    [workspace.id, customers],
  );
  const part = { database, workspaces, workspaceId: workspace.id, stopping: new AbortController().signal };
  let place: RebuildPlace | 'done' = null;
  while (place !== 'done') ({ next: place } = await customerIndex.rebuild({ ...part, place }));
  await database.query('analyze profile, customer_index');
}
