import { defaultAttributes, shownAttributes } from '../query/shown-attributes.ts';
import {
  attributeColumns,
  knownTerm,
  subscriptionMembers,
  subscriptions,
  termSalt,
  unindexedAttributes,
  valueTerm,
} from './indexed-values.ts';
import { lookedUpBy } from './shown-rules.ts';

const names = [...attributeColumns.values()];

/** The columns of customer_index, in the order in which `deriveCustomers` gives them. */
export const customerColumns = [
  'workspace_id',
  'record_id',
  'node_id',
  'registered_at',
  'updated_at',
  'merged',
  'merged_values',
  ...names,
  'terms',
].join(', ');

/** Those that change. */
export const changingColumns: readonly string[] = [
  'registered_at',
  'updated_at',
  'merged',
  'merged_values',
  ...names,
  'terms',
];

const quoted = (texts: readonly string[]) => texts.map((text) => `'${text}'`).join(', ');
const salt = termSalt('p.workspace_id', 'p.node_id');
const isScalar = (value: string) => `jsonb_typeof(${value}) in ('string', 'number', 'boolean')`;
const listOf = (value: string) => `case when jsonb_typeof(${value}) = 'array' then ${value} else '[]' end`;

/** The terms of the attributes `s.attributes` of the record `p`. */
const terms = `array(
  select unnest(case
           when t.path = any(array[${quoted([...attributeColumns.keys()])}]) then array[${valueTerm('t.path', 't.value', salt)}]
           when ${isScalar('t.value')} then array[${valueTerm('t.path', 't.value', salt)}, ${knownTerm('t.path', salt)}]
           else array[${knownTerm('t.path', salt)}]
         end)
    from (
      select a.key as path, v.value
        from jsonb_each(${defaultAttributes} || s.attributes) a
       cross join lateral (
         select a.value -> 0 as value where jsonb_typeof(a.value -> 0) <> 'array'
         union all select e.value from jsonb_array_elements(${listOf('a.value -> 0')}) e
       ) v
       where a.key <> all(array[${quoted(unindexedAttributes)}])
      union all
      select '${subscriptions}.' || m.key, m.value
        from jsonb_array_elements(${listOf(`s.attributes -> '${subscriptions}' -> 0`)}) e
       cross join lateral jsonb_each(case when jsonb_typeof(e.value) = 'object' then e.value else '{}' end) m
       where m.key = any(array[${quoted(subscriptionMembers)}])
    ) t
   where jsonb_typeof(t.value) <> 'null'
   order by 1)`;

const values = [...attributeColumns].map(([path, column]) => `s.attributes #>> '{${path},0}' as ${column}`);

/** SQL of the columns that follow from what a customer `p` shows, the attributes `s.attributes`, and of these. */
export const indexedValues = `${values.join(', ')}, ${terms} as terms, s.attributes`;

/** The document is read once a statement. */
const mergedValues = '(select $5::text::jsonb) -> p.id::text';
const shown = { isMerged: 'k.merged', mergedValues, hidden: '$4::text::text[]' };

/**
 * SQL of the rows of customer_index that profiles give, with what each record shows as `attributes`: of those among `profiles` that name records, of the nodes $2, by the rules of
 * what is shown that are $4 and $5 (`ShownRules`). The condition of `profiles` stands apart from the others, so that they are found by it alone, whatever the planner knows of a growing table.
 */
export function deriveCustomers(profiles: string): string {
  return `
    select p.workspace_id, p.id as record_id, p.node_id, p.created_at as registered_at, k.updated_at, k.merged,
           ${mergedValues} as merged_values,
           ${indexedValues}
      from (select workspace_id, id, node_id, record_id, anonymous, attributes, created_at, deleted_at from profile ${profiles}) p
     cross join lateral (
       select max(m.updated_at) as updated_at, count(*) > 1 as merged from (
         select updated_at, anonymous, deleted_at from profile where ${lookedUpBy('record_id', 'p.id')} offset 0) m
        where not m.anonymous and m.deleted_at is null
     ) k
     cross join lateral (select ${shownAttributes('p', shown)} as attributes offset 0) s
     where p.workspace_id = $1 and p.record_id = p.id and not p.anonymous and p.deleted_at is null
       and p.node_id = any($2::text::integer[])`;
}
