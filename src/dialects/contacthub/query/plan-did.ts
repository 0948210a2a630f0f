import { eventContexts } from '../../../core/event/event.ts';
import { instantText } from '../../../store/instants.ts';
import { propertyTerm } from '../projection/derive-values.ts';
import { type Condition, conjuncts, type DidCondition } from './condition.ts';
import { exceptHidden } from './hidden-events.ts';
import { pathTo, planDocumentCondition } from './plan-document-condition.ts';
import type { AddParameter, Planning, RecordsCondition } from './plan-records-condition.ts';
import { testIndexed } from './test-indexed.ts';

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
  planning: Planning,
): RecordsCondition {
  if (typeId === undefined) return { sql: 'false', served: true };
  const { add, source, hiddenEvents } = planning;
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
  const found = condition ? planIndexedEvents(typeId, condition, planning) : [];
  return { sql: [...found, sql].join(' and '), served: true };
}

/** Whom the rows of event_value lead to, of whom all else is looked at: each has such an event for each condition that they can tell of. */
function planIndexedEvents(
  typeId: number,
  condition: Condition,
  { add, source, indexedOfEvents }: Planning,
): string[] {
  const indexed = indexedOfEvents(typeId);
  return conjuncts(condition).flatMap((part) => {
    if ((part.kind !== 'equals' && part.kind !== 'compares') || !indexed.has(part.path)) return [];
    const tested = testIndexed(part, add);
    if (tested === undefined) return [];
    return `c.record_id in (
      select o.record_id from event_value v join ${source.owners} o on o.profile_id = v.profile_id
       where v.workspace_id = $1 and v.type_id = ${add(typeId)}::integer and v.property = ${propertyTerm(`${add(part.path)}::text`)}
         and (${tested}))`;
  });
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
        ({ sign, value }) =>
          `e.occurred_at ${sign} ${add(instantText(Date.parse(String(value))))}::text::timestamptz`,
      );
      return parts.join(' and ');
    }
    default:
      throw new Error(`a timeframe has no condition of the kind ${timeframe.kind}`);
  }
}
