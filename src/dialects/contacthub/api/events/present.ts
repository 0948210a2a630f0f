import { membersOf } from '../../../../json/members.ts';
import { readJson } from '../../../../json/read-json.ts';
import { vendorDateOf } from '../../documents/dates.ts';
import type { ShownEvent } from '../../query/shown-event.ts';

/**
 * An event in full (docs/spec/contacthub.md C), as JSON: its one form, of which each reply is made. DUPLICATE: it came to its customer
 * from another profile (ruling 5).
 */
export function writeEvent(shown: ShownEvent): string {
  const detail = membersOf(shown.detail);
  const recordId = shown.recordId === null ? 'null' : `"${shown.recordId}"`;
  const registeredAt = vendorDateOf(shown.receivedAt);
  // Mostly it happened when it came in, and has not changed since.
  const dateOf = (instant: string) => (instant === shown.receivedAt ? registeredAt : vendorDateOf(instant));
  const context = shown.context === null ? 'null' : `"${shown.context}"`;
  return (
    `{"id":"${shown.id}","customerId":${recordId},"bringBackProperties":${detail.get('bringBackProperties') ?? 'null'}` +
    `,"type":${JSON.stringify(shown.type)},"context":${context},"contextInfo":${detail.get('contextInfo') ?? '{}'}` +
    `,"properties":${shown.properties},"tracking":${detail.get('tracking') ?? 'null'}` +
    `,"date":"${dateOf(shown.occurredAt)}","origin":"${shown.reattributed ? 'DUPLICATE' : 'NATIVE'}"` +
    `,"registeredAt":"${registeredAt}","updatedAt":"${dateOf(shown.updatedAt)}","version":${shown.version}}`
  );
}

/** The same, to look into. */
export function presentEvent(shown: ShownEvent): Record<string, unknown> {
  return readJson(writeEvent(shown)) as Record<string, unknown>;
}
