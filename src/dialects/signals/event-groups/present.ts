import { eventTypeId } from '../../../core/conversation/event-type-id.ts';
import { isTextType } from '../../../core/conversion/conversion.ts';
import { statusOf } from '../../../core/conversion/event-group.ts';
import { warnOfGenericText } from '../../../core/conversion/generic-text.ts';
import type { GroupView } from '../../../query/event-groups/event-groups.ts';

/** The vendor's page breaks off behind `last_event`; `id` and what follows are ours (spec/signals.md A4). */
export function presentGroup({ group, app, ...view }: GroupView) {
  const { id, type, typeValue } = group;
  const warning = isTextType(type) && typeValue !== null ? warnOfGenericText(typeValue) : null;
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
    cvr: percentage(view.events, view.allLeads),
    warnings: warning === null ? [] : [warning],
  };
}

/** Two decimals; 0 where there is nothing to divide by (spec/signals.md B2). */
function percentage(part: number, whole: number): number {
  return whole === 0 ? 0 : Math.round((part / whole) * 10_000) / 100;
}

/** As the vendor's sample: with an offset, to the second. */
function presentTime(instant: Date | null): string | null {
  return instant && `${instant.toISOString().slice(0, 19)}+00:00`;
}
