import type { Span } from '../../projections/rollups/zone-spans.ts';
import { instantText } from '../../store/instants.ts';
import type { StatementValues } from './statement-values.ts';

/**
 * By what a chart tells events apart, and the keys of its groups: an event type's and a source's number, the name of an API, the number of
 * a context. Of campaigns: the id of one of an integration's, or a platform's ad or the name that the event itself says, behind a prefix.
 */
export const chartGroupings = ['type', 'api', 'source', 'campaign', 'context'] as const;

export type ChartGrouping = (typeof chartGroupings)[number];

/** What leads the name of a campaign that is none of an integration's, which has no id. */
export const namedCampaign = 'name:';
export const adCampaign = 'ad:';

/** SQL of the group that an event `e` is of, where rows are read; of campaigns by the table `told`. */
export const groupOfRow = {
  source: 'e.source_id::text',
  context: 'nullif(e.context, 0)::text',
  campaign: 'told.grp',
} as const satisfies Partial<Record<ChartGrouping, string>>;

export type RowGrouping = keyof typeof groupOfRow;

export function isRowGrouping(grouping: ChartGrouping | null): grouping is RowGrouping {
  return grouping !== null && grouping in groupOfRow;
}

const day = 24 * 60 * 60 * 1000;

/**
 * A table `told`: the campaign of the contact with the brand that an event tells of, with the event's id, time and type; of its first, where
 * it tells of several. Such a contact happens with its event, within a day. `spans`: of events that happened in these; few events tell of
 * a contact, so that they are looked up by it.
 */
export function toldCampaigns(values: StatementValues, spans?: readonly Omit<Span, 'offset'>[]): string {
  const [first, last] = [spans?.at(0), spans?.at(-1)];
  const time =
    first && last
      ? `and t.occurred_at >= ${values.add(instantText(first.from - day))}::text::timestamptz
         and t.occurred_at < ${values.add(instantText(last.until + day))}::text::timestamptz`
      : '';
  const campaign = `coalesce(t.campaign_id::text, '${adCampaign}' || t.ad_id, '${namedCampaign}' || (t.arrival ->> 'campaign'))`;
  return `told as materialized (
    select distinct on (t.event_id) t.event_id, ${campaign} as grp, e.occurred_at, e.type_id
      from touchpoint t
     cross join lateral (
       select e.occurred_at, e.type_id from event e where e.workspace_id = $1 and e.id = t.event_id offset 0) e
     where t.workspace_id = $1 and t.event_id is not null and ${campaign} is not null ${time}
       and t.occurred_at between e.occurred_at - interval '1 day' and e.occurred_at + interval '1 day'
     order by t.event_id, t.id)`;
}
