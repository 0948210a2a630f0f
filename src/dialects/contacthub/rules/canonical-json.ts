/** JSON with the keys of every object in order. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(inOrder(value));
}

/** A function that `JSON.stringify` asks about each member would take it several times as long. */
function inOrder(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || JSON.isRawJSON(value)) return value;
  if (Array.isArray(value)) return value.map(inOrder);
  // Exact numbers and dates say by themselves how they are written.
  if ('toJSON' in value && typeof value.toJSON === 'function') return value;
  const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  return Object.fromEntries(members.map(([name, member]) => [name, inOrder(member)]));
}
