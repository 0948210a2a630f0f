import type { WorkspaceChange } from '../../../core/workspace/change-workspace.ts';
import type { Workspace } from '../../../core/workspace/workspace.ts';
import type { Queryable } from '../../../store/queryable.ts';
import type { EventTypeName } from '../documents/enums.ts';
import { eventRulesOf } from '../rules/event-rules.ts';
import { isStillToTake } from './fill-products.ts';
import { ProductChanges } from './product-changes.ts';

type Properties = Readonly<Record<string, unknown>>;

/** What a write of an event says otherwise of products goes into the registry, where its type updates it. `seq`: the event's. Under the head lock. */
export async function updateProducts(
  tx: Queryable,
  workspace: Workspace,
  { type, seq }: { readonly type: EventTypeName; readonly seq: number },
  written: { readonly before: Properties; readonly after: Properties },
  { head, now }: Pick<WorkspaceChange, 'head' | 'now'>,
): Promise<void> {
  if (!eventRulesOf(workspace, type).updatesProducts) return;
  const changes = new ProductChanges(workspace);
  const isAwaited = changes.hasRules && (await isStillToTake(tx, workspace.id, type, seq));
  changes.takeChange(type, written, head.seq, isAwaited);
  await changes.write(tx, now);
}
