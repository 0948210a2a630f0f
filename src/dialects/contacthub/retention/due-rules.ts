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
  const at = Temporal.Instant.fromEpochMilliseconds(now).toZonedDateTimeISO(workspace.timezone);
  const before = (months: number) => at.subtract({ months }).epochMilliseconds;
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
