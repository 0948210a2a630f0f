const needsEscape = /["\\]/;

/**
 * PostgreSQL's text form of a one-dimensional array, for `$1::text::uuid[]` and the like. Every element is quoted, so any
 * text is safe; null is NULL.
 */
export function arrayLiteral(values: readonly (string | number | null)[]): string {
  // Joined in one go: a text that grows by each element leaves five pieces of garbage for it.
  if (values.length > 0 && values.every(isPlainText)) return `{"${values.join('","')}"}`;
  return `{${values.map(elementOf).join(',')}}`;
}

function isPlainText(value: string | number | null): boolean {
  return typeof value === 'string' && !needsEscape.test(value);
}

function elementOf(value: string | number | null | undefined): string {
  if (value === null || value === undefined) return 'NULL';
  if (typeof value === 'number') return String(value);
  return `"${value.replace(/["\\]/g, '\\$&')}"`;
}

/**
 * Documents joined for `string_to_array($1, E'\x1e')::json[]`: JSON text never holds a raw control character, so nothing needs
 * escaping, which an array literal of JSON would on every quote. An absent document is the empty text, read as NULL.
 */
export function joinDocuments(documents: readonly (string | null)[]): string {
  return documents.map((document) => document ?? '').join('\x1e');
}
