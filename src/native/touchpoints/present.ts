import type { Workspace } from '../../core/workspace/workspace.ts';
import type { NamedTouchpoint } from '../../query/touchpoints/read-touchpoints.ts';

export function presentTouchpoint(workspace: Workspace, touchpoint: NamedTouchpoint) {
  const { sourceId, campaignId, campaignSlug } = touchpoint;
  const source = sourceId === null ? undefined : workspace.sources.get(sourceId);
  return {
    id: touchpoint.id,
    profileId: touchpoint.profileId,
    personId: touchpoint.personId,
    at: touchpoint.occurredAt.toISOString(),
    receivedAt: touchpoint.receivedAt.toISOString(),
    dialect: touchpoint.dialect,
    channel: touchpoint.channel,
    integration: source?.externalId ?? null,
    campaign: campaignId === null ? null : { id: campaignId, slug: campaignSlug },
    adId: touchpoint.adId,
    cost: touchpoint.cost,
    eventId: touchpoint.eventId,
    detail: touchpoint.detail,
  };
}
