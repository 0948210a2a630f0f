import type { Key } from '../../../core/identity/identity.ts';

/** The keys that a member of a request may be: a visitor's id, a hash of an address, a value of a custom field. */
export function keysOfMember(name: string, text: string): Key[] {
  const keys: Key[] = [];
  if (/uuid$/i.test(name)) keys.push({ kind: 'visitor', value: text });
  if (/^[0-9a-f]{64}$/i.test(text)) keys.push({ kind: 'emailHash', value: text.toLowerCase() });
  const [, field] = /CustomField(\d+)/i.exec(name) ?? [];
  if (field !== undefined)
    keys.push(
      { kind: 'customField', value: `${field}\n${text}` },
      { kind: 'uniqueValue', value: `${field}\n${text}` },
    );
  return keys;
}
