import { eventContexts } from '../../../core/event/event.ts';
import { nodeIdsOf, type Workspace } from '../../../core/workspace/workspace.ts';
import { eventsByDay } from '../../../projections/rollups/derive-rollups.ts';
import { arrayLiteral } from '../../../store/parameters.ts';
import type { Queryable } from '../../../store/queryable.ts';
import { measures } from '../analytics/measures.ts';
import { type DayDifferences, type DayParameters, readDayDifferences } from './analytics-day-store.ts';
import { localDay, zoneParameters } from './local-day.ts';

/** For `readDayDifferences`, of the nodes of this dialect. */
export function dayParametersOf(workspace: Workspace): DayParameters {
  const nodeIds = arrayLiteral(nodeIdsOf(workspace, 'contacthub'));
  return [workspace.id, nodeIds, ...zoneParameters(workspace.timezone)];
}

const receipts = `
  select m.measure, m.day, p.node_id, count(*) as total
    from event e
    join profile p on p.workspace_id = $1 and p.id = e.profile_id and p.node_id = any($2::text::integer[])
   cross join zone
   cross join lateral (values (${measures.eventsAdded}::smallint, ${localDay('e.received_at')}),
                              (${measures.eventsUpdated}::smallint, ${localDay('e.updated_at')})) as m (measure, day)
   where e.workspace_id = $1 and m.day is not null
   group by 1, 2, 3`;

/** By how much the counts of events by receipt and by change are off. Reads all events, beside the writers. */
export function readReceiptDifferences(connection: Queryable, workspace: Workspace): Promise<DayDifferences> {
  const counted = [measures.eventsAdded, measures.eventsUpdated];
  return readDayDifferences(connection, counted, receipts, dayParametersOf(workspace));
}

/** The visits of a slice of page views. Columns: those of visit. Parameters: of `eventsByDay`, then the nodes as $9. */
export const deriveVisits = `
  select r.workspace_id, part.day, r.profile_id, p.node_id, count(*)::integer as views
    from ${eventsByDay.from}
    join profile p on p.workspace_id = $1 and p.id = r.profile_id and p.node_id = any($9::text::integer[])
   where ${eventsByDay.where} and r.context = ${eventContexts.WEB}
   group by 1, 2, 3, 4`;

/** How many visits and bounces there are by day, of those that further conditions on the visits `v` name. */
export const countVisits = (conditions: string) => `
  select v.workspace_id, c.measure, v.day, v.node_id, count(*) as total
    from visit v
   cross join lateral (values (${measures.visits}::smallint, v.views > 0), (${measures.bounces}::smallint, v.views = 1))
           as c (measure, counts)
   where v.workspace_id = $1 and c.counts ${conditions}
   group by 1, 2, 3, 4`;
