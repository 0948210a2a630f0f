import type { Static } from 'typebox';
import type { Workspace } from '../../core/workspace/workspace.ts';
import type { PersonEvent } from '../../query/events/read-events.ts';
import { timeOf, timeOrNull } from '../date-times.ts';
import type { EventSchema } from './schemas.ts';

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
