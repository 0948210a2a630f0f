import { eventCount } from '../core/metric/metric.ts';
import type { Workspace, WorkspaceId } from '../core/workspace/workspace.ts';
import { readLastSeq } from '../core/workspace/workspace-store.ts';
import type { Database } from '../store/database.ts';
import { arrayLiteral } from '../store/parameters.ts';
import { onlyRow, type Parameter, type Queryable } from '../store/queryable.ts';
import { maximumKeylessNames, maximumNames } from './catalogue/catalogue.ts';
import { deriveCatalogue, seqsPerSlice } from './catalogue/derive-catalogue.ts';
import { type Check, lookTwice, toCheck } from './check.ts';
import { readMembershipSlice } from './memberships/membership-slice.ts';
import {
  boundText,
  dayOf,
  dayParameters,
  deriveDays,
  deriveMetricOrigins,
  deriveOrigins,
  deriveQuarterHours,
  listMetricKeys,
  listRollupRows,
  metricTables,
  type RollupSlice,
  sliceParameters,
  slicesOf,
} from './rollups/derive-rollups.ts';

/** Both levels of rollups hold what the events and metrics give. */
export async function checkRollups(database: Database, workspace: Workspace): Promise<Check> {
  const problems: string[] = [];
  let slices = 0;
  for (const rows of await listRollupRows(database, workspace.id)) {
    for await (const slice of slicesOf(database, workspace.id, workspace.timezone, rows)) {
      slices++;
      const look = (connection: Queryable) => countWrong(connection, workspace, slice);
      const wrong = await lookTwice(database, workspace.id, look, (found) => found > 0);
      const of = rows.kind === 'events' ? `events of type ${rows.typeId}` : `metric ${rows.key}`;
      if (wrong > 0) problems.push(`${of} from ${boundText(slice.from)}: ${wrong} rows differ`);
    }
  }
  const look = (connection: Queryable) => countStrays(connection, workspace.id);
  const strays = await lookTwice(database, workspace.id, look, (found) => found > 0);
  if (strays > 0) problems.push(`${strays} rows count what is not there`);
  return toCheck('rollups-equal', problems, `rollups equal the rows in ${slices} slices`);
}

async function countWrong(connection: Queryable, workspace: Workspace, slice: RollupSlice): Promise<number> {
  const { rows, from, until } = slice;
  const { timezone, id } = workspace;
  const bounds = sliceParameters(id, slice);
  const days = [...bounds, ...(await dayParameters(connection, id, slice, timezone))];
  const which = rows.kind === 'events' ? `type_id = $2 and metric = '${eventCount}'` : 'metric = $2';
  const inDays = `day >= '${dayOf(from, timezone)}'::date and day < '${dayOf(until, timezone)}'::date`;
  let wrong = await countDiffering(
    connection,
    deriveQuarterHours(rows.kind),
    `select bucket, type_id, metric, total, sum from rollup_quarter_hour
      where workspace_id = $1 and ${which} and bucket >= $3::text::timestamptz and bucket < $4::text::timestamptz
        and (total <> 0 or sum <> 0)`,
    'bucket, type_id, metric',
    bounds,
  );
  wrong += await countDiffering(
    connection,
    deriveDays(rows.kind),
    `select day, type_id, metric, total, sum from rollup_day
      where workspace_id = $1 and ${which} and ${inDays} and (total <> 0 or sum <> 0)`,
    'day, type_id, metric',
    days,
  );
  if (rows.kind === 'metrics') {
    wrong += await countDiffering(
      connection,
      deriveMetricOrigins(),
      `select day, type_id, metric, node_id, context, total, sum from rollup_day_metric_origin
        where workspace_id = $1 and metric = $2 and ${inDays} and (total <> 0 or sum <> 0)`,
      'day, type_id, metric, node_id, context',
      days,
    );
    return wrong;
  }
  wrong += await countDiffering(
    connection,
    `select *, 0 as sum from (${deriveOrigins()}) o`,
    `select day, type_id, node_id, context, source_id, total, 0 as sum from rollup_day_origin
      where workspace_id = $1 and type_id = $2 and ${inDays} and total <> 0`,
    'day, type_id, node_id, context, source_id',
    days,
  );
  return wrong;
}

async function countDiffering(
  connection: Queryable,
  derived: string,
  stored: string,
  key: string,
  parameters: readonly Parameter[],
): Promise<number> {
  const rows = await connection.query<{ wrong: number }>(
    `select count(*) as wrong from (${derived}) d full join (${stored}) s using (${key})
      where d.total is distinct from s.total or d.sum is distinct from s.sum`,
    parameters,
  );
  return onlyRow(rows).wrong;
}

async function countStrays(connection: Queryable, workspaceId: WorkspaceId): Promise<number> {
  const keys = arrayLiteral([eventCount, ...(await listMetricKeys(connection, workspaceId))]);
  let strays = 0;
  for (const table of metricTables) {
    const rows = await connection.query<{ strays: number }>(
      `select count(*) as strays from ${table} r
        where r.workspace_id = $1 and (r.total <> 0 or r.sum <> 0)
          and (r.metric <> all ($2::text::text[])
               or not exists (select from event_type t where t.workspace_id = $1 and t.id = r.type_id))`,
      [workspaceId, keys],
    );
    strays += onlyRow(rows).strays;
  }
  return strays;
}

/** Records and persons are what the active links give. */
export async function checkMemberships(database: Database, workspaceId: WorkspaceId): Promise<Check> {
  const problems: string[] = [];
  let after: string | undefined;
  do {
    const look = (connection: Queryable) => readMembershipSlice(connection, workspaceId, after);
    const slice = await lookTwice(database, workspaceId, look, ({ wrong }) => wrong.length > 0);
    for (const { profileId } of slice.wrong)
      problems.push(`profile ${profileId} is in another record or person`);
    after = slice.next;
  } while (after !== undefined);
  return toCheck('memberships-equal', problems, 'records and persons follow from the links');
}

/** Every property that an event carries is in the catalogue, but for names beyond its limit. */
export async function checkCatalogue(database: Database, workspaceId: WorkspaceId): Promise<Check> {
  const problems: string[] = [];
  const lastSeq = await readLastSeq(database, workspaceId);
  for (let seq = 0; seq < lastSeq; seq += seqsPerSlice) {
    const rows = await database.query<{ missing: number }>(
      `select count(*) as missing from (${deriveCatalogue('e.seq > $2 and e.seq <= $3')}) d
        where not exists (select from property p where p.workspace_id = $1 and p.type_id = d.type_id
                             and p.source_id = d.source_id and p.name = d.name and p.data_type = d.data_type)
          and (select count(distinct p.name) from property p where p.workspace_id = $1 and p.type_id = d.type_id
                  and p.source_id = d.source_id and p.keyless = d.keyless)
              < case when d.keyless then ${maximumKeylessNames} else ${maximumNames} end`,
      [workspaceId, seq, Math.min(lastSeq, seq + seqsPerSlice)],
    );
    if (onlyRow(rows).missing > 0)
      problems.push(`${onlyRow(rows).missing} properties of events after seq ${seq} are missing`);
  }
  return toCheck('catalogue-covers', problems, 'every property of every event is in the catalogue');
}
