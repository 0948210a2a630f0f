import type { FoundCampaign } from '../../core/attribution/known-campaign.ts';
import type { Workspace } from '../../core/workspace/workspace.ts';
import { spansOf } from '../../projections/rollups/zone-spans.ts';
import { instantText } from '../../store/instants.ts';
import { arrayLiteral } from '../../store/parameters.ts';
import type { Queryable } from '../../store/queryable.ts';
import { type AskedDays, instantsOf } from './local-interval.ts';

/** How many touchpoints a campaign had on each day on which it had any, whether they led to something or not. */
export async function countTouchpoints(
  connection: Queryable,
  { id: workspaceId, timezone }: Workspace,
  touchedBy: FoundCampaign['touchedBy'],
  days: AskedDays,
): Promise<Map<string, number>> {
  const { from, until } = instantsOf(days, timezone);
  const spans = spansOf(timezone, from, until);
  const named = 'campaignId' in touchedBy;
  // Either has an index of its own.
  const isOfCampaign = named ? 't.campaign_id = $2::uuid' : 't.ad_id = any($2::text::text[])';
  const rows = await connection.query<{ day: string; total: number }>(
    `select ((t.occurred_at + make_interval(secs => span.seconds)) at time zone 'UTC')::date::text as day, count(*) as total
       from unnest($3::text::timestamptz[], $4::text::timestamptz[], $5::text::float8[]) as span (starts, ends, seconds)
       join touchpoint t on t.workspace_id = $1 and ${isOfCampaign}
        and t.occurred_at >= span.starts and t.occurred_at < span.ends
      group by 1`,
    [
      workspaceId,
      named ? touchedBy.campaignId : arrayLiteral(touchedBy.adIds),
      arrayLiteral(spans.map((span) => instantText(span.from))),
      arrayLiteral(spans.map((span) => instantText(span.until))),
      arrayLiteral(spans.map((span) => span.offset / 1000)),
    ],
  );
  const asked = rows.filter(({ day }) => day >= days.since && day < days.until);
  return new Map(asked.map(({ day, total }) => [day, total]));
}
