import { percentageOf } from '../../advertising/insight.ts';
import { eventTypeId } from '../../conversation/event-type-id.ts';
import { statusOf } from '../../conversion/event-group.ts';
import { warningsOf } from '../../conversion/generic-text.ts';
import type { GroupView } from '../../conversion/query/event-groups.ts';
import { presentTime } from '../present-time.ts';

/** The vendor's page breaks off behind `last_event`; `id` and what follows are ours (docs/spec/signals.md A4). */
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
