import type { Source } from '../../../../core/source/source.ts';
import type { WorkspaceId } from '../../../../core/workspace/workspace.ts';
import { arrayLiteral } from '../../../../store/parameters.ts';
import type { Queryable } from '../../../../store/queryable.ts';
import { allDays } from '../../conversation/day-measures.ts';
import type { EventGroup } from '../event-group.ts';
import { type AskedAd, type EventCell, type GroupItem, groupTypeId } from './group-items.ts';

export interface Figures {
  readonly firstAt: Date | null;
  readonly lastAt: Date | null;
  readonly events: number;
  readonly leads: number;
}

export const noFigures: Figures = { firstAt: null, lastAt: null, events: 0, leads: 0 };

/** With which ads of the apps there are events of the groups' types, and since when; of `askedAd` alone if one is. */
export async function fetchEventCells(
  connection: Queryable,
  workspaceId: WorkspaceId,
  groups: readonly EventGroup[],
  apps: readonly Source[],
  askedAd: AskedAd,
): Promise<EventCell[]> {
  if (groups.length === 0) return [];
  const rows = await connection.query<{
    source_id: number;
    ad_id: string;
    measure: string;
    type_id: string;
    first_day: string;
  }>(
    `select source_id, ad_id, measure, type_id, (min(day) filter (where total > 0))::text as first_day
       from conversation_day
      where workspace_id = $1 and source_id = any($2::text::integer[]) and measure = any($3::text::text[])
        and day > '${allDays}' and ($4::text is null or ad_id = $4)
      group by source_id, ad_id, measure, type_id having sum(total) > 0`,
    [
      workspaceId,
      arrayLiteral(apps.map(({ id }) => id)),
      arrayLiteral([...new Set(groups.map(({ type }) => type))]),
      askedAd,
    ],
  );
  return rows.map((row) => ({
    sourceId: row.source_id,
    adId: row.ad_id,
    type: row.measure,
    typeId: row.type_id,
    firstDay: row.first_day,
  }));
}

/** Sorts behind every id, which are hex digits. */
const lastTypeId = 'g';

interface FiguresRow {
  question: number;
  ad_id: string;
  first_at: Date;
  last_at: Date;
  events: number;
  leads: number;
}

/**
 * The figures of the items that have any, by their place in the list: exact, from the events themselves, by the index on their type.
 * What a group counts of an app is read once for all ads.
 */
export async function fetchFigures(
  connection: Queryable,
  workspaceId: WorkspaceId,
  items: readonly GroupItem[],
): Promise<Map<number, Figures>> {
  const met = [...items.entries()].filter(([, item]) => item.isMet);
  if (met.length === 0) return new Map();
  const asked = [...Map.groupBy(met, ([, { group, app }]) => `${group.id} ${app.id}`).values()];
  const column = <Value extends string | number>(value: (item: GroupItem) => Value) =>
    arrayLiteral(asked.map(([first]) => value(first![1])));
  const rows = await connection.query<FiguresRow>(
    `select asked.question, found.*
       from unnest($2::text::integer[], $3::text::integer[], $4::text::text[], $5::text::text[], $6::text::text[],
                   $7::text::timestamptz[])
              as asked (question, source_id, type, first_type_id, last_type_id, until)
      cross join lateral (
        select coalesce(e.ad_id, '') as ad_id, min(e.occurred_at) as first_at, max(e.occurred_at) as last_at, count(*) as events,
               count(distinct e.profile_id) as leads
          from conversation_event e
         where e.workspace_id = $1 and e.type = asked.type and e.type_id >= asked.first_type_id
           and e.type_id <= asked.last_type_id and e.occurred_at < asked.until and e.source_id = asked.source_id
           and coalesce(e.ad_id, '') = any($8::text::text[])
         group by 1) as found`,
    [
      workspaceId,
      arrayLiteral([...asked.keys()]),
      column(({ app }) => app.id),
      column(({ group }) => group.type),
      column(({ group, app }) => groupTypeId(group, app) ?? ''),
      column(({ group, app }) => groupTypeId(group, app) ?? lastTypeId),
      column(({ group }) => group.archivedAt?.toISOString() ?? 'infinity'),
      arrayLiteral([...new Set(met.map(([, { adId }]) => adId ?? ''))]),
    ],
  );
  const figures = new Map<number, Figures>();
  const byQuestion = Map.groupBy(rows, (row) => row.question);
  for (const [question, ofGroup] of asked.entries()) {
    const byAd = new Map(byQuestion.get(question)?.map((row) => [row.ad_id, row]));
    for (const [place, { adId }] of ofGroup) {
      const row = byAd.get(adId ?? '');
      if (row)
        figures.set(place, {
          firstAt: row.first_at,
          lastAt: row.last_at,
          events: row.events,
          leads: row.leads,
        });
    }
  }
  return figures;
}

/** How many leads each ad of each app has had, by the app's source and the ad ('': none). */
export async function fetchLeads(
  connection: Queryable,
  workspaceId: WorkspaceId,
  items: readonly GroupItem[],
): Promise<Map<number, Map<string, number>>> {
  const rows = await connection.query<{ source_id: number; ad_id: string; leads: number }>(
    `select source_id, ad_id, sum(total)::bigint as leads
       from conversation_day
      where workspace_id = $1 and source_id = any($2::text::integer[]) and ad_id = any($3::text::text[])
        and measure = 'lead' and day = '${allDays}'
      group by source_id, ad_id`,
    [
      workspaceId,
      arrayLiteral([...new Set(items.map(({ app }) => app.id))]),
      arrayLiteral([...new Set(items.map(({ adId }) => adId ?? ''))]),
    ],
  );
  const leads = new Map<number, Map<string, number>>();
  for (const row of rows)
    leads.getOrInsertComputed(row.source_id, () => new Map<string, number>()).set(row.ad_id, row.leads);
  return leads;
}
