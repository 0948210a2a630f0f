import type { WorkspaceId } from '../src/core/workspace/workspace.ts';
import type { RebuildPart, RebuildStep } from '../src/projections/projection.ts';
import { rebuildRollups } from '../src/projections/rollups/rebuild-rollups.ts';
import type { BenchServer } from './bench-server.ts';
import { measureTimes, medianOf, type Result } from './report.ts';

const fullSize = 10_000_000;
const smallSize = 100_000;
const types = ['visit', 'lead', 'call-me-back', 'quote', 'order'];
const profiles = 20_000;
const rowsPerSlice = 250_000;
const since = '2025-01-01T00:00:00+01:00';
const until = '2025-12-31T23:59:59.999+01:00';

/** One year by day over HTTP, against the same `group by` over the raw rows, and the same question to a small workspace. */
export async function benchInsights(server: BenchServer, events: number): Promise<Result> {
  const large = await fill(server, 'insights-large', events);
  const small = await fill(server, 'insights-small', smallSize);
  const [rolledUp, rows] = [await measure(() => large.ask(), 50), await measure(() => large.countRows(), 3)];
  const smallRolledUp = await measure(() => small.ask(), 50);
  const charts = await measureCharts(large);
  await assertEqual(large);
  const reservation =
    events < fullSize ? { reservation: `measured with ${events}, the aim is for ${fullSize}` } : {};
  const of = (size: number) => `of ${size} events, one year by day`;
  return {
    lines: [
      { name: `insights ${of(events)}, over HTTP`, value: rolledUp, unit: ' ms', detail: 'median of 50' },
      { name: `group by over the rows ${of(events)}`, value: rows, unit: ' ms', detail: 'median of 3' },
      {
        name: `insights ${of(smallSize)}, over HTTP`,
        value: smallRolledUp,
        unit: ' ms',
        detail: 'median of 50',
      },
      ...charts.map(({ name, value }) => ({
        name: `native ${name} ${of(events)}`,
        value,
        unit: ' ms',
        detail: 'median of 10',
      })),
    ],
    aims: [
      {
        name: 'native insights of a year by day',
        value: charts[0]?.value ?? Number.NaN,
        side: 'at most',
        bound: 100,
        ...reservation,
      },
      {
        name: 'group by over rows / insights',
        value: rows / rolledUp,
        side: 'at least',
        bound: 50,
        ...reservation,
      },
      {
        name: `insights of ${events} / of ${smallSize}`,
        value: rolledUp / smallRolledUp,
        side: 'at most',
        bound: 2,
        ...reservation,
      },
    ],
  };
}

/** What the native API is asked, the aim's first. */
const charts: readonly (readonly [name: string, query: string])[] = [
  ['insights', ''],
  ['insights by type beside the year before', '?groupBy=type&compare=true'],
  ['insights by source', '?groupBy=source'],
  ['insights by campaign', '?groupBy=campaign'],
  ['explanation of a day', '/explain?at=2025-06-01'],
  ['explanation of a month', '/explain?interval=month&at=2025-06'],
];

async function measureCharts(filled: Filled): Promise<{ name: string; value: number }[]> {
  const measured: { name: string; value: number }[] = [];
  for (const [name, query] of charts)
    measured.push({ name, value: await measure(() => filled.chart(query), 10) });
  return measured;
}

interface Filled {
  ask(): Promise<Map<string, number>>;
  /** Asks the native API for the same year. */
  chart(query: string): Promise<unknown>;
  countRows(): Promise<Map<string, number>>;
}

/** A workspace with events spread evenly over the year, in the order of their times, as live traffic leaves them. */
async function fill(server: BenchServer, slug: string, events: number): Promise<Filled> {
  const { database, workspaces } = server;
  const { accessToken, projectId } = (await server.addWorkspace(slug)).webmarketer;
  for (const reference of types)
    await server.call('POST', `/api/v1/projects/${projectId}/event-types`, accessToken, {
      reference,
      name: reference,
    });
  const workspace = (await workspaces.find(slug))!;
  const typeIds = types.map((reference) => workspace.eventTypes.byName('webmarketer', reference)!.id);
  const started = performance.now();
  await insertProfiles(server, workspace.id);
  for (let from = 0; from < events; from += rowsPerSlice)
    await insertEvents(server, workspace.id, typeIds, from, Math.min(events, from + rowsPerSlice), events);
  await insertClicks(server, workspace.id);
  const stopping = new AbortController().signal;
  for (let place: RebuildStep['next'] = null; place !== 'done'; ) {
    const part: RebuildPart = { database, workspaces, workspaceId: workspace.id, place, stopping };
    place = (await rebuildRollups(part)).next;
  }
  // As autovacuum leaves tables: the rows' own query gets its index-only scan.
  await database.query('vacuum analyze event');
  await database.query('vacuum analyze touchpoint');
  console.log(`${slug}: ${events} events filled in ${Math.round((performance.now() - started) / 1000)} s`);
  const body = { since, until, metrics: ['event-count'], groupBy: 'project', interval: 'day', filter: null };
  return {
    async ask() {
      const path = `/api/v1/projects/${projectId}/events/insights`;
      const reply = (await server.call('POST', path, accessToken, body)) as {
        interval: string;
        values: { 'event-count': number };
      }[];
      return new Map(reply.map((row) => [row.interval, row.values['event-count']]));
    },
    chart(query) {
      const [path, parameters = ''] = query.split('?');
      const year = `since=2025-01-01&until=2026-01-01&${parameters}`;
      return server.call(
        'GET',
        `/throughline/v1/workspaces/${slug}/insights${path}?${year}`,
        server.credentials.admin.token,
      );
    },
    async countRows() {
      const rows = await database.query<{ day: string; total: number }>(
        `select to_char(occurred_at at time zone $5, 'YYYY-MM-DD') as day, count(*) as total from event
          where workspace_id = $1 and type_id = any($2::text::integer[])
            and occurred_at >= $3::text::timestamptz and occurred_at <= $4::text::timestamptz
          group by 1`,
        [workspace.id, `{${typeIds.join()}}`, since, until, workspace.timezone],
      );
      return new Map(rows.map((row) => [row.day, row.total]));
    },
  };
}

const profileId = (number: string) =>
  `('00000000-0000-7000-8000-' || lpad(to_hex(${number}), 12, '0'))::uuid`;

async function insertProfiles({ database }: BenchServer, workspaceId: WorkspaceId): Promise<void> {
  await database.query(
    `insert into profile (workspace_id, id, node_id, anonymous, created_seq, record_id, person_id, attributes, created_at, updated_at)
     select $1, p.id, n.id, false, p.number + 1, p.id, p.id, '{}', now(), now()
       from (select number, ${profileId('number')} as id from generate_series(0, $2::integer - 1) as number) p
       join node n on n.workspace_id = $1 and n.dialect = 'webmarketer'`,
    [workspaceId, profiles],
  );
}

async function insertEvents(
  { database }: BenchServer,
  workspaceId: WorkspaceId,
  typeIds: readonly number[],
  from: number,
  until: number,
  all: number,
): Promise<void> {
  await database.query(
    `insert into event (workspace_id, type_id, seq, occurred_at, received_at, id, profile_id, source_id, properties)
     select $1, ($2::text::integer[])[1 + number % ${types.length}], ${profiles} + number + 1, at, at, uuidv7(),
            ${profileId(`number * 7919 % ${profiles}`)}, nullif(number % 4, 0), '{}'
       from (select number, $6::text::timestamptz + interval '364 days' * (number::float8 / $5::float8) as at
               from generate_series($3::bigint, $4::bigint - 1) as number) e`,
    [workspaceId, `{${typeIds.join()}}`, from, until, all, since],
  );
}

/** One event of a hundred is a click on one of twenty ads. */
async function insertClicks({ database }: BenchServer, workspaceId: WorkspaceId): Promise<void> {
  await database.query(
    `insert into touchpoint (workspace_id, id, profile_id, occurred_at, received_at, dialect, channel, ad_id, event_id)
     select workspace_id, uuidv7(), profile_id, occurred_at, received_at, 'signals', 'paid-social', (seq / 100 % 20)::text, id
       from event where workspace_id = $1 and seq % 100 = 0`,
    [workspaceId],
  );
}

/** The median duration in milliseconds, after one run that is not counted. */
async function measure(run: () => Promise<unknown>, times: number): Promise<number> {
  await run();
  return medianOf(await measureTimes(run, times));
}

/** What is compared has to be the same answer. */
async function assertEqual(filled: Filled): Promise<void> {
  const [answered, counted] = [await filled.ask(), await filled.countRows()];
  const differs = [...counted].some(([day, total]) => answered.get(day) !== total);
  if (differs || answered.size !== counted.size) throw new Error('the insights are not what the rows give');
}
