import type { AdPlatform } from '../../core/attribution/ad-platform.ts';
import { type Conversion, conversions } from '../../core/attribution/conversion-store.ts';
import type { SettlingHead } from '../../core/attribution/sum-store.ts';
import type { Workspace, WorkspaceId } from '../../core/workspace/workspace.ts';
import type { WorkspaceCache } from '../../core/workspace/workspace-cache.ts';
import type { Transaction } from '../../store/transaction.ts';
import { type CountingRules, loadCountingRules } from './counting-rules.ts';

/** What who settles works with, under the lock that lets one alone do so. */
export interface Settling {
  readonly tx: Transaction;
  readonly workspace: Workspace;
  readonly conversions: readonly Conversion[];
  readonly rules: CountingRules;
  readonly adPlatforms: readonly AdPlatform[];
  /** What is added to the sums is recorded by it. */
  readonly step: number;
  readonly lastOrigin: number;
}

/** The configuration is the one that is committed by now: a change of it asks for what it concerns to be counted anew. */
export async function openSettling(
  tx: Transaction,
  {
    workspaces,
    adPlatforms,
  }: { readonly workspaces: WorkspaceCache; readonly adPlatforms: readonly AdPlatform[] },
  workspaceId: WorkspaceId,
  head: SettlingHead,
): Promise<Settling> {
  const workspace = await workspaces.reload(workspaceId, tx);
  const rules = await loadCountingRules(tx, workspaceId);
  return { tx, workspace, conversions: workspace.parts.get(conversions), rules, adPlatforms, ...head };
}
