import type { ContactFields } from '../../../core/identity/key-spelling.ts';
import type { Workspace } from '../../../core/workspace/workspace.ts';
import { definitionOf } from './definition.ts';

/** The discriminant fields that hold addresses and numbers, by their storage keys. */
export function contactFieldsOf({ eventTypes }: Workspace): ContactFields {
  const types = new Map<string, 'email' | 'phone'>();
  for (const eventType of eventTypes.all()) {
    for (const { entity, type, storageKey } of definitionOf(eventType)?.fields ?? [])
      if (entity === 'user' && (type === 'email' || type === 'phone')) types.set(storageKey, type);
  }
  return types;
}
