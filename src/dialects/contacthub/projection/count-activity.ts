import { eventContexts } from '../../../core/event/event.ts';
import type { FollowedEvent } from '../../../core/event/event-move.ts';
import type { Workspace } from '../../../core/workspace/workspace.ts';
import type {
  Batch,
  BatchProjection,
  InBatchProjection,
  TakenEvent,
} from '../../../projections/projection.ts';
import { localDayIn } from '../../../projections/rollups/buckets.ts';
import type { Queryable } from '../../../store/queryable.ts';
import { findOwnNode } from '../access.ts';
import { type Measure, measures } from '../analytics/measures.ts';
import { addToDays, type DayDelta } from './analytics-day-store.ts';
import { addToVisits, type ViewDelta } from './visit-store.ts';

/** The type whose events make visits, where they are of the web. */
export const viewType = 'viewedPage';

type Counted = Pick<FollowedEvent, 'profileId' | 'nodeId' | 'occurredAt' | 'receivedAt'> &
  Partial<Pick<FollowedEvent, 'updatedAt'>>;

/** A delta that grows. */
type Growing<Delta> = { -readonly [Name in keyof Delta]: Delta[Name] };

/** What events add to the counts of days and to visits. */
export class ActivityDeltas {
  readonly #localDay: (instant: number) => string;
  readonly #days = new Map<string, Growing<DayDelta>>();
  readonly #views = new Map<string, Growing<ViewDelta>>();

  constructor(localDay: (instant: number) => string) {
    this.#localDay = localDay;
  }

  add(event: Counted, isWebView: boolean, sign: 1 | -1): void {
    const { profileId, nodeId, occurredAt, receivedAt, updatedAt = null } = event;
    this.#addDay(measures.eventsAdded, receivedAt, nodeId, sign);
    if (updatedAt !== null) this.#addDay(measures.eventsUpdated, updatedAt, nodeId, sign);
    if (!isWebView) return;
    const day = this.#localDay(occurredAt);
    const key = `${day}/${profileId}`;
    this.#views.getOrInsertComputed(key, () => ({ day, profileId, nodeId, views: 0 })).views += sign;
  }

  #addDay(measure: Measure, instant: number, nodeId: number, sign: 1 | -1): void {
    const day = this.#localDay(instant);
    const key = `${measure}/${day}/${nodeId}`;
    this.#days.getOrInsertComputed(key, () => ({ measure, day, nodeId, total: 0 })).total += sign;
  }

  /** Sends a statement a kind of row, none where nothing is added. */
  send(tx: Queryable, { id }: Pick<Workspace, 'id'>): Promise<unknown>[] {
    const days = [...this.#days.values()].filter(({ total }) => total !== 0);
    const views = [...this.#views.values()].filter((delta) => delta.views !== 0);
    return [
      ...(days.length > 0 ? [addToDays(tx, id, days)] : []),
      ...(views.length > 0 ? [addToVisits(tx, id, views)] : []),
    ];
  }
}

/** What the events of a batch add. */
export const activityInBatch: InBatchProjection = {
  name: 'activity',
  isApart: true,
  begin({ workspace, localDay }: Batch): BatchProjection {
    const deltas = new ActivityDeltas(localDay);
    return {
      took(event: TakenEvent) {
        if (!findOwnNode(workspace, event.nodeId)) return;
        deltas.add(event, event.type === viewType && event.context === 'WEB', 1);
      },
      write: (tx) => deltas.send(tx, workspace),
      settle: async () => {},
      remember: () => {},
    };
  },
};

/** What changes and deletions of events move. */
export async function followActivity(
  tx: Queryable,
  workspace: Workspace,
  moves: readonly { readonly before: FollowedEvent | null; readonly after: FollowedEvent | null }[],
): Promise<void> {
  const deltas = new ActivityDeltas(localDayIn(workspace.timezone));
  const viewTypeId = workspace.eventTypes.byName('contacthub', viewType)?.id;
  for (const { before, after } of moves) {
    for (const [event, sign] of [[before, -1] as const, [after, 1] as const]) {
      if (!event || !findOwnNode(workspace, event.nodeId)) continue;
      const isWebView = event.typeId === viewTypeId && event.context === eventContexts.WEB;
      deltas.add(event, isWebView, sign);
    }
  }
  await Promise.all(deltas.send(tx, workspace));
}
