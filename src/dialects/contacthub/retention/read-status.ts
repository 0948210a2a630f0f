import { readLastJob } from '../../../core/job/job-store.ts';
import type { Workspace } from '../../../core/workspace/workspace.ts';
import { retentionKind } from '../../../jobs/retention-job.ts';
import type { Queryable } from '../../../store/queryable.ts';
import { formatVendorDate } from '../documents/dates.ts';
import { EVENT_TYPE_NAMES } from '../documents/enums.ts';
import { dueRulesOf, workspacePolicyOf } from './due-rules.ts';
import { countDue, readDeletedCounts } from './event-counts-store.ts';

/** What retention has to do, and has done, of each event type (ruling 10); `months` are the workspace's own. */
export async function readRetentionStatus(connection: Queryable, workspace: Workspace, now: number) {
  const [due, deleted, job] = await Promise.all([
    countDue(connection, workspace.id, dueRulesOf(workspace, now)),
    readDeletedCounts(connection, workspace.id),
    readLastJob(connection, workspace.id, retentionKind),
  ]);
  const lastRun = job?.finishedAt ?? job?.startedAt;
  const policy = workspacePolicyOf(workspace);
  const statuses = EVENT_TYPE_NAMES.map((name) => {
    const typeId = workspace.eventTypes.byName('contacthub', name)?.id ?? 0;
    const status = {
      months: policy[name]?.months ?? 0,
      due: due.get(typeId) ?? 0,
      deleted: deleted.get(typeId) ?? 0,
      lastRunAt: lastRun ? formatVendorDate(lastRun) : null,
    };
    return [name, status] as const;
  });
  return Object.fromEntries(statuses);
}
