import type { Holder } from '../../core/identity/identity-store.ts';
import type { StoredPastValue } from '../../core/metric/metric-history-store.ts';
import type { StoredMetric } from '../../core/metric/metric-store.ts';
import { attributeValues } from '../../core/profile/attributes.ts';
import type { ProfileState } from '../../core/profile/profile-state-store.ts';
import type { Profile } from '../../core/profile/profile-store.ts';
import type { Workspace } from '../../core/workspace/workspace.ts';
import type { PersonEvent } from '../../query/events/read-events.ts';
import { timeOf } from '../date-times.ts';
import { presentEvent } from '../events/present.ts';

export function presentProfile(
  workspace: Workspace,
  profile: Profile,
  keys: readonly Holder[],
  states: readonly ProfileState[],
) {
  const node = workspace.nodes.get(profile.nodeId);
  return {
    id: profile.id,
    dialect: node?.dialect ?? null,
    node: node?.publicId ?? null,
    recordId: profile.recordId,
    anonymous: profile.anonymous,
    keys: keys.map(({ key: { kind, value } }) => ({ kind, value })),
    attributes: attributeValues(profile.attributes),
    remembered: Object.fromEntries(states.map(({ name, value }) => [name, value])),
    createdAt: timeOf(profile.createdAt),
    updatedAt: timeOf(profile.updatedAt),
  };
}

/** An event with what only its own API shows of it, and what was set on it. */
export function presentEventWhole(
  workspace: Workspace,
  event: PersonEvent,
  metrics: readonly StoredMetric[],
  past: readonly (StoredPastValue & { readonly key: string })[],
) {
  return {
    ...presentEvent(workspace, event),
    detail: event.detail,
    metrics: metrics.map((metric) => ({
      key: metric.key,
      kind: metric.kind,
      ...presentValue(metric),
      createdAt: timeOf(metric.createdAt),
      updatedAt: timeOf(metric.updatedAt),
      before: past
        .filter(({ key }) => key === metric.key)
        .map((value) => ({ ...presentValue(value), setAt: timeOf(value.setAt) })),
    })),
  };
}

function presentValue({ value, currency, raw, occurredAt }: Omit<StoredPastValue, 'setAt' | 'seq'>) {
  return { value, currency, raw, at: timeOf(occurredAt) };
}
