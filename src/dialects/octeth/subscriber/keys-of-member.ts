import type { Key } from '../../../core/identity/identity.ts';
import type { Workspace } from '../../../core/workspace/workspace.ts';
import type { CustomField } from '../custom-field/custom-field.ts';
import { customFields } from '../custom-field/custom-field-store.ts';
import { keysOfValue } from '../custom-field/field-value.ts';

/** The keys that a member of a request may be: a visitor's id, a hash of an address, a value of a custom field, which an ID is, too. */
export function keysOfMember(name: string, text: string, workspace: Workspace): Key[] {
  const keys: Key[] = [];
  const lowerName = name.toLowerCase();
  if (lowerName.endsWith('uuid')) keys.push({ kind: 'visitor', value: text.toLowerCase() });
  if (/^[0-9a-f]{64}$/i.test(text)) keys.push({ kind: 'emailHash', value: text.toLowerCase() });
  for (const field of fieldsByName(workspace).get(lowerName) ?? []) keys.push(...keysOfValue(field, text));
  return keys;
}

const known = new WeakMap<Workspace, ReadonlyMap<string, readonly CustomField[]>>();

/** The custom fields that subscribers have keys by, under what requests call them, in lower case. */
function fieldsByName(workspace: Workspace): ReadonlyMap<string, readonly CustomField[]> {
  const before = known.get(workspace);
  if (before) return before;
  const fields = new Map<string, CustomField[]>();
  for (const field of workspace.parts.get(customFields)) {
    if (!field.identifies && !field.isUnique) continue;
    const names = [String(field.id), `customfield${field.id}`, field.alias?.toLowerCase()];
    if (field.identifies) names.push('id');
    for (const name of new Set(names))
      if (name !== undefined) fields.getOrInsertComputed(name, () => []).push(field);
  }
  known.set(workspace, fields);
  return fields;
}
