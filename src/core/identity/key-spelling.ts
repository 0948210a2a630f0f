import { emailKey, normalizePhone } from '../value/normal-form.ts';
import { type Key, maximumKeyLength } from './identity.ts';

/** The fields by which users are found that hold addresses and numbers, by their storage keys. */
export type ContactFields = ReadonlyMap<string, 'email' | 'phone'>;

/**
 * The key as it is spelt now: numbers in the one spelling of their subscriber, domains of addresses in ASCII (core/value/normal-form.ts).
 * Keys of before have others; what is spelt so already comes out the same.
 */
export function respellKey(key: Key, fieldTypes: ContactFields): Key {
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
