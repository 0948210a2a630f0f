import type { BenchServer } from './bench-server.ts';
import { medianOf, type Result } from './report.ts';

const rounds = 10;
const customers = 50_000;
const types = [
  'viewedPage',
  'viewedProduct',
  'addedProduct',
  'searched',
  'loggedIn',
  'clickedLink',
  'campaignOpened',
];

/** What an event is asked by, and how. Dates are of the year over which the events are spread. */
const searches: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'no filter': {},
  'no filter, oldest first': { sort: 'date,asc' },
  'one type': { type: 'viewedPage' },
  'three types': { type: 'viewedPage,loggedIn,searched' },
  'a mode': { mode: 'ACTIVE' },
  'a day': { dateFrom: '2025-07-01T00:00:00.000Z', dateTo: '2025-07-02T00:00:00.000Z' },
  'a type until a date': { type: 'loggedIn', dateTo: '2025-03-01T00:00:00.000Z' },
  'a context that half are of': { context: 'WEB' },
  'a context that one in 10,000 is of': { context: 'IOT' },
  'a context that none is of': { context: 'SOCIAL' },
  'a type and that rare context': { type: 'viewedPage', context: 'IOT' },
  'the node that nearly all are of': { nodeId: 'first' },
  'a node that none is of': { nodeId: 'second' },
  'a customer': { customerId: '' },
  'a customer and a type': { customerId: '', type: 'viewedPage' },
};

/** Searches for events one after the other, of a workspace with so many, of 50,000 customers. */
export async function benchEventSearch(server: BenchServer, events: number): Promise<Result> {
  const credentials = await server.addWorkspace('event-search');
  const { workspaceId, nodeId, token } = credentials.contacthub;
  const hub = `/hub/v1/workspaces/${workspaceId}`;
  // Before the first write, which then reads the workspace anew.
  const second = await addNode(server);
  const made = { nodeId, base: { contacts: { email: 'ann@example.com' } } };
  const { id: customerId } = (await server.call('POST', `${hub}/customers`, token, made)) as { id: string };
  for (const type of types)
    await server.call('POST', `${hub}/events`, token, { customerId, type, context: 'WEB', properties: {} });
  await multiply(server, events);
  const named: Readonly<Record<string, string>> = { first: nodeId, second };
  const lines = [];
  for (const [name, { nodeId: node = '', ...filters }] of Object.entries(searches)) {
    const asked = new URLSearchParams({
      ...filters,
      ...(filters.customerId === undefined ? {} : { customerId }),
      ...(named[node] === undefined ? {} : { nodeId: named[node] }),
    });
    const times: number[] = [];
    let total = 0;
    let status = 200;
    for (let round = 0; round < rounds; round++) {
      const started = performance.now();
      const reply = await fetch(`${server.address}${hub}/events?${asked}`, {
        headers: { authorization: `Bearer ${token}` },
      });
      const body = (await reply.json()) as { page?: { totalElements: number } };
      times.push(performance.now() - started);
      total = body.page?.totalElements ?? 0;
      status = reply.status;
      if (status !== 200) break;
    }
    const detail = status === 200 ? `${total} counted` : `answered ${status}`;
    lines.push({ name: `events: ${name}, p50`, value: medianOf(times), unit: ' ms', detail });
  }
  return { lines, aims: [] };
}

/** A second entry node, so that events have to be told by theirs. */
async function addNode({ database }: BenchServer): Promise<string> {
  const [row] = await database.query<{ public_id: string }>(
    `with versioned as (
       update workspace_head h set config_version = config_version + 1 from workspace w where w.slug = 'event-search' and h.workspace_id = w.id
     )
     insert into node (workspace_id, id, public_id, dialect, kind, name, is_default, settings, created_at)
     select workspace_id, id + 1000, gen_random_uuid(), dialect, kind, 'second', false, settings, created_at from node
      where dialect = 'contacthub' and workspace_id = (select id from workspace where slug = 'event-search')
     returning public_id`,
  );
  return row?.public_id ?? '';
}

/** Events of the types that there are, over a year, in the order of their receipt. */
async function multiply({ database, workspaces }: BenchServer, events: number): Promise<void> {
  const id = (await workspaces.find('event-search'))?.id ?? 0;
  await database.query(
    `insert into profile (workspace_id, id, node_id, anonymous, created_seq, record_id, person_id, attributes, version, created_at,
                          updated_at)
     select $1, k.id, p.node_id, false, 1000000000 + n, k.id, k.id, p.attributes, 1, now(), now()
       from (select * from profile where workspace_id = $1 order by created_seq limit 1) p,
            (select n, md5('customer ' || n)::uuid as id from generate_series(0, ${customers - 1}) n) k`,
    [id],
  );
  await database.query(
    `insert into event (workspace_id, type_id, seq, occurred_at, received_at, id, profile_id, context, properties, detail)
     select $1, (select (array_agg(id order by id))[1 + n % ${types.length}] from event_type where workspace_id = $1),
            100 + n, at, at, md5('event ' || n)::uuid, md5('customer ' || (random() * ${customers - 1})::integer)::uuid,
            case when n % 10000 = 0 then 8 else 1 + n % 2 end, '{"title":"A page","url":"https://example.com/a"}', null
       from (select n, timestamptz '2025-01-01' + n * interval '1 year' / $2::integer as at from generate_series(1, $2::integer) n) e`,
    [id, events],
  );
  await database.query('update workspace_head set seq = seq + $2 where workspace_id = $1', [
    id,
    events + 100,
  ]);
  await database.query('vacuum analyze profile, event');
}
