import { parseVendorDate } from '../documents/dates.ts';
import { canonicalJson } from '../rules/canonical-json.ts';

/** Whether a write repeats what an immutable key has: clients send back what they were shown, instants and ids in another form too. */
export function repeats(given: unknown, current: unknown): boolean {
  return comparable(given) === comparable(current);
}

function comparable(value: unknown): string {
  if (typeof value !== 'string') return canonicalJson(value);
  return parseVendorDate(value)?.toISOString() ?? value.toLowerCase();
}
