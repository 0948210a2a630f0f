import type { Workspace } from '../../../core/workspace/workspace.ts';
import type { Queryable } from '../../../store/queryable.ts';
import type { EventTypeName } from '../documents/enums.ts';
import { eventRulesOf } from '../rules/event-rules.ts';
import { ProductChanges } from './product-changes.ts';

/** What an event that was written anew says of products goes into the registry, where its type updates it. Under the head lock. */
export async function updateProducts(
  tx: Queryable,
  workspace: Workspace,
  type: EventTypeName,
  properties: Readonly<Record<string, unknown>>,
  now: Date,
): Promise<void> {
  if (!eventRulesOf(workspace, type).updatesProducts) return;
  const changes = new ProductChanges(workspace);
  changes.take(type, properties);
  await changes.write(tx, now);
}
