import { allDays } from '../day-measures.ts';

/*
 * What the counts by day have to be, worked out from the events and sales: folding leads anew takes theirs away and adds them again,
 * `rebuild` writes them, `verify` compares with them. The measures are those of ../day-measures.ts.
 */

const day = (column: string) => `(${column} at time zone 'UTC')::date`;
const place = `c.workspace_id, c.source_id, coalesce(c.ad_id, '') as ad_id, ${day('c.occurred_at')} as day`;

/** Of its type, the lead's first with this app and ad. */
const isFirst = `not exists (
  select from conversation_event e
   where e.workspace_id = $1 and e.profile_id = c.profile_id and e.source_id = c.source_id and e.ad_id is not distinct from c.ad_id
     and e.type = c.type and (e.type <> 'conversation' or e.type_value is null)
     and (e.occurred_at, e.message_id, e.event_id) < (c.occurred_at, c.message_id, c.event_id))`;

/**
 * Columns: workspace_id, source_id, ad_id, day, measure, type_id, type_value, total, sum; each key once, all days together too.
 * @param events which rows of `conversation_event c`; @param sales which of `conversation_sale s`. $1 is the workspace in both.
 */
export function deriveConversationDays(events: string, sales: string): string {
  return `
    select n.workspace_id, n.source_id, n.ad_id, level.day, n.measure, n.type_id, n.type_value, sum(n.total)::bigint as total,
           sum(n.sum) as sum
      from (${deriveSingleDays(events, sales)}) as n
     cross join lateral (values (n.day), ('${allDays}'::date)) as level (day)
     group by 1, 2, 3, 4, 5, 6, 7`;
}

/** The same without all days together. */
export function deriveSingleDays(events: string, sales: string): string {
  return `
    select ${place}, c.type as measure, c.type_id, coalesce(c.type_value, '') as type_value, count(*) as total, 0::numeric as sum
      from conversation_event c where ${events} group by 1, 2, 3, 4, 5, 6, 7
    union all
    select ${place}, m.measure, '', '', count(*), 0::numeric
      from conversation_event c
     cross join lateral unnest(array[
             case when c.type = 'conversation' and c.type_value is null then 'session' end,
             case when c.type = 'conversation' and c.type_value is null and c.origin = 'standalone' then 'standalone-session' end,
             case when c.origin = 'standalone' then 'standalone-event' end]) as m (measure)
     where ${events} and m.measure is not null group by 1, 2, 3, 4, 5
    union all
    select ${place}, case when c.type = 'conversation' then 'lead' when c.type = 'engagement' then 'engaged' else 'converted-lead' end,
           '', '', count(*), 0::numeric
      from conversation_event c
     where ${events} and (c.type in ('engagement', 'converted') or (c.type = 'conversation' and c.type_value is null))
       and ${isFirst} group by 1, 2, 3, 4, 5
    union all
    select s.workspace_id, coalesce(s.source_id, 0), coalesce(s.ad_id, ''), ${day('s.occurred_at')}, 'sale', '', s.currency,
           count(*), sum(s.amount)
      from conversation_sale s where ${sales} group by 1, 2, 3, 4, 7`;
}
