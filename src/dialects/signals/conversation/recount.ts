import Type from 'typebox';
import { Value } from 'typebox/value';
import type { Job } from '../../../core/job/job.ts';
import { readOpenJob, requestJob, restartJob } from '../../../core/job/job-store.ts';
import type { WorkspaceId } from '../../../core/workspace/workspace.ts';
import type { Queryable } from '../../../store/queryable.ts';

/** The kind of the job; a workspace has one open at a time. */
export const recountKind = 'recount';

/** Whose leads are counted anew: of all ads, or of a campaign's. */
export type RecountScope = 'all' | { readonly campaignId: string };

const RecountInput = Type.Object({
  campaignIds: Type.Union([Type.Array(Type.String()), Type.Null()]),
});
const RecountCursor = Type.Union([Type.Object({ leadId: Type.String() }), Type.Null()]);

/** Ids of the campaigns whose leads a recount is about; null: all leads. */
export function campaignsOf({ input }: Job): readonly string[] | null {
  return Value.Parse(RecountInput, input).campaignIds;
}

/** The last lead that a recount has done; null before the first. */
export function lastLeadOf({ cursor }: Job): string | null {
  return Value.Parse(RecountCursor, cursor)?.leadId ?? null;
}

/**
 * Asks for a recount, in the transaction that changes the rules, under the head lock: it is not forgotten whatever happens to the
 * process. One that is open begins again, for what either was asked for.
 */
export async function requestRecount(
  connection: Queryable,
  workspaceId: WorkspaceId,
  scope: RecountScope,
  now: Date,
): Promise<void> {
  const wanted = scope === 'all' ? null : [scope.campaignId];
  const open = await readOpenJob(connection, workspaceId, recountKind);
  if (!open) {
    const input = { campaignIds: wanted };
    await requestJob(
      connection,
      workspaceId,
      { kind: recountKind, input, requestedBy: 'configuration' },
      now,
    );
    return;
  }
  const known = campaignsOf(open);
  const campaignIds = known && wanted && [...new Set([...known, ...wanted])];
  await restartJob(connection, workspaceId, open.id, { campaignIds }, now);
}
