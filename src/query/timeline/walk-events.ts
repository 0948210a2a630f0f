import type { WorkspaceId } from '../../core/workspace/workspace.ts';
import type { Queryable } from '../../store/queryable.ts';
import type { PersonEvent } from '../events/read-events.ts';
import { readTimeline } from './read-timeline.ts';

const eventsPerPage = 500;

/**
 * All that happened to profiles up to a seq, in pages: one profile after the other, of each the newest first. It holds a page at a time,
 * and no snapshot: what is edited meanwhile is told as it is when its page is read, what is deleted is not told.
 */
export async function* walkEvents(
  connection: Queryable,
  workspaceId: WorkspaceId,
  profileIds: readonly string[],
  lastSeq: number,
): AsyncGenerator<readonly PersonEvent[]> {
  for (const profileId of profileIds) {
    let after: string | undefined;
    do {
      const page = await readTimeline(connection, workspaceId, [profileId], { after, limit: eventsPerPage });
      const events = page.events.filter(({ seq }) => seq <= lastSeq);
      if (events.length > 0) yield events;
      after = page.next ?? undefined;
    } while (after !== undefined);
  }
}
