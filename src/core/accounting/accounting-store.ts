import { arrayLiteral } from '../../store/parameters.ts';
import type { Queryable } from '../../store/queryable.ts';
import type { WorkspaceId } from '../workspace/workspace.ts';
import type { AccountedOutcome, Count } from './accounting.ts';

export async function addCounts(
  connection: Queryable,
  workspaceId: WorkspaceId,
  counts: readonly Count[],
): Promise<void> {
  await connection.query(
    `insert into accounting (workspace_id, dialect, hour, outcome, reason, total)
     select h.workspace_id, c.dialect, to_timestamp(c.hour / 1000.0), c.outcome, c.reason, c.total
       from workspace_head h,
            unnest($2::text::text[], $3::text::float8[], $4::text::text[], $5::text::text[], $6::text::bigint[])
              as c (dialect, hour, outcome, reason, total)
      where h.workspace_id = $1
     on conflict (workspace_id, dialect, hour, outcome, reason) do update set total = accounting.total + excluded.total`,
    [
      workspaceId,
      arrayLiteral(counts.map((count) => count.dialect)),
      arrayLiteral(counts.map((count) => count.receivedAt)),
      arrayLiteral(counts.map((count) => count.outcome)),
      arrayLiteral(counts.map((count) => count.reason)),
      arrayLiteral(counts.map((count) => count.total)),
    ],
  );
}

export interface AccountingRow {
  readonly dialect: string;
  readonly hour: Date;
  readonly outcome: AccountedOutcome;
  readonly reason: string;
  readonly total: number;
}

/** The counters between two hours (inclusive), oldest first. */
export async function readCounts(
  connection: Queryable,
  workspaceId: WorkspaceId,
  since: Date,
  until: Date,
): Promise<AccountingRow[]> {
  return connection.query<AccountingRow>(
    `select dialect, hour, outcome, reason, total from accounting
      where workspace_id = $1 and hour >= $2 and hour <= $3
      order by hour, dialect, outcome, reason`,
    [workspaceId, since, until],
  );
}
