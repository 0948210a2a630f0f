import type { Campaign } from '../../../../core/campaign/campaign.ts';
import { toObjectId } from '../../../../core/id.ts';
import type { Source } from '../../../../core/source/source.ts';
import type { Outlay } from '../../campaign/outlay.ts';
import { integrationId } from '../integrations/present.ts';

export function presentCampaign(projectId: string, integration: Source, campaign: Campaign) {
  return {
    id: toObjectId(campaign.id),
    integrationId: integrationId(integration),
    projectId,
    name: campaign.name,
    campaignSlug: campaign.slug,
    active: campaign.active,
    explicit: campaign.explicit,
    createdAt: campaign.createdAt,
    updatedAt: campaign.updatedAt,
  };
}

/** A3: an outlay's key is `_id`, and its amount, a number on the way in, has its currency on the way out. */
export function presentOutlay(projectId: string, integration: Source, outlay: Outlay) {
  return {
    _id: toObjectId(outlay.id),
    projectId,
    integrationId: integrationId(integration),
    campaignId: toObjectId(outlay.campaignId),
    amount: { amount: outlay.amount, currency: outlay.currency },
    startDate: outlay.startsAt,
    endDate: outlay.endsAt,
    country: outlay.country,
    region: outlay.region,
    deletedAt: null,
    createdAt: outlay.createdAt,
    updatedAt: outlay.updatedAt,
  };
}

export function presentCreated(id: string) {
  return { id: toObjectId(id) };
}

export function presentModified({ modified }: { readonly modified: boolean }) {
  return { modifiedCount: modified ? 1 : 0 };
}
