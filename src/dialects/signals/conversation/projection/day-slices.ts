import type { Workspace, WorkspaceId } from '../../../../core/workspace/workspace.ts';
import type { Parameter, Queryable } from '../../../../store/queryable.ts';
import { allDays } from '../day-measures.ts';
import { deriveSingleDays } from './derive-days.ts';

/** Some whole UTC days of one app; source 0: sales of no app. */
export interface ConversationSlice {
  readonly sourceId: number;
  /** YYYY-MM-DD, or -infinity, infinity; `until` is exclusive. */
  readonly from: string;
  readonly until: string;
}

/** Events of a slice, but for days that have more. */
const eventsPerSlice = 50_000;

/** Sales of no app are counted under it. */
export const noApp = 0;

/** Every app that leads write to, by id, behind `noApp`. */
export function appsOf(workspace: Workspace): number[] {
  const apps = [...workspace.sources.values()].filter(({ dialect }) => dialect === 'signals');
  return [noApp, ...apps.map(({ id }) => id)];
}

/** An app's slices, in order, without a gap. */
export async function* slicesOfApp(
  connection: Queryable,
  workspaceId: WorkspaceId,
  sourceId: number,
): AsyncGenerator<ConversationSlice> {
  let from = '-infinity';
  while (from !== 'infinity') {
    const slice = await sliceFrom(connection, workspaceId, sourceId, from);
    yield slice;
    from = slice.until;
  }
}

/** The slice of an app that begins where the one before it ended, or at -infinity. */
export async function sliceFrom(
  connection: Queryable,
  workspaceId: WorkspaceId,
  sourceId: number,
  from: string,
): Promise<ConversationSlice> {
  const [last] = await connection.query<{ day: string }>(
    `select ((occurred_at at time zone 'UTC')::date + 1)::text as day from conversation_event
      where workspace_id = $1 and source_id = $2 and occurred_at >= ($3::text::timestamp at time zone 'UTC')
      order by occurred_at offset ${eventsPerSlice} limit 1`,
    [workspaceId, sourceId, from],
  );
  return { sourceId, from, until: last?.day ?? 'infinity' };
}

const inSlice = (row: string, source: string) =>
  `${row}.workspace_id = $1 and ${source} = $2 and ${row}.occurred_at >= ($3::text::timestamp at time zone 'UTC')
   and ${row}.occurred_at < ($4::text::timestamp at time zone 'UTC')`;

/** What the counts of a slice have to be; parameters: `sliceParameters`. */
export const deriveSlice = deriveSingleDays(
  inSlice('c', 'c.source_id'),
  inSlice('s', 'coalesce(s.source_id, 0)'),
);

export function sliceParameters(workspaceId: WorkspaceId, slice: ConversationSlice): Parameter[] {
  return [workspaceId, slice.sourceId, slice.from, slice.until];
}

/** Which rows `d` of conversation_day are a slice's. */
export const whereInSlice = `d.workspace_id = $1 and d.source_id = $2 and d.day <> '${allDays}' and d.day >= $3::text::date
  and d.day < $4::text::date`;

/** What an app's counts of all days together have to be; $1 workspace, $2 the app's source. */
export const deriveAllDays = `
  select workspace_id, source_id, ad_id, '${allDays}'::date as day, measure, type_id, type_value, sum(total)::bigint as total,
         sum(sum) as sum
    from conversation_day where workspace_id = $1 and source_id = $2 and day <> '${allDays}'
   group by 1, 2, 3, 5, 6, 7`;
