import type { Touchpoint } from '../../core/campaign/touchpoint-store.ts';
import type { Workspace } from '../../core/workspace/workspace.ts';

export function presentVisit(workspace: Workspace, touchpoint: Touchpoint) {
  const { id, profileId, occurredAt, channel, sourceId, campaignId } = touchpoint;
  const source = sourceId === null ? undefined : workspace.sources.get(sourceId);
  return {
    id,
    profileId,
    at: occurredAt.toISOString(),
    channel,
    integration: source?.externalId ?? null,
    campaignId,
  };
}
