import { cutText } from '../cut-text.ts';
import { isStorableText } from '../event/storable.ts';

const reason = 'no-such-field';
const maximumNames = 20;
const maximumNameLength = 64;
/** A client that makes up names must not fill the accounting with them. */
const maximumCountedNames = 100;

/** The names of a body's members that are none of the fields: the first of them, each shown to at most 64 characters. */
export function unknownMembers(
  body: Readonly<Record<string, unknown>>,
  fields: ReadonlySet<string>,
): readonly string[] {
  const unknown: string[] = [];
  for (const name in body) {
    if (fields.has(name) || !Object.hasOwn(body, name)) continue;
    if (unknown.length === maximumNames) break;
    unknown.push(isStorableText(name) ? cutText(name, maximumNameLength) : '(not storable)');
  }
  return unknown.length === 0 ? none : unknown;
}

const none: readonly string[] = [];

/** The reason that a member is counted by: its name, as long as `counted` (what was counted by name before) has room for it. */
export function reasonOfMember(name: string, counted: Set<string>): string {
  if (!counted.has(name) && counted.size >= maximumCountedNames) return reason;
  counted.add(name);
  return `${reason}: ${name}`;
}
