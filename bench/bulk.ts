import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import type { CredentialsFile } from '../src/core/workspace/credentials-file.ts';
import { inBulkLoad } from '../src/store/bulk-load.ts';
import { inSnapshot } from '../src/store/snapshot.ts';
import type { BenchServer } from './bench-server.ts';
import { applyLoad, describeMeasured, type Measured } from './load.ts';
import { readProcessorTimes } from './processor-times.ts';
import type { Result } from './report.ts';

/** A table that rows of a file end in, and which of its rows come of them. */
interface Table {
  readonly name: string;
  readonly where?: string;
}

/** What a batch has a row or two of, counters and rollups, is not worth a COPY. */
const tables: Readonly<Record<'customers' | 'events', readonly Table[]>> = {
  customers: [
    { name: 'profile' },
    { name: 'profile_name' },
    { name: 'identity' },
    { name: 'change' },
    { name: 'consent_log' },
    { name: 'customer_index' },
    { name: 'bulk_result', where: resultsOf('CUSTOMER') },
  ],
  events: [{ name: 'event' }, { name: 'visit' }, { name: 'bulk_result', where: resultsOf('EVENT') }],
};

/** What became of the rows of files of a kind. */
function resultsOf(entity: 'CUSTOMER' | 'EVENT'): string {
  return `bulk_job_id in (select id from bulk_job where workspace_id = $workspace and entity = '${entity}')`;
}

/**
 * A file of new customers and one of their events, from the upload to the last row, beside COPY of the rows that they make into the same
 * tables, under a workspace number that nobody has.
 */
export async function benchBulk(server: BenchServer, rows: number): Promise<Result> {
  const { contacthub } = await server.addWorkspace('bulk');
  const workspaceId = (await server.workspaces.find('bulk'))?.id ?? 0;
  const files = {
    customers: { csv: customerFile(rows), order: { operation: 'UPSERT', entity: 'CUSTOMER' } },
    events: {
      csv: eventFile(rows),
      order: { operation: 'INSERT', entity: 'EVENT', eventType: 'viewedPage' },
    },
  };
  const lines = [];
  const aims = [];
  for (const kind of ['customers', 'events'] as const) {
    const { csv, order } = files[kind];
    const before = await readProcessorTimes(server);
    const imported = (rows / (await importFile(server, contacthub, csv, order))) * 1000;
    const after = await readProcessorTimes(server);
    const copied = (rows / (await copyRows(server, workspaceId, kind))) * 1000;
    const each = (side: 'node' | 'database') => Math.round(((after[side] - before[side]) * 1000) / rows);
    const detail = `${rows} rows; COPY ${Math.round(copied)}; µs of processor time a row: Node.js ${each('node')}, PostgreSQL ${each('database')}`;
    lines.push({ name: `${kind} by a file of rows`, value: imported, unit: '/s', detail });
    aims.push({
      name: `${kind} by a file, of COPY`,
      value: imported / copied,
      side: 'at least' as const,
      bound: 0.6,
      ...(rows < 1_000_000 && { reservation: 'the aim is for 1,000,000 rows' }),
    });
  }
  const beside = await measureBeside(server, contacthub, files.events.order);
  lines.push({
    name: 'single event beside a file of its workspace: p50',
    value: beside.p50,
    unit: ' ms',
    detail: describeMeasured(beside),
  });
  return { lines, aims };
}

/** What one who sends single events waits for while a file of the same workspace is read. */
async function measureBeside(
  server: BenchServer,
  contacthub: CredentialsFile['contacthub'],
  order: Readonly<Record<string, string>>,
): Promise<Measured> {
  const { workspaceId, nodeId, token } = contacthub;
  const importing = importFile(server, contacthub, eventFile(rowsBeside), order);
  const event = {
    type: 'viewedPage',
    context: 'WEB',
    properties: { title: 'A page' },
    bringBackProperties: { type: 'SESSION_ID', value: 'beside', nodeId },
  };
  const measured = await applyLoad({
    url: `${server.address}/hub/v1/workspaces/${workspaceId}/events`,
    token,
    connections: 1,
    seconds: 3,
    bodies: [JSON.stringify(event)],
  });
  await importing;
  return measured;
}

/** More than are read while single events are sent. */
const rowsBeside = 20_000;

export const customerHeader =
  'externalId,base.firstName,base.lastName,base.dob,base.contacts.email,base.contacts.mobilePhone,base.address.city,base.address.country,consents.marketing.automatic.email.status,extended.points';

export function customerLine(row: number): string {
  return [
    `shop-${row}`,
    ['Anna', 'Marco', 'Giulia', 'Luca'][row % 4],
    `Rossi ${row % 997}`,
    `19${50 + (row % 50)}-0${1 + (row % 9)}-1${row % 9}`,
    `customer-${row}@example.com`,
    `+3933${10_000_000 + row}`,
    `City ${row % 300}`,
    ['IT', 'FR', 'DE'][row % 3],
    'true',
    row,
  ].join();
}

function customerFile(rows: number): string {
  return [customerHeader, ...Array.from({ length: rows }, (_, row) => customerLine(row)), ''].join('\n');
}

function eventFile(rows: number): string {
  const header = 'externalId,context,properties.url,properties.title,properties.path';
  const lines = Array.from(
    { length: rows },
    (_, row) => `shop-${row},WEB,https://example.com/${row},A page,/${row}`,
  );
  return [header, ...lines, ''].join('\n');
}

/** Sends the file and waits until it is read; answers how many milliseconds that took. */
async function importFile(
  { address, call }: BenchServer,
  { workspaceId, nodeId, adminToken }: CredentialsFile['contacthub'],
  csv: string,
  order: Readonly<Record<string, string>>,
): Promise<number> {
  const path = `/hub/v1/workspaces/${workspaceId}/nodes/${nodeId}/bulk-jobs`;
  const form = new FormData();
  for (const [name, value] of Object.entries(order)) form.set(name, value);
  form.set('file', new Blob([csv]), 'rows.csv');
  const started = performance.now();
  const headers = { authorization: `Bearer ${adminToken}` };
  const reply = await fetch(`${address}${path}`, { method: 'POST', headers, body: form });
  let job = (await reply.json()) as { id: string; status: string; failedEntities: number };
  while (['LOADED', 'SCHEDULED', 'PROCESSING'].includes(job.status)) {
    await sleep(100);
    job = (await call('GET', `${path}/${job.id}`, adminToken)) as typeof job;
  }
  if (job.status !== 'PROCESSED' || job.failedEntities > 0) throw new Error(JSON.stringify(job));
  return performance.now() - started;
}

/** The milliseconds that COPY of the rows takes, all tables together; the rows are at hand before. */
async function copyRows(
  { database }: BenchServer,
  workspaceId: number,
  kind: keyof typeof tables,
): Promise<number> {
  let milliseconds = 0;
  for (const { name, where = 'true' } of tables[kind]) {
    const columns = await database.query<{ name: string }>(
      `select column_name as name from information_schema.columns
        where table_name = $1 and column_name <> 'workspace_id' order by ordinal_position`,
      [name],
    );
    const names = columns.map((column) => column.name).join(', ');
    const wanted = where.replace('$workspace', String(workspaceId));
    const selected = `select ${unownedNumbers[kind]}, ${names} from ${name} where workspace_id = ${workspaceId} and ${wanted}`;
    const chunks = await inSnapshot(database, async (snapshot) =>
      Array.fromAsync(await snapshot.copyOut(`copy (${selected}) to stdout`)),
    );
    let started = 0;
    await inBulkLoad(database, async (load) => {
      started = performance.now();
      await pipeline(chunks, await load.copyIn(`copy ${name} (workspace_id, ${names}) from stdin`));
    });
    milliseconds += performance.now() - started;
  }
  return milliseconds;
}

const unownedNumbers = { customers: -1, events: -2 } as const;
