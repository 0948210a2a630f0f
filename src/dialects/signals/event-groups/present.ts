import { percentageOf } from '../../../core/advertising/insight.ts';
import { eventTypeId } from '../../../core/conversation/event-type-id.ts';
import { statusOf } from '../../../core/conversion/event-group.ts';
import { warningsOf } from '../../../core/conversion/generic-text.ts';
import type { GroupView } from '../../../query/event-groups/event-groups.ts';
import { presentTime } from '../present-time.ts';

/** The vendor's page breaks off behind `last_event`; `id` and what follows are ours (spec/signals.md A4). */
export function presentGroup({ group, app, ...view }: GroupView) {
  const { id, type, typeValue } = group;
  return {
    id,
    app_id: app.externalId,
    ad_id: view.adId,
    campaign_id: view.campaignId,
    type,
    type_id: eventTypeId(app.externalId, type, typeValue),
    type_value: typeValue,
    status: statusOf(group),
    first_event: presentTime(view.firstAt),
    last_event: presentTime(view.lastAt),
    events_count: view.events,
    unique_users: view.leads,
    cvr: percentageOf(view.events, view.allLeads),
    warnings: warningsOf(group),
  };
}
