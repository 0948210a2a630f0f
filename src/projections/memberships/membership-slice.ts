import { lowestId } from '../../core/id.ts';
import { findMoves, type Move, readNeighbourhood } from '../../core/link/neighbourhood.ts';
import type { WorkspaceId } from '../../core/workspace/workspace.ts';
import type { Queryable } from '../../store/queryable.ts';

const profilesPerSlice = 2000;

export interface MembershipSlice {
  /** Profiles whose record or person is not what the links give, and what they give. */
  readonly wrong: readonly Move[];
  /** Where the next slice begins; undefined after the last. */
  readonly next: string | undefined;
}

/** Compares the records and persons of the next profiles by id, and of all that they are linked with, to what the links give. */
export async function readMembershipSlice(
  connection: Queryable,
  workspaceId: WorkspaceId,
  after: string = lowestId,
): Promise<MembershipSlice> {
  const slice = await connection.query<{ id: string }>(
    'select id from profile where workspace_id = $1 and id > $2 order by id limit $3',
    [workspaceId, after, profilesPerSlice],
  );
  const ids = slice.map((row) => row.id);
  const { profiles, active } = await readNeighbourhood(connection, workspaceId, ids);
  return {
    wrong: findMoves(profiles, active),
    next: ids.length === profilesPerSlice ? ids.at(-1) : undefined,
  };
}
