import type { Person } from './queries.ts';

/** The kinds of keys by which people know each other, best first. */
const telling = ['email', 'phone', 'user', 'external', 'whatsappUser'];

/** By which a person is known; one of whom nothing is known by the end of the id. */
export function titleOf({ id, profiles }: Person): string {
  const keys = profiles.flatMap((profile) => profile.keys);
  for (const kind of telling) {
    const key = keys.find((one) => one.kind === kind);
    if (key) return key.value;
  }
  return `Anonymous ${id.slice(-8)}`;
}
