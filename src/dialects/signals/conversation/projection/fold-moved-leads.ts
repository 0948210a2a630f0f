import type { Move } from '../../../../core/link/neighbourhood.ts';
import { nodeIdsOf, type Workspace } from '../../../../core/workspace/workspace.ts';
import { arrayLiteral } from '../../../../store/parameters.ts';
import type { Transaction } from '../../../../store/transaction.ts';
import { foldLeadsAnew } from './fold-leads.ts';

/** Folds the leads anew that a join or an undoing has made one, or two: with the change of the link, so that undoing it is exact. */
export async function foldMovedLeads(
  tx: Transaction,
  workspace: Workspace,
  moves: readonly Move[],
  now: number,
): Promise<void> {
  const ids = new Set<string>();
  for (const { profileId, from, to } of moves)
    if (from.record !== to.record) ids.add(profileId).add(from.record).add(to.record);
  if (ids.size === 0) return;
  const leads = await tx.query<{ id: string }>(
    `select id from profile
      where workspace_id = $1 and id = any($2::text::uuid[]) and node_id = any($3::text::integer[])`,
    [workspace.id, arrayLiteral([...ids]), arrayLiteral(nodeIdsOf(workspace, 'signals'))],
  );
  await foldLeadsAnew(
    { connection: tx, workspace, now },
    leads.map(({ id }) => id),
  );
}
