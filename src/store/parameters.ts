const needsEscape = /["\\]/;

/**
 * PostgreSQL's text form of a one-dimensional array, for `$1::text::uuid[]` and the like. Every element is quoted, so any
 * text is safe; null is NULL.
 */
export function arrayLiteral(values: readonly (string | number | null)[]): string {
  let literal = '{';
  for (let index = 0; index < values.length; index++) {
    const value = values[index];
    if (index > 0) literal += ',';
    if (value === null || value === undefined) literal += 'NULL';
    else if (typeof value === 'number') literal += value;
    else literal += needsEscape.test(value) ? `"${value.replace(/["\\]/g, '\\$&')}"` : `"${value}"`;
  }
  return `${literal}}`;
}

/**
 * Documents joined for `string_to_array($1, E'\x1e')::json[]`: JSON text never holds a raw control character, so nothing needs
 * escaping, which an array literal of JSON would on every quote. An absent document is the empty text, read as NULL.
 */
export function joinDocuments(documents: readonly (string | null)[]): string {
  return documents.map((document) => document ?? '').join('\x1e');
}
