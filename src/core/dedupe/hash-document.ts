import { isRecord } from '../value/text.ts';
import { hashKey } from './dedupe.ts';

/** A hash of what a JSON document says: neither the order of its keys nor white space matters. */
export function hashDocument(document: unknown): string {
  return hashKey(JSON.stringify(document, sortKeys));
}

function sortKeys(_key: string, value: unknown): unknown {
  if (!isRecord(value) || JSON.isRawJSON(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
