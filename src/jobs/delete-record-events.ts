import Type from 'typebox';
import { Value } from 'typebox/value';
import { deleteEventsOfProfiles, recordEventsKind } from '../change/delete-record.ts';
import type { WorkspaceCache } from '../core/workspace/workspace-cache.ts';
import { followedBy } from '../projections/follow-events.ts';
import type { Projection } from '../projections/projection.ts';
import type { JobKind } from './job-kind.ts';

const Input = Type.Object({ profileIds: Type.Array(Type.String()) });

/** Deletes the events of a record that is gone, of which there were more than one transaction takes. Nobody finds them meanwhile. */
export function deleteRecordEventsJob({
  workspaces,
  projections,
}: {
  readonly workspaces: WorkspaceCache;
  readonly projections: readonly Projection[];
}): JobKind {
  return {
    name: recordEventsKind,
    under: 'head-lock',
    slice: async (slice) => {
      const { job, workspaceId, head, tx } = slice;
      const { profileIds } = Value.Parse(Input, job.input);
      const workspace = await workspaces.getVersion(workspaceId, head.configVersion, tx);
      const { deleted, hasMore } = await deleteEventsOfProfiles(
        followedBy(projections, slice),
        workspace,
        profileIds,
      );
      const done = job.progress.done + deleted;
      return {
        cursor: null,
        progress: { done, failed: 0, total: hasMore ? null : done },
        ...(hasMore ? {} : { result: { deletedEvents: done } }),
      };
    },
  };
}
