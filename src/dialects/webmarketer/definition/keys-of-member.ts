import type { Key } from '../../../core/identity/identity.ts';
import type { Workspace } from '../../../core/workspace/workspace.ts';
import { definitionOf, ingestionKeyOf } from './definition.ts';

/** The keys that a member of an event may be: a tracker's id, or values of the discriminant fields that are read from it. */
export function keysOfMember(name: string, text: string, workspace: Workspace): Key[] {
  if (name === 'trackerId') return [{ kind: 'tracker', value: text }];
  const fields = discriminantsOf(workspace).get(name) ?? [];
  return [...fields].map((field) => ({ kind: 'field', value: `${field}\n${text.normalize('NFC')}` }));
}

const known = new WeakMap<Workspace, ReadonlyMap<string, ReadonlySet<string>>>();

/** The discriminant fields' storage keys, by what they are called in events. */
function discriminantsOf(workspace: Workspace): ReadonlyMap<string, ReadonlySet<string>> {
  const before = known.get(workspace);
  if (before) return before;
  const fields = new Map<string, Set<string>>();
  for (const type of workspace.eventTypes.ofDialect('webmarketer')) {
    for (const field of definitionOf(type)?.fields ?? []) {
      const name = field.discriminant ? ingestionKeyOf(field) : null;
      if (name !== null) fields.getOrInsertComputed(name, () => new Set()).add(field.storageKey);
    }
  }
  known.set(workspace, fields);
  return fields;
}
