import type { Static } from 'typebox';
import type { EventType } from '../../core/event-type/event-type.ts';
import type { DatedVersion } from '../../core/event-type/type-version-store.ts';
import { timeOf, timeOrNull } from '../date-times.ts';
import type { EventTypeSchema, VersionsReply } from './schemas.ts';

export function presentEventType(type: EventType): Static<typeof EventTypeSchema> {
  return {
    id: type.publicId,
    dialect: type.dialect,
    name: type.name,
    version: type.version,
    definition: type.definition,
    createdAt: timeOf(type.createdAt),
    updatedAt: timeOf(type.updatedAt),
    archivedAt: timeOrNull(type.archivedAt),
    keyless: type.keyless,
  };
}

export function presentVersion({
  version,
  definition,
  createdAt,
}: DatedVersion): Static<typeof VersionsReply>['versions'][number] {
  return { version, definition, createdAt: timeOf(createdAt) };
}
