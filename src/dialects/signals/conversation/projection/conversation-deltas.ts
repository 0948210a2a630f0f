import type { WorkspaceId } from '../../../../core/workspace/workspace.ts';
import { arrayLiteral } from '../../../../store/parameters.ts';
import type { Queryable } from '../../../../store/queryable.ts';
import { allDays, type DayMeasure, utcDayOf } from '../day-measures.ts';

interface DayDelta extends Omit<DayMeasure, 'at' | 'amount'> {
  readonly day: string;
  total: number;
  /** One by one, added by the database as numeric: doubles added in another order differ in the last digit. */
  readonly amounts: number[];
}

const dayMilliseconds = 24 * 60 * 60 * 1000;

/** What facts add to the counts by day, and of all days together. */
function sumByDay(measures: Iterable<DayMeasure>): DayDelta[] {
  const deltas = new Map<string, DayDelta>();
  const add = (day: number | typeof allDays, { at, amount, ...rest }: DayMeasure) => {
    const key = `${rest.sourceId}/${day}/${rest.measure}/${rest.typeId}/${rest.adId}\n${rest.typeValue}`;
    const delta = deltas.getOrInsertComputed(key, () => ({
      ...rest,
      day: day === allDays ? day : utcDayOf(at),
      total: 0,
      amounts: [],
    }));
    delta.total++;
    if (amount !== 0) delta.amounts.push(amount);
  };
  for (const measure of measures) {
    add(Math.floor(measure.at / dayMilliseconds), measure);
    add(allDays, measure);
  }
  return [...deltas.values()];
}

export const addToDay = `
  on conflict (workspace_id, source_id, ad_id, day, measure, type_id, type_value) do update
    set total = conversation_day.total + excluded.total, sum = conversation_day.sum + excluded.sum`;

/** Adds to the counts by day, in the transaction that writes what is counted. */
export async function addConversationDays(
  connection: Queryable,
  workspaceId: WorkspaceId,
  measures: Iterable<DayMeasure>,
): Promise<void> {
  const deltas = sumByDay(measures);
  const column = (value: (delta: DayDelta) => string | number) => arrayLiteral(deltas.map(value));
  await connection.query(
    `insert into conversation_day (workspace_id, source_id, ad_id, day, measure, type_id, type_value, total, sum)
     select h.workspace_id, d.source_id, d.ad_id, d.day, d.measure, d.type_id, d.type_value, d.total,
            coalesce((select sum(term::numeric) from unnest(string_to_array(d.terms, ' ')) as term), 0)
       from workspace_head h,
            unnest($2::text::integer[], $3::text::text[], $4::text::date[], $5::text::text[], $6::text::text[],
                   $7::text::text[], $8::text::bigint[], $9::text::text[])
              as d (source_id, ad_id, day, measure, type_id, type_value, total, terms)
      where h.workspace_id = $1 ${addToDay}`,
    [
      workspaceId,
      column((delta) => delta.sourceId),
      column((delta) => delta.adId),
      column((delta) => delta.day),
      column((delta) => delta.measure),
      column((delta) => delta.typeId),
      column((delta) => delta.typeValue),
      column((delta) => delta.total),
      column((delta) => delta.amounts.join(' ')),
    ],
  );
}
