import { formatVendorDate } from '../documents/dates.ts';
import type { ShownRecord } from '../query/record.ts';
import { matchingKey } from '../rules/customer-keys.ts';
import { customerDefaults } from '../rules/customer-shape.ts';
import type { Aggregate } from './aggregate.ts';
import { aggregateId } from './customer-id.ts';
import { fits } from './fits.ts';

/** A customer of an entry node, as it is shown. */
export interface EntryCustomer {
  readonly record: ShownRecord;
  readonly values: Readonly<Record<string, unknown>>;
}

/**
 * What an entry customer has alike with those who are one customer of the aggregate with it; null where it is of none. Who lacks one of the
 * properties by which it matches is a customer by himself (inferred): the page leaves customers out by filters alone.
 */
export function alikeIn(aggregate: Aggregate, { record, values }: EntryCustomer): string | null {
  const { entryNodeIds, policy, exclusions, settings } = aggregate;
  if (!entryNodeIds.has(record.nodeId)) return null;
  if (exclusions.length > 0) {
    const asked = askedValues(record, values);
    if (exclusions.some((condition) => fits(condition, asked))) return null;
  }
  const key = policy && matchingKey(values, policy);
  return aggregateId(settings.idSecret, key?.value ?? record.id);
}

/** What can be asked for of a customer, as searches take it. */
function askedValues(
  record: ShownRecord,
  values: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  return {
    ...customerDefaults,
    ...values,
    id: record.id,
    intId: record.createdSeq,
    version: record.version,
    registeredAt: formatVendorDate(record.createdAt),
    updatedAt: formatVendorDate(record.updatedAt),
    deleted: 0,
  };
}
