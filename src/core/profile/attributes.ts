/** A profile's values by flat path (`base.contacts.email`), each with the seq of the write that set it. */
export type Attributes = Record<string, [value: unknown, seq: number]>;

/** The values a write sets. `null` is a value (cleared); what is absent stays as it is. */
export type AttributeChanges = Record<string, unknown>;

/**
 * What a merged record shows: for each path the value written last. A merge copies nothing, so undoing one has nothing to
 * put back.
 */
export function mergeAttributes(profiles: readonly Attributes[]): Attributes {
  const merged: Attributes = Object.create(null);
  for (const attributes of profiles) {
    for (const path in attributes) {
      const entry = attributes[path]!;
      const known = merged[path];
      if (!known || entry[1] > known[1]) merged[path] = entry;
    }
  }
  return merged;
}

/** The values alone. */
export function attributeValues(attributes: Attributes): Record<string, unknown> {
  const values: Record<string, unknown> = Object.create(null);
  for (const path in attributes) values[path] = attributes[path]![0];
  return values;
}

export interface WrittenAttributes {
  readonly attributes: Attributes;
  /** False when every value is as it was. */
  readonly changed: boolean;
}

/**
 * The attributes after a write at `seq`, or undefined when it writes nothing. A value that is written again as it was is written
 * all the same: of a merged record, it is now the one written last.
 */
export function writeAttributes(
  current: Attributes,
  changes: AttributeChanges,
  seq: number,
): WrittenAttributes | undefined {
  const paths = Object.keys(changes).filter((path) => changes[path] !== undefined);
  if (paths.length === 0) return undefined;
  const attributes: Attributes = Object.assign(Object.create(null), current);
  let changed = false;
  for (const path of paths) {
    changed ||= !sameValue(current[path]?.[0], changes[path]);
    attributes[path] = [changes[path], seq];
  }
  return { attributes, changed };
}

/** Of a write that only fills in: the changes to paths that have no value, and how many others would have changed one. */
export function fillingChanges(
  current: Attributes,
  wanted: AttributeChanges,
): { readonly changes: AttributeChanges; readonly kept: number } {
  const changes: AttributeChanges = {};
  let kept = 0;
  for (const path of Object.keys(wanted)) {
    const value = current[path]?.[0];
    if (isBlank(value)) changes[path] = wanted[path];
    else if (!sameValue(value, wanted[path])) kept++;
  }
  return { changes, kept };
}

function isBlank(value: unknown): boolean {
  if (Array.isArray(value)) return value.every(isBlank);
  return value === undefined || value === null || (typeof value === 'string' && value.trim() === '');
}

function sameValue(a: unknown, b: unknown): boolean {
  return (
    a === b || (typeof a === 'object' && typeof b === 'object' && JSON.stringify(a) === JSON.stringify(b))
  );
}
