import { type Operation, operation } from '../../http/operation.ts';
import { runRetention } from '../../jobs/run-retention.ts';
import { inWorkspace } from '../guards.ts';
import { errors, WorkspaceParameters } from '../schemas/common.ts';
import type { NativeDialect, NativeServices } from '../services.ts';
import { RetentionBody, RetentionReply } from './schemas.ts';

/** Up to 10,000 events, so that the answer comes within a few seconds. */
const slicesPerCall = 40;

/** What is due is anonymized or deleted once a day by itself; here at once (docs/retention.md). */
export function retentionOperations(
  dialects: readonly NativeDialect[],
): readonly Operation<NativeServices>[] {
  return [
    operation({
      method: 'POST',
      path: '/workspaces/:workspace/retention',
      summary: 'Anonymize and delete what is due by the workspace’s retention policies',
      guard: inWorkspace,
      checks: { path: WorkspaceParameters, body: RetentionBody },
      replies: { 200: RetentionReply, ...errors(404) },
      handle: async ({ services, access, body }) => {
        const dryRun = body?.dryRun === true;
        const { jobDatabase: database, workspaces, clock } = services;
        const { more, deletedEvents, ...webmarketer } = await runRetention(
          { database, workspaces, dialects },
          access.workspace.id,
          { dryRun, now: clock(), slices: slicesPerCall },
        );
        return { dryRun, more, webmarketer, octeth: { deletedEvents } };
      },
    }),
  ];
}
