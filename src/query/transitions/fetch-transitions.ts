import type { WorkspaceId } from '../../core/workspace/workspace.ts';
import type { Span } from '../../projections/rollups/zone-spans.ts';
import { instantText } from '../../store/instants.ts';
import { arrayLiteral } from '../../store/parameters.ts';
import type { Queryable } from '../../store/queryable.ts';
import { labelOf } from '../insights/interval.ts';
import type { TransitionQuestion } from './transitions.ts';

export interface TransitionRow {
  readonly label: string | null;
  readonly typeId: number | null;
  readonly campaignId: string | null;
  readonly campaignSlug: string | null;
  readonly adId: string | null;
  readonly total: number;
  /** Seconds. */
  readonly median: number | null;
  readonly p90: number | null;
  /** Counts by `histogramBounds`. */
  readonly histogram: readonly number[];
}

const [minute, hour, day] = [60, 3600, 86_400];

/** Where each bar of the histogram begins, in seconds. */
export const histogramBounds: readonly number[] = [
  0,
  minute,
  5 * minute,
  15 * minute,
  hour,
  6 * hour,
  day,
  3 * day,
  7 * day,
  14 * day,
  30 * day,
  90 * day,
];

interface Row {
  label: string | null;
  type_id: number | null;
  campaign_id: string | null;
  campaign_slug: string | null;
  ad_id: string | null;
  total: number;
  median: number | null;
  p90: number | null;
  histogram: number[];
}

/** One row a group that has any. */
export async function fetchTransitions(
  connection: Queryable,
  workspaceId: WorkspaceId,
  spans: readonly Span[],
  question: TransitionQuestion,
): Promise<TransitionRow[]> {
  const rows = await connection.query<Row>(statementOf(question), [
    workspaceId,
    question.from,
    question.to,
    arrayLiteral(spans.map((span) => instantText(span.from))),
    arrayLiteral(spans.map((span) => instantText(span.until))),
    arrayLiteral(spans.map((span) => span.offset / 1000)),
  ]);
  return rows.map((row) => ({
    label: row.label,
    typeId: row.type_id,
    campaignId: row.campaign_id,
    campaignSlug: row.campaign_slug,
    adId: row.ad_id,
    total: row.total,
    median: row.median,
    p90: row.p90,
    histogram: row.histogram,
  }));
}

/** Without attribution: the person's last touchpoint with a campaign or an ad up to the event. */
const lastContact = `
  join event e on e.workspace_id = $1 and e.id = f.event_id
  left join lateral (
    select t.campaign_id, t.ad_id
      from profile p
      join profile q on q.workspace_id = $1 and q.person_id = p.person_id
      join touchpoint t on t.workspace_id = $1 and t.profile_id = q.id
     where p.workspace_id = $1 and p.id = e.profile_id and t.occurred_at <= e.occurred_at
       and (t.campaign_id is not null or t.ad_id is not null)
     order by t.occurred_at desc, t.id desc limit 1) as last on true
  left join campaign c on c.workspace_id = $1 and c.id = last.campaign_id`;

function statementOf({ groupBy, interval }: TransitionQuestion): string {
  const local = "((s.occurred_at + make_interval(secs => span.seconds)) at time zone 'UTC')";
  const byCampaign = groupBy === 'campaign';
  return `
    select label, type_id, campaign_id, campaign_slug, ad_id, count(*) as total,
           percentile_cont(0.5) within group (order by seconds) as median,
           percentile_cont(0.9) within group (order by seconds) as p90,
           json_build_array(${histogramBounds.map((_, index) => barOf(index)).join(', ')}) as histogram
      from (
        select ${interval ? labelOf(interval, local) : 'null::text'} as label,
               ${groupBy === 'event-type' ? 'f.type_id' : 'null::integer'} as type_id,
               ${byCampaign ? 'c.id' : 'null::uuid'} as campaign_id, ${byCampaign ? 'c.slug' : 'null::text'} as campaign_slug,
               ${byCampaign ? 'last.ad_id' : 'null::text'} as ad_id,
               extract(epoch from s.occurred_at - f.occurred_at)::float8 as seconds
          from unnest($4::text::timestamptz[], $5::text::timestamptz[], $6::text::float8[]) as span (starts, ends, seconds)
          join metric s on s.workspace_id = $1 and s.key = $3 and s.kind = 'state' and s.value = 1
           and s.occurred_at >= span.starts and s.occurred_at < span.ends
          join metric f on f.workspace_id = $1 and f.event_id = s.event_id and f.key = $2 and f.kind = 'state' and f.value = 1
           and f.occurred_at <= s.occurred_at
          ${byCampaign ? lastContact : ''}
      ) transition
     group by label, type_id, campaign_id, campaign_slug, ad_id`;
}

function barOf(index: number): string {
  const next = histogramBounds[index + 1];
  const end = next === undefined ? '' : ` and seconds < ${next}`;
  return `count(*) filter (where seconds >= ${histogramBounds[index]}${end})`;
}
