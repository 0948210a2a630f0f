import type { TouchpointFacts } from '../core/campaign/touchpoint.ts';
import { deleteTouchpointsOfEvents } from '../core/campaign/touchpoint-store.ts';
import { type EventContext, eventContextNumber, type StoredEvent } from '../core/event/event.ts';
import { deleteMetrics } from '../core/event/event-deletion-store.ts';
import type { EventChange, FollowedEvent } from '../core/event/event-move.ts';
import { type EventContent, updateEvent } from '../core/event/event-store.ts';
import { readExchangeRates } from '../core/exchange-rate/exchange-rate-store.ts';
import { newId } from '../core/id.ts';
import { convertMetric } from '../core/metric/convert-metric.ts';
import type { MetricValue } from '../core/metric/metric.ts';
import type { Workspace } from '../core/workspace/workspace.ts';
import { Catalogue } from '../projections/catalogue/catalogue.ts';
import { localDayIn } from '../projections/rollups/buckets.ts';
import { type BatchRows, emptyRows } from './rows.ts';
import { writeRows } from './writer.ts';

/** An event as it was read under the lock, and what becomes of it. */
export interface EventEdit {
  readonly workspace: Workspace;
  readonly event: StoredEvent;
  /** Of its profile. */
  readonly nodeId: number;
  readonly content: EventContent;
  /** What its values are by that content, in place of those that it had. */
  readonly metrics: readonly MetricValue[];
  /** The contact with the brand that it tells of by that content, in place of the one that it told of. */
  readonly touchpoint: TouchpointFacts | undefined;
}

/**
 * Writes an event anew, with its metrics and its touchpoint. The rollups, and what else follows from it, move by the difference, and the catalogue takes in
 * what it carries now.
 */
export async function editEvent(change: EventChange, edit: EventEdit): Promise<void> {
  const { tx, head, workspaceId, now, record } = change;
  const { workspace, event, nodeId, content } = edit;
  const { id, typeId, sourceId } = event;
  await updateEvent(tx, workspaceId, id, content, now);
  const rows = emptyRows(head, localDayIn(workspace.timezone));
  const before = followed(edit, {
    occurredAt: event.occurredAt.getTime(),
    context: event.context,
    updatedAt: event.updatedAt?.getTime() ?? null,
  });
  const after = followed(edit, { ...content, updatedAt: now.getTime() });
  for (const [{ occurredAt, context }, sign] of [[before, -1] as const, [after, 1] as const])
    rows.rollups.addEvent(occurredAt, typeId, { nodeId, context, sourceId }, sign);
  await replaceMetrics(change, edit, rows, { before, after });
  await replaceTouchpoint(change, edit, rows);
  const isKeyless = event.detail?.keyless === true;
  rows.catalogue.push(...new Catalogue(0).newEntries(typeId, sourceId ?? 0, content.properties, isKeyless));
  await writeRows(change, rows);
  await change.followEvents(tx, workspace, [{ before, after }]);
  record({ entity: 'event', entityId: id, operation: 'update', nodeId });
}

function followed(
  { event, nodeId }: EventEdit,
  state: { occurredAt: number; context: EventContext | null; updatedAt: number | null },
): FollowedEvent {
  return {
    id: event.id,
    typeId: event.typeId,
    profileId: event.profileId,
    nodeId,
    context: eventContextNumber(state.context),
    occurredAt: state.occurredAt,
    receivedAt: event.receivedAt.getTime(),
    updatedAt: state.updatedAt,
  };
}

async function replaceTouchpoint(
  { tx, workspaceId, now }: EventChange,
  { workspace, event, touchpoint }: EventEdit,
  { touchpoints }: BatchRows,
): Promise<void> {
  const { id: eventId, profileId, typeId, receivedAt } = event;
  await deleteTouchpointsOfEvents(tx, workspaceId, [eventId]);
  const dialect = workspace.eventTypes.byId(typeId)?.dialect;
  if (!touchpoint || !dialect) return;
  const told = { profileId, dialect, receivedAt: receivedAt.getTime(), eventId };
  touchpoints.push({ ...touchpoint, ...told, id: newId(now.getTime()) });
}

async function replaceMetrics(
  { tx, workspaceId, now }: EventChange,
  { workspace, event: { id: eventId, typeId, receivedAt }, metrics }: EventEdit,
  { rollups, metrics: metricRows, tally }: BatchRows,
  { before, after }: { readonly before: FollowedEvent; readonly after: FollowedEvent },
): Promise<void> {
  for (const { occurredAt, key, value } of await deleteMetrics(tx, workspaceId, [eventId]))
    rollups.addMetric(occurredAt, typeId, key, value, -1, before);
  const { currency } = workspace;
  const localDay = localDayIn(workspace.timezone);
  const conversions = metrics.flatMap((metric) =>
    metric.currency === null || metric.currency === currency
      ? []
      : [{ from: metric.currency, to: currency, day: localDay(metric.occurredAt) }],
  );
  const money = { currency, rates: await readExchangeRates(tx, conversions), localDay };
  for (const sent of metrics) {
    const metric = convertMetric(sent, money);
    metricRows.push({ ...metric, eventId, typeId, receivedAt: now.getTime() });
    if (metric.counted) rollups.addMetric(metric.occurredAt, typeId, metric.key, metric.value, 1, after);
    else {
      const dialect = workspace.eventTypes.byId(typeId)?.dialect;
      if (dialect) tally.add(dialect, receivedAt.getTime(), 'attribute-dropped', 'no-exchange-rate');
    }
  }
}
