import type { BenchServer } from './bench-server.ts';
import { PageReader } from './page-reader.ts';
import { withProcessorTime } from './processor.ts';
import { measureTimes, medianOf, type Result } from './report.ts';

/** Each makes a customer, changes it, and sends two events of it. */
const customers = 25_000;
const changes = 4 * customers;
const pageSize = 4000;
const rounds = 3;
const followers = 4;

/**
 * Contacthub's update stream, read from its beginning to its end by pages of the largest size: by one follower, and by several at once, who
 * take the bytes; and by one who makes objects of them, too.
 */
export async function benchUpdates(server: BenchServer): Promise<Result> {
  const { adminToken, token, nodeId, workspaceId } = (await server.addWorkspace('updates')).contacthub;
  const hub = `/hub/v1/workspaces/${workspaceId}`;
  const { id } = (await server.call('POST', `${hub}/customers`, token, customerIn(nodeId))) as { id: string };
  await server.call('POST', `${hub}/events`, token, viewBy(id));
  await multiply(server);
  const readers = Array.from({ length: followers }, () => new PageReader(server.address, adminToken));
  let read = 0;
  const parse = (page: Buffer) => {
    read += (JSON.parse(String(page)) as { updates: object[] }).updates.length;
  };
  const bytes = await follow(readers[0]!, hub, parse);
  if (read !== changes + 2) throw new Error(`${read} updates were read of ${changes + 2}`);
  const measure = async (name: string, count: number, see?: (page: Buffer) => void) => {
    const readAll = async (reader: PageReader) => {
      const taken = await follow(reader, hub, see);
      if (taken !== bytes) throw new Error(`${taken} bytes were read of ${bytes}`);
    };
    const { done: times, processor } = await withProcessorTime(
      server,
      () => measureTimes(() => Promise.all(readers.slice(0, count).map(readAll)), rounds),
      () => rounds * count * changes,
    );
    const detail = `median of ${rounds} times ${changes}${processor}`;
    return { name, value: (count * changes * 1000) / medianOf(times), unit: '/s', detail };
  };
  const alone = await measure(`updates read by ${pageSize}, half of them events`, 1);
  const together = await measure(`the same by ${followers} followers together`, followers);
  const parsed = await measure('the same by one who parses them', 1, parse);
  for (const reader of readers) reader.close();
  return {
    lines: [alone, together, parsed],
    aims: [{ name: 'updates a second, one follower', value: alone.value, side: 'at least', bound: 50_000 }],
  };
}

/** Reads the stream to its end. Answers how many bytes it has. */
async function follow(reader: PageReader, hub: string, see?: (page: Buffer) => void): Promise<number> {
  let bytes = 0;
  for (let offset = 0; ; ) {
    const pieces: Buffer[] = [];
    const path = `${hub}/updates?size=${pageSize}&offset=${offset}`;
    const page = await reader.read(path, see && ((piece) => pieces.push(Buffer.from(piece))));
    see?.(Buffer.concat(pieces));
    bytes += page.bytes;
    const reached = Number(/"nextOffset":(\d+)/.exec(page.start)?.[1]);
    if (reached === offset) return bytes;
    offset = reached;
  }
}

function customerIn(nodeId: string): object {
  return {
    nodeId,
    externalId: 'e-1',
    base: {
      firstName: 'Ann',
      lastName: 'Rossi',
      dob: '1980-02-29',
      contacts: { email: 'ann@example.com', mobilePhone: '+393331234567' },
      address: { street: 'Via Natta 22', city: 'Milano', country: 'Italia', zip: '20151' },
      subscriptions: [{ id: 'news', name: 'News', kind: 'DIGITAL_MESSAGE', subscribed: true }],
    },
    consents: { disclaimer: { version: '1' }, marketing: { automatic: { email: { status: true } } } },
    tags: { manual: ['vip'] },
  };
}

function viewBy(customerId: string): object {
  return {
    customerId,
    type: 'viewedPage',
    context: 'WEB',
    contextInfo: { client: { userAgent: 'Mozilla/5.0', ip: '192.0.2.1' } },
    properties: {
      url: 'https://example.com/a',
      title: 'A page',
      path: '/a',
      referer: 'https://example.com/',
    },
  };
}

/** Many of the customer and the event that are there, in the order in which live traffic would leave them. */
async function multiply({ database, workspaces }: BenchServer): Promise<void> {
  const id = (await workspaces.find('updates'))?.id ?? 0;
  const of = `(select * from profile where workspace_id = $1 order by created_seq limit 1) p, generate_series(0, ${customers - 1}) as n`;
  const idOf = `md5('customer ' || n)::uuid`;
  const seqs = `(select seq from workspace_head where workspace_id = $1) + 4 * n`;
  await database.query(
    `insert into profile (workspace_id, id, node_id, anonymous, created_seq, record_id, person_id, attributes, version, created_at,
                          updated_at)
     select $1, ${idOf}, p.node_id, false, ${seqs} + 1, ${idOf}, ${idOf}, p.attributes, 2, now(), now() from ${of}`,
    [id],
  );
  await database.query(
    `insert into change (workspace_id, seq, entity, entity_id, operation, changed_at, node_id)
     select $1, ${seqs} + o.place, 'profile', ${idOf}, o.operation, now(), p.node_id
       from ${of}, (values (1, 'create'), (3, 'update')) as o (place, operation)`,
    [id],
  );
  await database.query(
    `insert into event (workspace_id, type_id, seq, occurred_at, received_at, id, profile_id, context, properties, detail)
     select $1, e.type_id, ${seqs} + place, now(), now(), md5('event ' || n || ' ' || place)::uuid, ${idOf}, e.context, e.properties,
            e.detail
       from (select * from event where workspace_id = $1 limit 1) e, generate_series(0, ${customers - 1}) as n, (values (2), (4)) as o (place)`,
    [id],
  );
  await database.query('update workspace_head set seq = seq + $2 where workspace_id = $1', [id, changes]);
  await database.query('vacuum analyze profile, change, event');
}
