import type { StoredEvent } from '../../../core/event/event.ts';
import type { EventContent } from '../../../core/event/event-store.ts';
import { isRecord } from '../../../core/value/text.ts';
import { parseVendorDate } from '../documents/dates.ts';
import type { EventEditBody } from '../documents/wire.ts';

/** The parts of an event that are objects. */
type Part = 'properties' | 'contextInfo' | 'tracking';

/**
 * What a write makes of an event. PATCH changes the members that it names, however deep, and null takes one away. PUT writes the parts
 * anew: what it does not give is gone, but the date, without which no event is.
 */
export function rewriteEvent(
  kind: 'patch' | 'replace',
  body: EventEditBody,
  event: StoredEvent,
): EventContent {
  const { contextInfo, tracking, ...kept } = event.detail ?? {};
  const before: Readonly<Record<Part, unknown>> = { properties: event.properties, contextInfo, tracking };
  const after = (part: Part): Readonly<Record<string, unknown>> | undefined => {
    const isKept = kind === 'patch' && !(part in body);
    const written = kind === 'replace' ? body[part] : mergeMember(before[part], body[part]);
    const value = isKept ? before[part] : written;
    return isRecord(value) ? value : undefined;
  };
  const date = body.date === undefined ? undefined : parseVendorDate(body.date);
  const traced = after('tracking');
  return {
    occurredAt: (date ?? event.occurredAt).getTime(),
    context: body.context ?? event.context,
    properties: after('properties') ?? {},
    detail: { ...kept, contextInfo: after('contextInfo') ?? {}, ...(traced ? { tracking: traced } : {}) },
  };
}

/** As JSON Merge Patch has it (RFC 7386): lists are values; undefined where the member is gone. */
function mergeMember(before: unknown, given: unknown): unknown {
  if (!isRecord(given)) return given ?? undefined;
  const merged = new Map(Object.entries(isRecord(before) ? before : {}));
  for (const [name, member] of Object.entries(given)) {
    const value = mergeMember(merged.get(name), member);
    if (value === undefined) merged.delete(name);
    else merged.set(name, value);
  }
  return Object.fromEntries(merged);
}
