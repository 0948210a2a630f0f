import type { Workspace } from '../../../../core/workspace/workspace.ts';
import { EVENT_TYPE_NAMES, type EventTypeName } from '../../documents/enums.ts';
import { type EventTypeDefinition, eventTypes } from '../../documents/event-types.ts';
import type { JsonSchema } from '../../documents/json-schema.ts';
import { resolveReferences, withAbsoluteReferences } from '../../documents/references.ts';
import { eventRulesOf, propertiesSchemaOf } from '../../rules/event-rules.ts';
import type { EventSettings } from '../../settings/event-settings.ts';
import { readHubSettings } from '../../settings.ts';

/** How the references in a schema are shown: resolved, or by the address that the API was called by. */
export interface References {
  readonly isResolved: boolean;
  readonly baseUrl: string;
}

export function presentPropertiesSchema(
  workspace: Workspace,
  type: EventTypeName,
  { isResolved, baseUrl }: References,
): JsonSchema {
  const schema = propertiesSchemaOf(workspace, type);
  return isResolved ? resolveReferences(schema) : withAbsoluteReferences(schema, baseUrl);
}

/** A type as its configuration shows it. */
export function presentEventConfiguration(workspace: Workspace, type: EventTypeName, references: References) {
  const { mode, label, description } = definitionOf(type);
  return {
    id: type,
    type,
    mode,
    label,
    description,
    propertiesSchema: presentPropertiesSchema(workspace, type, references),
    enabled: eventRulesOf(workspace, type).isEnabled,
  };
}

/** Ruling 10. */
export function presentEventType(workspace: Workspace, type: EventTypeName) {
  return { id: type, mode: definitionOf(type).mode, enabled: eventRulesOf(workspace, type).isEnabled };
}

function definitionOf(type: EventTypeName): EventTypeDefinition {
  const definition = eventTypes.get(type);
  if (!definition) throw new Error(`there is no event type ${type}`);
  return definition;
}

/** Every type is there, with an empty list where nothing is asked. */
export function presentConsentPolicy(workspace: Workspace) {
  const events = eventSettingsOf(workspace);
  return Object.fromEntries(EVENT_TYPE_NAMES.map((type) => [type, events[type]?.consents ?? []]));
}

/** Every type is there, with the usual size where no other is set. */
export function presentPayloadSizes(workspace: Workspace) {
  return Object.fromEntries(
    EVENT_TYPE_NAMES.map((type) => [type, { maxBytes: eventRulesOf(workspace, type).maximumBytes }]),
  );
}

export function eventSettingsOf({ settings }: Workspace): EventSettings {
  return readHubSettings(settings.dialects.contacthub).events ?? {};
}
