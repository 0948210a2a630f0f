import type { Static } from 'typebox';
import type { Workspace } from '../../core/workspace/workspace.ts';
import { localDayIn, quarterHourOf } from '../../projections/rollups/buckets.ts';
import type { EventMetric } from '../../query/events/read-event.ts';
import type { PersonEvent } from '../../query/events/read-events.ts';
import { timeOf, timeOrNull } from '../date-times.ts';
import type { EventReply, EventSchema } from './schemas.ts';

const hourMilliseconds = 60 * 60 * 1000;

export function presentEvent(workspace: Workspace, event: PersonEvent): Static<typeof EventSchema> {
  const source = event.sourceId === null ? undefined : workspace.sources.get(event.sourceId);
  return {
    seq: event.seq,
    id: event.id,
    type: event.type,
    typeVersion: event.typeVersion,
    dialect: event.dialect,
    profileId: event.profileId,
    personId: event.personId,
    sourceId: source?.publicId ?? null,
    context: event.context,
    occurredAt: timeOf(event.occurredAt),
    receivedAt: timeOf(event.receivedAt),
    updatedAt: timeOrNull(event.updatedAt),
    version: event.version,
    properties: event.properties,
    dropped: Array.isArray(event.detail?.dropped) ? event.detail.dropped.map(String) : [],
  };
}

/** What is known of an event besides. */
interface AroundEvent {
  readonly metrics: readonly EventMetric[];
  readonly neighbours: { readonly before: readonly PersonEvent[]; readonly after: readonly PersonEvent[] };
  /** Its text, where it was in quarantine before. */
  readonly sent: Uint8Array | undefined;
}

export function presentWholeEvent(
  workspace: Workspace,
  event: PersonEvent,
  { metrics, neighbours: { before, after }, sent }: AroundEvent,
): Static<typeof EventReply> {
  const occurredAt = event.occurredAt.getTime();
  const receivedAt = event.receivedAt.getTime();
  const present = (neighbour: PersonEvent) => presentEvent(workspace, neighbour);
  return {
    event: present(event),
    detail: event.detail,
    metrics: metrics.map(({ key, kind, value, currency, occurredAt: at, counted }) => ({
      key,
      kind,
      value,
      currency,
      at: timeOf(at),
      counted,
    })),
    countedIn: {
      hourOfReceipt: timeOf(new Date(receivedAt - (receivedAt % hourMilliseconds))),
      quarterHour: timeOf(new Date(quarterHourOf(occurredAt))),
      day: localDayIn(workspace.timezone)(occurredAt),
    },
    neighbours: { before: before.map(present), after: after.map(present) },
    raw: sent ? Buffer.from(sent).toString() : null,
  };
}
