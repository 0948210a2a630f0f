import type { StoredEvent } from '../../../core/event/event.ts';
import type { SliceResult } from '../../../core/retention/retention-slice.ts';
import { defaultNode } from '../../../core/workspace/workspace.ts';
import { anonymizeEvent } from './anonymize-event.ts';
import {
  type EventPlace,
  forgetSentMetrics,
  readEventsOfTypeBefore,
  readLateEvents,
  readSentMetrics,
  replaceEventDocuments,
} from './due-event-store.ts';
import { type PlannedSlice, personalFieldsOf } from './retention-plan.ts';

const eventsPerSlice = 250;
/** Types that a slice looks at, most of which have nothing new that is due. */
const typesPerSlice = 50;
/** Of the scan of late events, most of which are none. */
const seqsPerSlice = 5000;

/**
 * Brings the progress into line with the plan, before anything is done by it: a type without a policy, or whose personal fields
 * have changed, begins anew; one whose events are kept longer now goes back to what is due. Late events are those that come from
 * here on.
 */
export function settleProgress({
  plan,
  progress,
  lastSeq,
}: Pick<PlannedSlice, 'plan' | 'progress' | 'lastSeq'>): void {
  if (!progress.of('late-events')) progress.move('late-events', 0, { seq: lastSeq });
  for (const typeId of progress.begunTypes) {
    if (!plan.due.types.has(typeId)) progress.move('events', typeId, { fields: '', at: null, id: null });
  }
  for (const [typeId, before] of plan.due.types) {
    const position = progress.of('events', typeId);
    const { fingerprint } = personalFieldsOf(plan, typeId);
    if (position?.fields !== fingerprint)
      progress.move('events', typeId, { fields: fingerprint, at: null, id: null });
    else if (position.at !== null && position.at > before)
      progress.move('events', typeId, { at: before, id: null });
  }
}

/** Anonymizes the next due events of some types, oldest first. Its position is the last type that it is done with. */
export async function anonymizeDueEvents(slice: PlannedSlice): Promise<SliceResult> {
  const { connection, plan, progress } = slice;
  let doneTypeId = Number(slice.position ?? 0);
  const left = [...plan.due.types].filter(([id]) => id > doneTypeId).sort(([a], [b]) => a - b);
  const found: StoredEvent[] = [];
  for (const [typeId, before] of left.slice(0, typesPerSlice)) {
    const after = progress.of('events', typeId) ?? { at: null, id: null };
    const limit = eventsPerSlice - found.length;
    const events = await readEventsOfTypeBefore(connection, plan.workspace.id, typeId, after, before, limit);
    found.push(...events);
    const last = events.at(-1);
    if (last) progress.move('events', typeId, { at: last.occurredAt.getTime(), id: last.id });
    if (events.length === limit) break;
    doneTypeId = typeId;
  }
  const total = await anonymizeEvents(slice, found);
  return { total, done: left.every(([id]) => id <= doneTypeId), position: String(doneTypeId) };
}

/** Anonymizes due events that were stored when the scan of their type had passed the time at which they happened. */
export async function anonymizeLateEvents(slice: PlannedSlice): Promise<SliceResult> {
  const { connection, plan, progress, lastSeq } = slice;
  const passed = new Map<number, EventPlace>();
  for (const typeId of plan.due.types.keys()) {
    const position = progress.of('events', typeId);
    if (position && position.at !== null) passed.set(typeId, position);
  }
  const afterSeq = progress.of('late-events')?.seq ?? lastSeq;
  const untilSeq = Math.min(lastSeq, afterSeq + seqsPerSlice);
  if (untilSeq <= afterSeq) return { total: 0, done: true };
  const late =
    passed.size === 0
      ? []
      : await readLateEvents(connection, plan.workspace.id, afterSeq, untilSeq, passed, eventsPerSlice);
  const seenSeq = late.length === eventsPerSlice ? late.at(-1)!.seq : untilSeq;
  progress.move('late-events', 0, { seq: seenSeq });
  return { total: await anonymizeEvents(slice, late), done: seenSeq === lastSeq };
}

async function anonymizeEvents(slice: PlannedSlice, events: readonly StoredEvent[]): Promise<number> {
  const { connection, plan, change } = slice;
  const metrics = events.flatMap(({ id, typeId }) =>
    [...personalFieldsOf(plan, typeId).metrics].map((key) => ({ eventId: id, key })),
  );
  const measured =
    metrics.length > 0 ? await readSentMetrics(connection, plan.workspace.id, metrics) : new Set<string>();
  const changed = events.flatMap((event) => {
    const documents = anonymizeEvent(event, personalFieldsOf(plan, event.typeId));
    if (documents) return [{ id: event.id, ...documents }];
    const { id, properties, detail } = event;
    return measured.has(id) ? [{ id, properties, detail }] : [];
  });
  if (!change || changed.length === 0) return changed.length;
  await replaceEventDocuments(connection, plan.workspace.id, changed, plan.now);
  if (measured.size > 0) await forgetSentMetrics(connection, plan.workspace.id, metrics);
  const { id: nodeId } = defaultNode(plan.workspace, 'webmarketer');
  for (const { id } of changed)
    change.record({ entity: 'event', entityId: id, operation: 'anonymize', nodeId });
  return changed.length;
}
