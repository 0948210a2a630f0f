import { instantText } from '../../../store/instants.ts';
import { arrayLiteral } from '../../../store/parameters.ts';
import type { HiddenEvents } from '../retention/due-rules.ts';
import type { AddParameter } from './plan-records-condition.ts';

/** SQL that leaves out what an aggregate does not show, of the rows of events `alias`: the end of a condition, or nothing. */
export function exceptHidden(hidden: readonly HiddenEvents[], alias: string, add: AddParameter): string {
  if (hidden.length === 0) return '';
  const types = add(arrayLiteral(hidden.map(({ typeId }) => typeId)));
  const bounds = add(arrayLiteral(hidden.map(({ before }) => instantText(before))));
  return `and not exists (
              select from unnest(${types}::text::integer[], ${bounds}::text::timestamptz[]) as h (type_id, before)
               where h.type_id = ${alias}.type_id and ${alias}.occurred_at < h.before)`;
}
