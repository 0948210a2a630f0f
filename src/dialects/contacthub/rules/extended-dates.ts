import { isRecord } from '../../../core/value/text.ts';
import { formatVendorDate, parseVendorDate } from '../documents/dates.ts';
import type { FlatCustomer } from './customer-attributes.ts';
import type { ExtendedSchema } from './extended-properties.ts';

/** Date-times of extended properties in the one form that replies have, as those of base ones: equal instants are equal, and texts sort by time. */
export function withExtendedDates(flat: FlatCustomer, schema: ExtendedSchema | undefined): FlatCustomer {
  const dated = [...(schema?.dated ?? [])].filter(([path]) => flat.given.has(path));
  if (dated.length === 0) return flat;
  const given = new Map(flat.given);
  for (const [path, definition] of dated) given.set(path, inVendorForm(given.get(path), definition));
  return { ...flat, given };
}

/** Whether there is a date-time in what the definition lets in. */
export function isDated(definition: unknown): boolean {
  if (!isRecord(definition)) return false;
  const { format, items, properties } = definition;
  return (
    format === 'date-time' ||
    isDated(items) ||
    (isRecord(properties) && Object.values(properties).some(isDated))
  );
}

function inVendorForm(value: unknown, definition: unknown): unknown {
  if (!isRecord(definition)) return value;
  const { format, items, properties } = definition;
  if (typeof value === 'string') {
    const date = format === 'date-time' ? parseVendorDate(value) : undefined;
    return date ? formatVendorDate(date) : value;
  }
  if (Array.isArray(value)) return value.map((item) => inVendorForm(item, items));
  if (!isRecord(value) || !isRecord(properties)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [
      name,
      inVendorForm(member, Object.hasOwn(properties, name) ? properties[name] : undefined),
    ]),
  );
}
