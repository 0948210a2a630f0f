import { formatVendorDate } from '../../documents/dates.ts';
import type { ShownEvent } from '../../query/search-events.ts';

/** An event in full (docs/spec/contacthub.md C). DUPLICATE: it came to its customer from another profile (ruling 5). */
export function presentEvent({ event, type, recordId, reattributed }: ShownEvent): Record<string, unknown> {
  const detail = event.detail ?? {};
  return {
    id: event.id,
    customerId: recordId,
    bringBackProperties: detail.bringBackProperties ?? null,
    type,
    context: event.context,
    contextInfo: detail.contextInfo ?? {},
    properties: event.properties,
    tracking: detail.tracking ?? null,
    date: formatVendorDate(event.occurredAt),
    origin: reattributed ? 'DUPLICATE' : 'NATIVE',
    registeredAt: formatVendorDate(event.receivedAt),
    updatedAt: formatVendorDate(event.updatedAt ?? event.receivedAt),
    version: event.version,
  };
}
