import { type Key, maximumKeyLength } from '../../../core/identity/identity.ts';
import { emailKey } from '../../../core/value/normal-form.ts';
import { isNumber } from '../../../json/exact-number.ts';
import { toE164 } from '../field-type/field-type.ts';
import type { FieldValue } from '../field-type/value.ts';
import type { EventTypeDefinition } from './definition.ts';

/** What the checked user fields of an event say of who the user is. */
export interface FieldIdentity {
  /** Of the discriminant fields, in the order of the definition: users that share one are the same (docs/spec/webmarketer.md B7). */
  readonly discriminants: readonly Key[];
  /** E-mail addresses and phone numbers, discriminant or not: by these other nodes' profiles are the same person. */
  readonly contacts: readonly Key[];
}

/** The keys in the checked values of an event's user fields. Invalid and empty values identify nobody. */
export function identifyUser(
  definition: Pick<EventTypeDefinition, 'fields'>,
  user: Readonly<Record<string, FieldValue>>,
  phoneCountries: readonly string[],
): FieldIdentity {
  const discriminants: Key[] = [];
  const contacts: Key[] = [];
  for (const field of definition.fields) {
    const value = field.entity === 'user' ? user[field.storageKey] : undefined;
    if (!value || value.invalid) continue;
    const normal = normalForm(value, phoneCountries);
    if (normal === undefined) continue;
    if (value.type === 'email' || value.type === 'phone') contacts.push({ kind: value.type, value: normal });
    const key = `${field.storageKey}\n${normal}`;
    if (field.discriminant && key.length <= maximumKeyLength)
      discriminants.push({ kind: 'field', value: key });
  }
  return { discriminants, contacts };
}

function normalForm(value: FieldValue, phoneCountries: readonly string[]): string | undefined {
  if (value.type === 'phone') return toE164(value.raw, phoneCountries);
  if (value.type === 'email') return emailKey(String(value.current));
  const text = value.current;
  if (isNumber(text)) return String(text);
  return typeof text === 'string' ? text.trim().normalize('NFC') || undefined : undefined;
}
