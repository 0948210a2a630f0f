import { eventCount } from '../../core/metric/metric.ts';
import type { WorkspaceId } from '../../core/workspace/workspace.ts';
import { instantText } from '../../store/instants.ts';
import { arrayLiteral } from '../../store/parameters.ts';
import type { Queryable } from '../../store/queryable.ts';
import { quarterHourOf } from './buckets.ts';

export interface RollupDelta {
  /** A quarter hour's start (ms) or a local day (YYYY-MM-DD). */
  bucket: number | string;
  typeId: number;
  metric: string;
  total: number;
  /** The sum of the whole values; exact. */
  whole: number;
  /**
   * The other values one by one, added by the database as numeric: doubles added in another order differ in the last digit, and
   * a rebuilt rollup has to equal the one that grew.
   */
  fractions: number[];
}

/** How many events there were of one kind, place and time. */
interface EventDelta extends OriginDelta {
  /** The quarter hour's start (ms). */
  quarterHour: number;
}

interface OriginDelta {
  day: string;
  typeId: number;
  nodeId: number;
  context: number;
  /** 0: it came in by none. */
  sourceId: number;
  total: number;
}

interface MetricOriginDelta extends RollupDelta {
  nodeId: number;
  context: number;
}

/** Where an event came from: its profile's node, and its context by the number that it is stored under. */
export interface Origin {
  readonly nodeId: number;
  readonly context: number | null;
}

/** The same, with the source that it came in by. */
export interface EventOrigin extends Origin {
  readonly sourceId: number | null;
}

/** What a batch adds to the rollups (a negative sign takes away): quarter hours in UTC, local days, local days by origin. */
export class RollupDeltas {
  readonly #localDay: (instant: number) => string;
  /** Those that are not in the others yet: of many events few differ here, and each is looked up once. */
  readonly #events = new Map<string, EventDelta>();
  readonly #quarterHours = new Map<string, RollupDelta>();
  readonly #days = new Map<string, RollupDelta>();
  readonly #origins = new Map<string, OriginDelta>();
  readonly #metricOrigins = new Map<string, MetricOriginDelta>();

  constructor(localDay: (instant: number) => string) {
    this.#localDay = localDay;
  }

  /** One event, counted by its time and by where it came from. */
  addEvent(occurredAt: number, typeId: number, origin: EventOrigin, sign: 1 | -1): void {
    const { nodeId } = origin;
    const context = origin.context ?? 0;
    const sourceId = origin.sourceId ?? 0;
    const day = this.#localDay(occurredAt);
    const quarterHour = quarterHourOf(occurredAt);
    const key = `${quarterHour}/${day}/${typeId}/${nodeId}/${context}/${sourceId}`;
    const known = this.#events.get(key);
    if (known) known.total += sign;
    else this.#events.set(key, { quarterHour, day, typeId, nodeId, context, sourceId, total: sign });
  }

  /** One value of a metric, at the metric's own time. It is counted by its event's origin, too, where that says a context. */
  addMetric(
    occurredAt: number,
    typeId: number,
    metric: string,
    value: number,
    sign: 1 | -1,
    origin?: Origin,
  ): void {
    const day = this.#localDay(occurredAt);
    addValue(deltaIn(this.#quarterHours, quarterHourOf(occurredAt), typeId, metric), value, sign);
    addValue(deltaIn(this.#days, day, typeId, metric), value, sign);
    if (!origin || origin.context === null) return;
    const { nodeId, context } = origin;
    const key = `${day}/${typeId}/${nodeId}/${context}/${metric}`;
    addValue(
      this.#metricOrigins.getOrInsertComputed(key, () => ({
        ...newDelta(day, typeId, metric),
        nodeId,
        context,
      })),
      value,
      sign,
    );
  }

  get isEmpty(): boolean {
    return this.#quarterHours.size === 0 && this.#events.size === 0;
  }

  get quarterHours(): RollupDelta[] {
    this.#countEvents();
    return [...this.#quarterHours.values()];
  }

  get days(): RollupDelta[] {
    this.#countEvents();
    return [...this.#days.values()];
  }

  get origins(): OriginDelta[] {
    this.#countEvents();
    return [...this.#origins.values()];
  }

  get metricOrigins(): MetricOriginDelta[] {
    return [...this.#metricOrigins.values()];
  }

  #countEvents(): void {
    for (const { quarterHour, ...origin } of this.#events.values()) {
      const { day, typeId, nodeId, context, sourceId, total } = origin;
      for (const delta of [
        deltaIn(this.#quarterHours, quarterHour, typeId, eventCount),
        deltaIn(this.#days, day, typeId, eventCount),
      ]) {
        delta.total += total;
        delta.whole += total;
      }
      const key = `${day}/${typeId}/${nodeId}/${context}/${sourceId}`;
      this.#origins.getOrInsertComputed(key, () => ({ ...origin, total: 0 })).total += total;
    }
    this.#events.clear();
  }
}

function newDelta(bucket: number | string, typeId: number, metric: string): RollupDelta {
  return { bucket, typeId, metric, total: 0, whole: 0, fractions: [] };
}

function deltaIn(
  deltas: Map<string, RollupDelta>,
  bucket: number | string,
  typeId: number,
  metric: string,
): RollupDelta {
  return deltas.getOrInsertComputed(`${bucket}/${typeId}/${metric}`, () => newDelta(bucket, typeId, metric));
}

function addValue(delta: RollupDelta, value: number, sign: 1 | -1): void {
  delta.total += sign;
  if (Number.isSafeInteger(value) && Number.isSafeInteger(delta.whole + sign * value))
    delta.whole += sign * value;
  else delta.fractions.push(sign * value);
}

async function addRollup(
  connection: Queryable,
  workspaceId: WorkspaceId,
  table: 'rollup_quarter_hour' | 'rollup_day',
  deltas: readonly RollupDelta[],
): Promise<void> {
  const [column, type] = table === 'rollup_day' ? ['day', 'date'] : ['bucket', 'timestamptz'];
  await connection.query(
    `insert into ${table} (workspace_id, ${column}, type_id, metric, total, sum)
     select h.workspace_id, d.bucket, d.type_id, d.metric, d.total,
            (select sum(term::numeric) from unnest(string_to_array(d.terms, ' ')) as term)
       from workspace_head h,
            unnest($2::text::${type}[], $3::text::integer[], $4::text::text[], $5::text::bigint[], $6::text::text[])
              as d (bucket, type_id, metric, total, terms)
      where h.workspace_id = $1
     on conflict (workspace_id, ${column}, type_id, metric) do update
       set total = ${table}.total + excluded.total, sum = ${table}.sum + excluded.sum`,
    [
      workspaceId,
      arrayLiteral(deltas.map(({ bucket }) => (typeof bucket === 'number' ? instantText(bucket) : bucket))),
      arrayLiteral(deltas.map((delta) => delta.typeId)),
      arrayLiteral(deltas.map((delta) => delta.metric)),
      arrayLiteral(deltas.map((delta) => delta.total)),
      arrayLiteral(deltas.map(termsOf)),
    ],
  );
}

const termsOf = ({ whole, fractions }: RollupDelta) => [whole, ...fractions].join(' ');

async function addMetricOrigins(
  connection: Queryable,
  workspaceId: WorkspaceId,
  deltas: readonly MetricOriginDelta[],
): Promise<void> {
  await connection.query(
    `insert into rollup_day_metric_origin (workspace_id, day, type_id, metric, node_id, context, total, sum)
     select h.workspace_id, d.day, d.type_id, d.metric, d.node_id, d.context, d.total,
            (select sum(term::numeric) from unnest(string_to_array(d.terms, ' ')) as term)
       from workspace_head h,
            unnest($2::text::date[], $3::text::integer[], $4::text::text[], $5::text::integer[], $6::text::smallint[],
                   $7::text::bigint[], $8::text::text[])
              as d (day, type_id, metric, node_id, context, total, terms)
      where h.workspace_id = $1
     on conflict (workspace_id, day, type_id, metric, node_id, context) do update
       set total = rollup_day_metric_origin.total + excluded.total, sum = rollup_day_metric_origin.sum + excluded.sum`,
    [
      workspaceId,
      arrayLiteral(deltas.map(({ bucket }) => bucket)),
      arrayLiteral(deltas.map(({ typeId }) => typeId)),
      arrayLiteral(deltas.map(({ metric }) => metric)),
      arrayLiteral(deltas.map(({ nodeId }) => nodeId)),
      arrayLiteral(deltas.map(({ context }) => context)),
      arrayLiteral(deltas.map(({ total }) => total)),
      arrayLiteral(deltas.map(termsOf)),
    ],
  );
}

/** Adds a batch's deltas, within its transaction. */
export function applyRollups(
  connection: Queryable,
  workspaceId: WorkspaceId,
  deltas: RollupDeltas,
): Promise<void>[] {
  const origins = deltas.origins;
  const { metricOrigins } = deltas;
  const metrics = [
    addRollup(connection, workspaceId, 'rollup_quarter_hour', deltas.quarterHours),
    addRollup(connection, workspaceId, 'rollup_day', deltas.days),
    ...(metricOrigins.length > 0 ? [addMetricOrigins(connection, workspaceId, metricOrigins)] : []),
  ];
  // Where metrics of stored events were set, no event was added.
  if (origins.length === 0) return metrics;
  return [
    ...metrics,
    connection
      .query(
        `insert into rollup_day_origin (workspace_id, day, type_id, node_id, context, source_id, total)
         select h.workspace_id, d.* from workspace_head h,
                unnest($2::text::date[], $3::text::integer[], $4::text::integer[], $5::text::smallint[], $6::text::integer[],
                       $7::text::bigint[]) as d
          where h.workspace_id = $1
         on conflict (workspace_id, day, type_id, node_id, context, source_id) do update
           set total = rollup_day_origin.total + excluded.total`,
        [
          workspaceId,
          arrayLiteral(origins.map((origin) => origin.day)),
          arrayLiteral(origins.map((origin) => origin.typeId)),
          arrayLiteral(origins.map((origin) => origin.nodeId)),
          arrayLiteral(origins.map((origin) => origin.context)),
          arrayLiteral(origins.map((origin) => origin.sourceId)),
          arrayLiteral(origins.map((origin) => origin.total)),
        ],
      )
      .then(() => undefined),
  ];
}
