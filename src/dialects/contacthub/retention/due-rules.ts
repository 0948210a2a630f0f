import type { Node } from '../../../core/node/node.ts';
import type { Workspace } from '../../../core/workspace/workspace.ts';
import { nodesOf } from '../access.ts';
import { isEventTypeName } from '../documents/enums.ts';
import type { RetentionPolicy } from '../settings/retention-policy.ts';
import { readHubSettings } from '../settings.ts';

/** Which events are due. */
export interface DueRule {
  readonly typeId: number;
  /** Null: of whichever node. */
  readonly nodeId: number | null;
  /** Those that happened before it; milliseconds since the epoch. */
  readonly before: number;
}

export function workspacePolicyOf({ settings }: Workspace): RetentionPolicy {
  return readHubSettings(settings.dialects.contacthub).retention ?? {};
}

/** What an entry node's own policy says; without one it is enabled, and says nothing. */
export function nodePolicyOf({ settings }: Node): {
  readonly enabled: boolean;
  readonly events: RetentionPolicy;
} {
  return settings.retention ?? { enabled: true, events: {} };
}

/**
 * The rules of a workspace at a moment (ms). A node's own policy, while it is enabled, stands before the workspace's for the types that it
 * names. Months are those of the calendar, in the workspace's time zone.
 */
export function dueRulesOf(workspace: Workspace, now: number): DueRule[] {
  const own = workspacePolicyOf(workspace);
  const nodes = nodesOf(workspace).map((node) => ({ id: node.id, ...nodePolicyOf(node) }));
  const before = monthsAgo(workspace, now);
  return workspace.eventTypes.ofDialect('contacthub').flatMap(({ id: typeId, name }): DueRule[] => {
    if (!isEventTypeName(name)) return [];
    const monthsOf = nodes.map(({ enabled, events }) => (enabled ? events[name] : undefined) ?? own[name]);
    const months = monthsOf.map((policy) => policy?.months ?? 0);
    const [first = 0] = months;
    if (months.every((one) => one === first))
      return first > 0 ? [{ typeId, nodeId: null, before: before(first) }] : [];
    return nodes.flatMap(({ id: nodeId }, index) => {
      const one = months[index] ?? 0;
      return one > 0 ? [{ typeId, nodeId, before: before(one) }] : [];
    });
  });
}

/** Events of a type that a node does not show: those that happened before. */
export type HiddenEvents = Pick<DueRule, 'typeId' | 'before'>;

/**
 * What is not shown of the events of a node, nor searched, nor counted: of an aggregate, by its own policy, while it is enabled. Its parts' nodes
 * keep their events for as long as these say, and show all that they keep.
 */
export function hiddenEventsOf(workspace: Workspace, node: Node | undefined, now: number): HiddenEvents[] {
  if (node?.kind !== 'aggregate') return [];
  const { enabled, events } = nodePolicyOf(node);
  if (!enabled) return [];
  const before = monthsAgo(workspace, now);
  return workspace.eventTypes.ofDialect('contacthub').flatMap(({ id: typeId, name }) => {
    const months = (isEventTypeName(name) && events[name]?.months) || 0;
    return months > 0 ? [{ typeId, before: before(months) }] : [];
  });
}

function monthsAgo({ timezone }: Workspace, now: number): (months: number) => number {
  const at = Temporal.Instant.fromEpochMilliseconds(now).toZonedDateTimeISO(timezone);
  return (months) => at.subtract({ months }).epochMilliseconds;
}
