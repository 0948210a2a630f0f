import { isUuid } from '../../../../core/id.ts';
import type { Workspace } from '../../../../core/workspace/workspace.ts';
import type { RequestError } from '../../../../errors.ts';
import type { Queryable } from '../../../../store/queryable.ts';
import { notFound } from '../../errors.ts';
import { readShownEvent } from '../../query/search-events.ts';
import type { ShownEvent } from '../../query/shown-event.ts';
import { requireSeen } from '../../rights/seen-workspace.ts';

/**
 * The event's id in the path, before the body is looked at: nothing has one that is no UUID.
 * @throws RequestError `not-found`
 */
export function requireEventId(id: string): string {
  if (!isUuid(id)) throw eventNotFound(id);
  return id;
}

/** The event of a node that the token may use. @throws RequestError `not-found`, `forbidden` */
export async function requireEvent(
  { database: connection }: { readonly database: Queryable },
  workspace: Workspace,
  id: string,
): Promise<ShownEvent> {
  const shown = await readShownEvent(connection, workspace.id, 'contacthub', id);
  if (!shown) throw eventNotFound(id);
  requireSeen(workspace, shown.nodeId);
  return shown;
}

export function eventNotFound(id: string): RequestError {
  return notFound('event', id);
}
