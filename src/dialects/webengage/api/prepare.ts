import { isStorableText } from '../../../core/event/storable.ts';
import type { Key } from '../../../core/identity/identity.ts';
import { emailKey, normalizePhone } from '../../../core/value/normal-form.ts';
import type { Workspace } from '../../../core/workspace/workspace.ts';
import type { KeyedSubject, Prepared } from '../../../ingest/item.ts';
import { cutLongText, isTooLong, maximumNameLength, type UserIds } from './parse.ts';

export const reservedPrefix = 'we_';

/** Lone surrogates are all written as U+FFFD: ids that differ only in them would become one. */
export function unstorableId({ kind }: UserIds, type: string | null, occurredAt: number): Prepared {
  const path = kind === 'user' ? '/userId' : '/anonymousId';
  return {
    kind: 'violation',
    type: type !== null && isStorableText(type) ? type : null,
    occurredAt,
    violation: { rule: 'text-not-storable', path, detail: {} },
  };
}

/** Both ids in one call never merge: with a userId, the anonymousId is not even looked at (ruling 4, C11). */
export function userSubject(user: UserIds, contacts: readonly Key[]): KeyedSubject {
  return {
    keys: [{ kind: user.kind, value: user.id }],
    contacts,
    anonymous: user.kind === 'anonymous',
    expects: 'any',
  };
}

/** E-mail and phone by which the user is the same person as somebody elsewhere. A userId that is an e-mail address counts as one. */
export function contactsOf(values: Record<string, unknown>, user: UserIds, workspace: Workspace): Key[] {
  const contacts: Key[] = [];
  const emailText = typeof values.email === 'string' ? values.email : user.kind === 'user' ? user.id : '';
  const email = emailText.includes('@') ? emailKey(emailText) : undefined;
  if (email) contacts.push({ kind: 'email', value: email });
  const phone =
    typeof values.phone === 'string'
      ? normalizePhone(values.phone, workspace.settings.phoneCountries)
      : undefined;
  if (phone) contacts.push({ kind: 'phone', value: phone });
  return contacts;
}

/** Drops names that are too long or reserved, and cuts strings (B4 to B6, ruling 1); says how many of each. */
export function keepAttributes(attributes: Record<string, unknown>): {
  kept: Record<string, unknown>;
  dropped: Record<string, number>;
} {
  const names = Object.keys(attributes);
  if (names.every((name) => isKept(name, attributes[name]))) return { kept: attributes, dropped: {} };
  const kept: Record<string, unknown> = Object.create(null);
  const dropped: Record<string, number> = {};
  const count = (reason: string) => {
    dropped[reason] = (dropped[reason] ?? 0) + 1;
  };
  for (const name of names) {
    const value = attributes[name];
    if (name.length > maximumNameLength) count('name-too-long');
    else if (name.startsWith(reservedPrefix)) count('reserved-name');
    else if (typeof value === 'string' && isTooLong(value)) {
      count('string-cut');
      kept[name] = cutLongText(value);
    } else kept[name] = value;
  }
  return { kept, dropped };
}

/** Whether an attribute is kept just as it is, as nearly all are. */
function isKept(name: string, value: unknown): boolean {
  const isCut = typeof value === 'string' && isTooLong(value);
  return !isCut && name.length <= maximumNameLength && !name.startsWith(reservedPrefix);
}
