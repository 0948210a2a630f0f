import { eventCount } from '../../core/metric/metric.ts';
import type { WorkspaceId } from '../../core/workspace/workspace.ts';
import { instantText } from '../../store/instants.ts';
import { arrayLiteral } from '../../store/parameters.ts';
import type { Parameter, Queryable } from '../../store/queryable.ts';
import { divides, localDayIn } from './buckets.ts';
import { spansOf } from './zone-spans.ts';

/*
 * What the rollups have to be, worked out from the rows: `rebuild` writes it, `verify` compares with it. Both go in slices: all
 * events of one type, or all values of one metric, of some whole local days, which an index gives.
 */

/** The rows that a slice is of. */
export type RollupRows =
  | { readonly kind: 'events'; readonly typeId: number }
  | { readonly kind: 'metrics'; readonly key: string };

export interface RollupSlice {
  readonly rows: RollupRows;
  /** Milliseconds since the epoch, or infinite; the start of a local day. `until` is exclusive. */
  readonly from: number;
  readonly until: number;
}

/** The tables that count metrics by their keys. */
export const metricTables = ['rollup_quarter_hour', 'rollup_day', 'rollup_day_metric_origin'] as const;

/** Rows of a slice, but for days that have more: a slice is at least one day of one type. */
const rowsPerSlice = 50_000;
const quarterHour = 15 * 60 * 1000;
const day = 24 * 60 * 60 * 1000;
/** Since then every zone's offset is whole quarter hours, so that days begin where quarter hours do; before, it is one slice. */
const wholeOffsetsSince = Date.UTC(1973, 0, 1);

/** Every type, and every metric that any event has a value of. */
export async function listRollupRows(connection: Queryable, workspaceId: WorkspaceId): Promise<RollupRows[]> {
  const [types, keys] = await Promise.all([
    connection.query<{ id: number }>('select id from event_type where workspace_id = $1 order by id', [
      workspaceId,
    ]),
    listMetricKeys(connection, workspaceId),
  ]);
  return [
    ...types.map(({ id }): RollupRows => ({ kind: 'events', typeId: id })),
    ...keys.map((key): RollupRows => ({ kind: 'metrics', key })),
  ];
}

/** The rows behind some, in the order of `listRollupRows`; the first where `after` is null. Undefined: there are no more. */
export async function nextRollupRows(
  connection: Queryable,
  workspaceId: WorkspaceId,
  after: RollupRows | null,
): Promise<RollupRows | undefined> {
  if (after?.kind !== 'metrics') {
    const [type] = await connection.query<{ id: number }>(
      'select id from event_type where workspace_id = $1 and id > $2 order by id limit 1',
      [workspaceId, after?.typeId ?? 0],
    );
    if (type) return { kind: 'events', typeId: type.id };
  }
  const [metric] = await connection.query<{ key: string }>(
    `select key from metric where workspace_id = $1 and ($2::text is null or key > $2::text) order by key limit 1`,
    [workspaceId, after?.kind === 'metrics' ? after.key : null],
  );
  return metric && { kind: 'metrics', key: metric.key };
}

/** From one key to the next by the index: their number counts, not that of the values. */
export async function listMetricKeys(connection: Queryable, workspaceId: WorkspaceId): Promise<string[]> {
  const rows = await connection.query<{ key: string }>(
    `with recursive known as (
       (select key from metric where workspace_id = $1 order by key limit 1)
       union all
       select (select m.key from metric m where m.workspace_id = $1 and m.key > known.key order by m.key limit 1)
         from known where known.key is not null)
     select key from known where key is not null`,
    [workspaceId],
  );
  return rows.map((row) => row.key);
}

/** The slices of some rows, in order, without a gap from -infinity to infinity. */
export async function* slicesOf(
  connection: Queryable,
  workspaceId: WorkspaceId,
  timezone: string,
  rows: RollupRows,
): AsyncGenerator<RollupSlice> {
  let from = Number.NEGATIVE_INFINITY;
  while (from < Number.POSITIVE_INFINITY) {
    const slice = await sliceFrom(connection, workspaceId, timezone, rows, from);
    yield slice;
    from = slice.until;
  }
}

/** The slice of some rows that begins where the one before it ended, or at -Infinity. */
export async function sliceFrom(
  connection: Queryable,
  workspaceId: WorkspaceId,
  timezone: string,
  rows: RollupRows,
  from: number,
): Promise<RollupSlice> {
  const [table, column, value] =
    rows.kind === 'events' ? ['event', 'type_id', rows.typeId] : ['metric', 'key', rows.key];
  const [last] = await connection.query<{ occurred_at: Date }>(
    `select occurred_at from ${table}
      where workspace_id = $1 and ${column} = $2 and occurred_at >= $3::text::timestamptz
      order by occurred_at offset ${rowsPerSlice} limit 1`,
    [workspaceId, value, boundText(from)],
  );
  const until = last ? nextDay(last.occurred_at.getTime(), timezone) : Number.POSITIVE_INFINITY;
  return { rows, from, until };
}

function nextDay(instant: number, timezone: string): number {
  let next = Temporal.Instant.fromEpochMilliseconds(Math.max(instant, wholeOffsetsSince))
    .toZonedDateTimeISO(timezone)
    .add({ days: 1 })
    .startOfDay();
  while (!divides(next)) next = next.add({ days: 1 }).startOfDay();
  return next.epochMilliseconds;
}

/** The local day that a slice's bound begins, as PostgreSQL's text. */
export function dayOf(bound: number, timezone: string): string {
  return Number.isFinite(bound) ? localDayIn(timezone)(bound) : boundText(bound);
}

/** A slice's bound as PostgreSQL's text of a timestamptz. */
export function boundText(bound: number): string {
  if (Number.isFinite(bound)) return instantText(bound);
  return bound < 0 ? '-infinity' : 'infinity';
}

const bin = (column: string) => `date_bin('15 minutes', ${column}, timestamptz '2000-01-01 00:00Z')`;

/** Of the rows `r`: $1 workspace, $2 type or metric, $3 and $4 the slice's bounds. */
const source = {
  events: {
    from: 'event r',
    where: `r.workspace_id = $1 and r.type_id = $2 and r.occurred_at >= $3::text::timestamptz
            and r.occurred_at < $4::text::timestamptz`,
    metric: `'${eventCount}'`,
    sum: 'count(*)::numeric',
  },
  metrics: {
    from: 'metric r',
    where: `r.workspace_id = $1 and r.key = $2 and r.counted and r.occurred_at >= $3::text::timestamptz
            and r.occurred_at < $4::text::timestamptz`,
    metric: 'r.key',
    sum: 'sum(r.value)',
  },
} as const;

/** Which local day the parts of quarter hours lie in: $5 days, $6 and $7 the parts' bounds, $8 the quarter hours. */
const parts = `unnest($5::text::date[], $6::text::timestamptz[], $7::text::timestamptz[], $8::text::timestamptz[])
                 as part (day, starts, ends, bucket)`;
const inPart = `${bin('r.occurred_at')} = part.bucket and r.occurred_at >= part.starts and r.occurred_at < part.ends`;

/** The events `r` of a slice by the days `part.day`, to be grouped. Parameters: `sliceParameters` and `dayParameters`. */
export const eventsByDay = {
  from: `${source.events.from} join ${parts} on ${inPart}`,
  where: source.events.where,
} as const;

/** Columns: workspace_id, bucket, type_id, metric, total, sum. Parameters: `sliceParameters`. */
export function deriveQuarterHours(kind: RollupRows['kind']): string {
  const { from, where, metric, sum } = source[kind];
  return `select r.workspace_id, ${bin('r.occurred_at')} as bucket, r.type_id, ${metric} as metric, count(*) as total, ${sum} as sum
            from ${from} where ${where} group by 1, 2, 3, 4`;
}

/** Columns: workspace_id, day, type_id, metric, total, sum. Parameters: `sliceParameters` and `dayParameters`. */
export function deriveDays(kind: RollupRows['kind']): string {
  const { from, where, metric, sum } = source[kind];
  return `select r.workspace_id, part.day, r.type_id, ${metric} as metric, count(*) as total, ${sum} as sum
            from ${from} join ${parts} on ${inPart} where ${where} group by 1, 2, 3, 4`;
}

/** Columns: workspace_id, day, type_id, node_id, context, source_id, total. Of events only. Parameters: as for days. */
export function deriveOrigins(): string {
  const { from, where } = source.events;
  return `select r.workspace_id, part.day, r.type_id, p.node_id, coalesce(r.context, 0)::smallint as context,
                 coalesce(r.source_id, 0) as source_id, count(*) as total
            from ${from} join ${parts} on ${inPart}
            join profile p on p.workspace_id = $1 and p.id = r.profile_id
           where ${where} group by 1, 2, 3, 4, 5, 6`;
}

/** Columns: workspace_id, day, type_id, metric, node_id, context, total, sum. Of metrics whose events say a context. Parameters: as for days. */
export function deriveMetricOrigins(): string {
  const { from, where, metric, sum } = source.metrics;
  return `select r.workspace_id, part.day, r.type_id, ${metric} as metric, p.node_id, e.context, count(*) as total, ${sum} as sum
            from ${from} join ${parts} on ${inPart}
            join event e on e.workspace_id = $1 and e.id = r.event_id and e.context is not null
            join profile p on p.workspace_id = $1 and p.id = e.profile_id
           where ${where} group by 1, 2, 3, 4, 5, 6`;
}

export function sliceParameters(workspaceId: WorkspaceId, slice: RollupSlice): Parameter[] {
  const { rows } = slice;
  return [
    workspaceId,
    rows.kind === 'events' ? rows.typeId : rows.key,
    boundText(slice.from),
    boundText(slice.until),
  ];
}

/** The local days of the slice's quarter hours, by the same rule as counting's: bounds come from Temporal, not from the database. */
export async function dayParameters(
  connection: Queryable,
  workspaceId: WorkspaceId,
  slice: RollupSlice,
  timezone: string,
): Promise<Parameter[]> {
  const { from, where } = source[slice.rows.kind];
  const rows = await connection.query<{ bucket: Date }>(
    `select distinct ${bin('r.occurred_at')} as bucket from ${from} where ${where}`,
    sliceParameters(workspaceId, slice),
  );
  const localDay = localDayIn(timezone);
  const found = rows.flatMap(({ bucket }) => partsOf(bucket.getTime(), localDay, timezone));
  return [
    arrayLiteral(found.map((part) => part.day)),
    arrayLiteral(found.map((part) => instantText(part.starts))),
    arrayLiteral(found.map((part) => instantText(part.ends))),
    arrayLiteral(found.map((part) => instantText(part.bucket))),
  ];
}

interface Part {
  readonly day: string;
  readonly bucket: number;
  readonly starts: number;
  readonly ends: number;
}

/** A quarter hour lies in one local day or, where the offset was no whole quarter hours or the clocks went back, in parts. */
function partsOf(bucket: number, localDay: (instant: number) => string, timezone: string): Part[] {
  const end = bucket + quarterHour;
  if (localDay(bucket) === localDay(end - 1))
    return [{ day: localDay(bucket), bucket, starts: bucket, ends: end }];
  const parts: Part[] = [];
  for (const { from, until, offset } of spansOf(timezone, bucket, end)) {
    const midnight = Math.ceil((from + offset) / day) * day - offset;
    for (const [starts, ends] of [
      [from, Math.min(midnight, until)],
      [Math.max(midnight, from), until],
    ] as const) {
      if (starts < ends) parts.push({ day: localDay(starts), bucket, starts, ends });
    }
  }
  return parts;
}
