import { eventContexts } from '../../../core/event/event.ts';
import type { Condition, DidCondition } from './condition.ts';
import { exceptHidden } from './hidden-events.ts';
import { pathTo, planDocumentCondition } from './plan-document-condition.ts';
import type { AddParameter, Planning, RecordsCondition } from './plan-records-condition.ts';

const contextNames = Object.entries(eventContexts)
  .map(([name, number]) => `when ${number} then '${name}'`)
  .join(' ');

/** SQL of what of the event `e` can be asked for. */
const eventDocument = `jsonb_build_object(
  'properties', e.properties::jsonb,
  'context', case e.context ${contextNames} end,
  'contextInfo', e.detail::jsonb -> 'contextInfo',
  'tracking', e.detail::jsonb -> 'tracking')`;

/** True of a row `c` of customer_index whose record has such an event, whichever of its profiles it came to. */
export function planDid(
  { typeId, condition, timeframe }: DidCondition,
  { add, source, hiddenEvents }: Planning,
): RecordsCondition {
  if (typeId === undefined) return { sql: 'false', served: true };
  const where = [`e.workspace_id = $1`, `e.profile_id = m.id`, `e.type_id = ${add(typeId)}::integer`];
  if (timeframe) where.push(planTimeframe(timeframe, add));
  if (condition) {
    const { expression, variables } = planDocumentCondition(condition, (path) => ({
      expression: pathTo(...path.split('.')),
    }));
    where.push(
      `coalesce(jsonb_path_match(${eventDocument}, ${add(expression)}::jsonpath, ${add(JSON.stringify(variables))}::text::jsonb, true), false)`,
    );
  }
  const sql = `exists (
    select from ${source.members} m join event e on ${where.join(' and ')} ${exceptHidden(hiddenEvents, 'e', add)})`;
  return { sql, served: true };
}

/** A timeframe speaks of nothing but when it was. */
function planTimeframe(timeframe: Condition, add: AddParameter): string {
  switch (timeframe.kind) {
    case 'and':
    case 'or': {
      const parts = timeframe.conditions.map((part) => `(${planTimeframe(part, add)})`);
      return `(${parts.join(` ${timeframe.kind} `)})`;
    }
    case 'compares': {
      const parts = timeframe.comparisons.map(
        ({ sign, value }) => `e.occurred_at ${sign} ${add(String(value))}::text::timestamptz`,
      );
      return parts.join(' and ');
    }
    default:
      throw new Error(`a timeframe has no condition of the kind ${timeframe.kind}`);
  }
}
