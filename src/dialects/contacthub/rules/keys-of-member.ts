import type { Key } from '../../../core/identity/identity.ts';

/** The keys that a member of a request may be: a session's, or a customer's own id, which events bring back as `value`. */
export function keysOfMember(name: string, text: string): Key[] {
  const keys: Key[] = [];
  if (name === 'sessionId' || name === 'value') keys.push({ kind: 'session', value: text });
  if (name === 'externalId' || name === 'value')
    keys.push({ kind: 'external', value: text }, { kind: 'externalReference', value: text });
  return keys;
}
