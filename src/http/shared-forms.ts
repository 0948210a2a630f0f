/** What a form is called that is compiled once, wherever it stands within another: all of one name are alike. An extension of OpenAPI's. */
export const sharedName = 'x-shared';

/**
 * The same form, with each that has a `sharedName` written once, under `$defs`, and referred to. A compiler makes code of each place where a
 * form is written out, and forms that hold themselves, some levels deep, are written out very often.
 */
export function shareForms(form: object): object {
  return known.getOrInsertComputed(form, writeOnce);
}

const known = new WeakMap<object, object>();

function writeOnce(form: object): object {
  const shared = new Map<string, unknown>();
  const write = (value: unknown): unknown => {
    if (typeof value !== 'object' || value === null) return value;
    if (Array.isArray(value)) return value.map(write);
    const { [sharedName]: name, ...members } = value as Readonly<Record<string, unknown>>;
    if (typeof name !== 'string') return writeMembers(members);
    if (!shared.has(name)) {
      shared.set(name, null);
      shared.set(name, writeMembers(members));
    }
    return { $ref: `#/$defs/${name}` };
  };
  const writeMembers = (members: object): object =>
    Object.fromEntries(Object.entries(members).map(([name, member]) => [name, write(member)]));
  const written = writeMembers(form);
  return shared.size === 0 ? form : { ...written, $defs: Object.fromEntries(shared) };
}
