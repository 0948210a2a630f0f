import type { WorkspaceId } from '../../core/workspace/workspace.ts';
import { readLastSeq } from '../../core/workspace/workspace-store.ts';
import { type Check, toCheck } from '../../projections/check.ts';
import type { Database } from '../../store/database.ts';
import { onlyRow } from '../../store/queryable.ts';

const seqsPerSlice = 200_000;
const tries = 3;

/** Every seq up to the last is an event's or a change's, one each; only a deleted event leaves its own empty. */
export async function checkOrder(database: Database, workspaceId: WorkspaceId): Promise<Check> {
  let problems: string[] = [];
  let lastSeq = 0;
  for (let left = tries; left > 0; left--) {
    lastSeq = await readLastSeq(database, workspaceId);
    problems = await findProblems(database, workspaceId, lastSeq);
    if (problems.length === 0) break;
  }
  return toCheck('order-gapless', problems, `seq 1 to ${lastSeq} without a gap`);
}

async function findProblems(
  database: Database,
  workspaceId: WorkspaceId,
  lastSeq: number,
): Promise<string[]> {
  const problems: string[] = [];
  let missing = 0;
  for (let seq = 0; seq < lastSeq; seq += seqsPerSlice) {
    const end = Math.min(lastSeq, seq + seqsPerSlice);
    const slices = await database.query<{ total: number; seqs: number }>(
      `select count(*) as total, count(distinct seq) as seqs
         from (select seq from event where workspace_id = $1 and seq > $2 and seq <= $3
               union all select seq from change where workspace_id = $1 and seq > $2 and seq <= $3) taken`,
      [workspaceId, seq, end],
    );
    const { total, seqs } = onlyRow(slices);
    if (total !== seqs) problems.push(`between ${seq + 1} and ${end} ${total - seqs} were given twice`);
    missing += end - seq - seqs;
  }
  const deletions = await database.query<{ total: number }>(
    `select count(*) as total from change where workspace_id = $1 and entity = 'event' and operation = 'delete'`,
    [workspaceId],
  );
  if (missing !== onlyRow(deletions).total)
    problems.push(`${missing} of ${lastSeq} are missing, ${onlyRow(deletions).total} events were deleted`);
  return problems;
}
