import type { WorkspaceId } from '../../core/workspace/workspace.ts';
import { type Check, toCheck } from '../../projections/check.ts';
import type { Database } from '../../store/database.ts';

const seqsPerSlice = 200_000;
/** Events may be deleted while they are counted: then the numbers of before are no longer those of after. */
const tries = 3;

/** received = stored + duplicate + quarantined + dropped, for each dialect and hour of receipt. */
export async function checkAccountingCloses(database: Database, workspaceId: WorkspaceId): Promise<Check> {
  const rows = await database.query<{ dialect: string; hour: Date; received: string; accounted: string }>(
    `select dialect, hour, sum(total) filter (where outcome = 'received') as received,
            sum(total) filter (where outcome <> 'received') as accounted
       from accounting
      where workspace_id = $1 and outcome in ('received', 'stored', 'duplicate', 'quarantined', 'dropped')
      group by dialect, hour
     having coalesce(sum(total) filter (where outcome = 'received'), 0)
         <> coalesce(sum(total) filter (where outcome <> 'received'), 0)
      order by hour, dialect`,
    [workspaceId],
  );
  return toCheck(
    'accounting-closes',
    rows.map(
      (row) =>
        `${nameHour(row.dialect, row.hour)}: received ${row.received ?? 0}, accounted for ${row.accounted ?? 0}`,
    ),
    'received = stored + duplicate + quarantined + dropped in every hour',
  );
}

/** stored + derived − deleted = the events that are there, for each dialect and hour of receipt. */
export async function checkEventsAccounted(database: Database, workspaceId: WorkspaceId): Promise<Check> {
  let problems: string[] = [];
  let counted = 0;
  for (let left = tries; left > 0; left--) {
    const { lastSeq, expected } = await readExpectedEvents(database, workspaceId);
    const found = await countEvents(database, workspaceId, lastSeq);
    problems = compare(expected, found, 'counted');
    counted = [...found.values()].reduce((sum, total) => sum + total, 0);
    if (problems.length === 0) break;
  }
  return toCheck('events-accounted', problems, `${counted} events are where the counters say`);
}

/** The counters and the last seq that they speak of, as of one moment. */
async function readExpectedEvents(
  database: Database,
  workspaceId: WorkspaceId,
): Promise<{ lastSeq: number; expected: Map<string, number> }> {
  const rows = await database.query<{ seq: number; dialect: string | null; hour: Date; total: string }>(
    `select h.seq, a.dialect, a.hour, sum(case when a.outcome = 'deleted' then -a.total else a.total end) as total
       from workspace_head h
       left join accounting a on a.workspace_id = $1 and a.outcome in ('stored', 'derived', 'deleted')
      where h.workspace_id = $1
      group by h.seq, a.dialect, a.hour`,
    [workspaceId],
  );
  const expected = new Map<string, number>();
  for (const row of rows) {
    if (row.dialect !== null) expected.set(nameHour(row.dialect, row.hour), Number(row.total));
  }
  return { lastSeq: rows[0]?.seq ?? 0, expected };
}

async function countEvents(
  database: Database,
  workspaceId: WorkspaceId,
  lastSeq: number,
): Promise<Map<string, number>> {
  const found = new Map<string, number>();
  for (let seq = 0; seq < lastSeq; seq += seqsPerSlice) {
    const rows = await database.query<{ dialect: string; hour: Date; total: number }>(
      `select t.dialect, date_bin('1 hour', e.received_at, timestamptz '2000-01-01 00:00Z') as hour, count(*) as total
         from event e join event_type t on t.workspace_id = $1 and t.id = e.type_id
        where e.workspace_id = $1 and e.seq > $2 and e.seq <= $3
        group by 1, 2`,
      [workspaceId, seq, Math.min(lastSeq, seq + seqsPerSlice)],
    );
    for (const row of rows) {
      const name = nameHour(row.dialect, row.hour);
      found.set(name, (found.get(name) ?? 0) + row.total);
    }
  }
  return found;
}

/** quarantined = the rows that were not replayed, for each dialect and hour of receipt. */
export async function checkQuarantineAccounted(database: Database, workspaceId: WorkspaceId): Promise<Check> {
  const rows = await database.query<{ dialect: string; hour: Date; counted: string; found: number }>(
    `select dialect, hour, coalesce(a.counted, 0) as counted, coalesce(q.found, 0) as found
       from (select dialect, hour, sum(total) as counted from accounting
              where workspace_id = $1 and outcome = 'quarantined' group by dialect, hour) a
       full join (select dialect, date_bin('1 hour', received_at, timestamptz '2000-01-01 00:00Z') as hour, count(*) as found
                    from quarantine where workspace_id = $1 and replayed_at is null group by 1, 2) q using (dialect, hour)
      where coalesce(a.counted, 0) <> coalesce(q.found, 0)
      order by hour, dialect`,
    [workspaceId],
  );
  return toCheck(
    'quarantine-accounted',
    rows.map((row) => `${nameHour(row.dialect, row.hour)}: counted ${row.counted}, found ${row.found}`),
    'every quarantined event is there',
  );
}

function compare(
  expected: ReadonlyMap<string, number>,
  found: ReadonlyMap<string, number>,
  word: string,
): string[] {
  const names = new Set([...expected.keys(), ...found.keys()]);
  return [...names]
    .sort()
    .filter((name) => (expected.get(name) ?? 0) !== (found.get(name) ?? 0))
    .map((name) => `${name}: ${word} ${expected.get(name) ?? 0}, found ${found.get(name) ?? 0}`);
}

function nameHour(dialect: string, hour: Date): string {
  return `${dialect} ${hour.toISOString().slice(0, 13)}`;
}
