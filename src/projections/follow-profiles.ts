import type { Workspace } from '../core/workspace/workspace.ts';
import type { Queryable } from '../store/queryable.ts';
import type { Projection, TouchedProfile } from './projection.ts';

/** Sends what the projections make of profiles that were written; resolves once all is sent, with what is not answered yet. */
export async function followProfiles(
  projections: readonly Projection[],
  tx: Queryable,
  workspace: Workspace,
  profiles: readonly TouchedProfile[],
): Promise<readonly Promise<unknown>[]> {
  if (profiles.length === 0) return [];
  const following = projections.map((projection) => projection.followProfiles?.(tx, workspace, profiles));
  return (await Promise.all(following)).flatMap((sent) => sent ?? []);
}
