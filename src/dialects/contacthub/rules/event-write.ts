import type { StoredEvent } from '../../../core/event/event.ts';
import type { EventContent } from '../../../core/event/event-store.ts';
import { isRecord } from '../../../core/value/text.ts';
import { parseVendorDate } from '../documents/dates.ts';
import type { EventEditBody } from '../documents/wire.ts';
import { type MergeRule, mergeValues } from './merge-policies.ts';

/** The parts of an event that are objects. */
type Part = 'properties' | 'contextInfo' | 'tracking';

/**
 * What a write makes of an event. PATCH changes the members that it names, however deep, and null takes one away. PUT writes the parts
 * anew: what it does not give is gone, but the date, without which no event is. `mergeRules`: of extended properties, by name.
 */
export function rewriteEvent(
  kind: 'patch' | 'replace',
  body: EventEditBody,
  event: StoredEvent,
  mergeRules: ReadonlyMap<string, MergeRule>,
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
  const properties = after('properties') ?? {};
  return {
    occurredAt: (date ?? event.occurredAt).getTime(),
    context: body.context ?? event.context,
    properties: kind === 'patch' ? joinExtended(properties, event.properties, body, mergeRules) : properties,
    detail: { ...kept, contextInfo: after('contextInfo') ?? {}, ...(traced ? { tracking: traced } : {}) },
  };
}

type Properties = Readonly<Record<string, unknown>>;

/** What PATCH gives of an extended property with a merge policy becomes one with what is there (inferred: no other write joins two values). */
function joinExtended(
  after: Properties,
  before: Properties,
  { properties }: EventEditBody,
  mergeRules: ReadonlyMap<string, MergeRule>,
): Properties {
  const [extended, stored, given] = [after.extended, before.extended, properties?.extended];
  if (mergeRules.size === 0 || !isRecord(extended) || !isRecord(stored) || !isRecord(given)) return after;
  const joined = Object.entries(extended).map(([name, value]) => {
    const rule = mergeRules.get(name);
    return [name, rule && name in given ? mergeValues(rule, [stored[name], given[name]]) : value];
  });
  return { ...after, extended: Object.fromEntries(joined) };
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
