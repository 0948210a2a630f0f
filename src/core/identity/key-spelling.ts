import { definitionOf } from '../../dialects/webmarketer/definition/definition.ts';
import { emailKey, normalizePhone } from '../value/normal-form.ts';
import type { Workspace } from '../workspace/workspace.ts';
import { type Key, maximumKeyLength } from './identity.ts';

/**
 * The key as it is spelt now: numbers in the one spelling of their subscriber, domains of addresses in ASCII (core/value/normal-form.ts).
 * Keys of before have others; what is spelt so already comes out the same.
 */
export function respellKey(key: Key, fieldTypes: ReadonlyMap<string, 'email' | 'phone'>): Key {
  if (key.kind === 'phone' || key.kind === 'email') return { ...key, value: respell(key.kind, key.value) };
  if (key.kind !== 'field') return key;
  const end = key.value.indexOf('\n');
  const type = fieldTypes.get(key.value.slice(0, end));
  if (type === undefined) return key;
  const value = `${key.value.slice(0, end + 1)}${respell(type, key.value.slice(end + 1))}`;
  return value.length > maximumKeyLength ? key : { ...key, value };
}

function respell(type: 'email' | 'phone', value: string): string {
  return (type === 'email' ? emailKey(value) : normalizePhone(value, [])) ?? value;
}

/** The discriminant fields that hold addresses and numbers, by their storage keys. */
export function contactFieldsOf({ eventTypes }: Workspace): Map<string, 'email' | 'phone'> {
  const types = new Map<string, 'email' | 'phone'>();
  for (const eventType of eventTypes.all()) {
    for (const { entity, type, storageKey } of definitionOf(eventType)?.fields ?? [])
      if (entity === 'user' && (type === 'email' || type === 'phone')) types.set(storageKey, type);
  }
  return types;
}
