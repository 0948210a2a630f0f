/**
 * Under which paths somebody's name is kept, the first before the last: of each dialect that has fields for it, and of fields that a
 * client defines, by what they are mostly called. People are found by these (name-words.ts): another path asks for a rebuild.
 */
const nameGroups = [
  ['firstName', 'lastName'],
  ['base.firstName', 'base.lastName'],
  ['name'],
  ['fields.name'],
  ['fields.full_name'],
  ['fields.first_name', 'fields.last_name'],
  ['fields.firstName', 'fields.lastName'],
  ['fields.firstname', 'fields.lastname'],
] as const;

export const namePaths: readonly string[] = nameGroups.flat();

/** How somebody is called by a profile's values; null where they have no name. */
export function nameOf(values: Readonly<Record<string, unknown>>): string | null {
  for (const group of nameGroups) {
    const name = group
      .map((path) => values[path])
      .filter((part) => typeof part === 'string')
      .join(' ')
      .trim();
    if (name !== '') return name;
  }
  return null;
}
