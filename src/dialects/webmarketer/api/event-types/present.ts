import type { EventType } from '../../../../core/event-type/event-type.ts';
import { toObjectId } from '../../../../core/id.ts';
import type { Workspace } from '../../../../core/workspace/workspace.ts';
import { definitionOf, type EventTypeDefinition, type FieldDefinition } from '../../definition/definition.ts';

/** Ruling 4: every key, always. */
export function presentEventType(projectId: string, workspace: Workspace, type: EventType) {
  const definition = definitionOf(type)!;
  return {
    _id: toObjectId(type.publicId),
    createdAt: type.createdAt,
    updatedAt: type.updatedAt,
    archivedAt: type.archivedAt,
    projectId,
    reference: type.name,
    name: definition.name,
    fields: definition.fields.map(presentField),
    metadata: definition.metadata,
    phoneParsingConfig: phoneParsingConfigOf(definition, workspace),
    expirationPolicy: definition.expirationPolicy,
    attributable: definition.attributable,
  };
}

function presentField(field: FieldDefinition) {
  const { type, entity, storageKey, ingestionKey, discriminant, isPii, isMostProbableLocation, optional } =
    field;
  return { type, entity, storageKey, ingestionKey, discriminant, isPii, isMostProbableLocation, optional };
}

function phoneParsingConfigOf(definition: EventTypeDefinition, workspace: Workspace) {
  return (
    definition.phoneParsingConfig ??
    workspace.settings.phoneCountries.map((countryCode, index) => ({ order: index + 1, countryCode }))
  );
}
