import type { WorkspaceChange } from '../../../core/workspace/change-workspace.ts';
import type { Workspace } from '../../../core/workspace/workspace.ts';
import type { Queryable } from '../../../store/queryable.ts';
import type { EventTypeName } from '../documents/enums.ts';
import { eventRulesOf } from '../rules/event-rules.ts';
import { ProductChanges } from './product-changes.ts';

type Properties = Readonly<Record<string, unknown>>;

/** What a write of an event says otherwise of products goes into the registry, where its type updates it. Under the head lock. */
export async function updateProducts(
  tx: Queryable,
  workspace: Workspace,
  type: EventTypeName,
  { before, after }: { readonly before: Properties; readonly after: Properties },
  { head, now }: Pick<WorkspaceChange, 'head' | 'now'>,
): Promise<void> {
  if (!eventRulesOf(workspace, type).updatesProducts) return;
  const changes = new ProductChanges(workspace);
  changes.takeChange(type, before, after, head.seq);
  await changes.write(tx, now);
}
