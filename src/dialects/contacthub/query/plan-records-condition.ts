import { arrayLiteral } from '../../../store/parameters.ts';
import type { Parameter } from '../../../store/queryable.ts';
import { parseVendorDate } from '../documents/dates.ts';
import { propertyTerm } from '../projection/derive-values.ts';
import {
  attributeColumns,
  isTermed,
  knownTerm,
  orderedColumns,
  subscriptionMembers,
  subscriptions,
  termSalt,
  valueTerm,
} from '../projection/indexed-values.ts';
import type { HiddenEvents } from '../retention/due-rules.ts';
import { customerDefaults, locate } from '../rules/customer-shape.ts';
import {
  type Comparison,
  type Condition,
  type ConditionValue,
  conditionPaths,
  conjuncts,
} from './condition.ts';
import { documentOf } from './customer-document.ts';
import { planDid } from './plan-did.ts';
import { pathTo, planDocumentCondition } from './plan-document-condition.ts';
import { entryRecords, type RecordSource } from './record-source.ts';
import { type IndexedCondition, testIndexed } from './test-indexed.ts';

/** Adds a parameter to the statement and answers what stands for it. */
export type AddParameter = (value: Parameter) => string;

/** What a statement is planned with. */
export interface Planning {
  readonly add: AddParameter;
  /** Paths of extended properties whose numbers and texts stand in customer_value. */
  readonly indexed: ReadonlySet<string>;
  readonly source: RecordSource;
  /** Paths of properties of events of a type whose numbers and texts stand in event_value. */
  readonly indexedOfEvents: (typeId: number) => ReadonlySet<string>;
  /** What the node does not show. */
  readonly hiddenEvents: readonly HiddenEvents[];
}

/** To see how a condition would be planned. */
const nothingAdded = {
  add: () => '',
  source: entryRecords,
  hiddenEvents: [],
  indexedOfEvents: () => new Set<string>(),
};

/** A condition of the row `c` of customer_index; true, or false or null. */
export interface RecordsCondition {
  readonly sql: string;
  /** Whether an index leads to those that it holds for. */
  readonly served: boolean;
}

/**
 * A part that only the document can answer is put together with its neighbours, so that it is read once; and so is one that needs a term,
 * since the index looks for several at once in little more than half of the time that it takes for one after the other.
 */
type Planned = RecordsCondition | { readonly document: Condition } | { readonly term: string };

const never: RecordsCondition = { sql: 'false', served: true };
const always: RecordsCondition = { sql: 'true', served: false };

const salt = termSalt('$1::integer', '$2::integer');

/**
 * Plans a condition of records: by the columns and terms of customer_index and the rows of customer_value as far as they go, else by what
 * the record shows.
 */
export function planRecordsCondition(condition: Condition, planning: Planning): RecordsCondition {
  return settle(plan(condition, planning), planning);
}

/** The attributes of a condition that no index leads to, in the order of the query. */
export function unservedAttributes(condition: Condition, indexed: ReadonlySet<string>): string[] {
  const attributes: string[] = [];
  const walk = (part: Condition): void => {
    switch (part.kind) {
      case 'and':
      case 'or':
        for (const one of part.conditions) walk(one);
        return;
      case 'not':
        attributes.push(...conditionPaths(part));
        return;
      case 'did':
        return;
      default:
        if (!planRecordsCondition(part, { ...nothingAdded, indexed }).served) attributes.push(part.path);
    }
  };
  walk(condition);
  return [...new Set(attributes)];
}

function settle(planned: Planned, { add, source }: Planning): RecordsCondition {
  if ('term' in planned) return haveTerms([planned.term]);
  if (!('document' in planned)) return planned;
  const { expression, variables } = planDocumentCondition(planned.document, locateInDocument);
  const document = documentOf(planned.document, source);
  return {
    sql: `coalesce(jsonb_path_match(${document}, ${add(expression)}::jsonpath, ${add(JSON.stringify(variables))}::text::jsonb, true), false)`,
    served: false,
  };
}

function haveTerms(terms: readonly string[]): RecordsCondition {
  return { sql: `c.terms @> array[${terms.join(', ')}]`, served: true };
}

function locateInDocument(path: string) {
  const place = locate(path);
  if (place.kind === 'group') return { prefix: place.prefix };
  const [attribute, ...members] = [pathTo(place.path), ...place.members.map((name) => pathTo(name).slice(1))];
  return { expression: `${attribute}[0]${members.join('')}` };
}

function plan(condition: Condition, planning: Planning): Planned {
  switch (condition.kind) {
    case 'and':
    case 'or':
      return planJoined(condition.kind, condition.conditions, planning);
    case 'not': {
      const planned = plan(condition.condition, planning);
      if ('document' in planned) return { document: { kind: 'not', condition: planned.document } };
      return { sql: `(${settle(planned, planning).sql}) is not true`, served: false };
    }
    case 'is-known':
      return planKnown(condition.path, planning) ?? { document: condition };
    case 'equals':
      // Nothing is one of no values; and an array without any has no type.
      if (condition.values.length === 0) return never;
      return (
        planEquals(condition.path, condition.values, planning) ??
        planIndexed(condition, planning) ?? { document: condition }
      );
    case 'compares':
      return (
        planCompares(condition.path, condition.comparisons, planning) ??
        planIndexed(condition, planning) ?? { document: condition }
      );
    case 'holds':
      return planHolds(condition, planning) ?? { document: condition };
    case 'did':
      return planDid(condition, planning);
  }
}

function planJoined(kind: 'and' | 'or', conditions: readonly Condition[], planning: Planning): Planned {
  const flat = kind === 'and' ? conditions.flatMap(conjuncts) : conditions;
  const planned = flat.map((condition) => plan(condition, planning));
  const documents = planned.flatMap((part) => ('document' in part ? [part.document] : []));
  if (documents.length === planned.length && documents.length > 0)
    return { document: { kind, conditions: documents } };
  const terms = planned.flatMap((part) => ('term' in part ? [part.term] : []));
  const parts = planned.flatMap((part) => ('sql' in part ? [part] : []));
  if (kind === 'or') parts.push(...terms.map((term) => haveTerms([term])));
  else if (terms.length > 0) parts.push(haveTerms(terms));
  if (documents.length > 0) parts.push(settle({ document: { kind, conditions: documents } }, planning));
  if (parts.length === 0) return kind === 'and' ? always : never;
  return {
    sql: parts.map((part) => `(${part.sql})`).join(kind === 'and' ? ' and ' : ' or '),
    served: kind === 'and' ? parts.some((part) => part.served) : parts.every((part) => part.served),
  };
}

function planKnown(path: string, { add }: Planning): Planned | undefined {
  const place = locate(path);
  if (place.kind === 'group' || place.members.length > 0) return undefined;
  if (Object.hasOwn(systemTimes, path) || Object.hasOwn(customerDefaults, path) || path === 'id')
    return always;
  const column = attributeColumns.get(path);
  if (column) return { sql: `c.${column} is not null`, served: false };
  if (!hasTerms(path)) return undefined;
  return { term: knownTerm(`${add(path)}::text`, salt) };
}

function planEquals(path: string, values: readonly ConditionValue[], { add }: Planning): Planned | undefined {
  if (path === 'id') return planId(values, add);
  const time = timeColumn(path);
  if (time) {
    const dates = values.flatMap((value) => dateOf(value) ?? []);
    const list = arrayLiteral(dates.map((date) => date.toISOString()));
    return { sql: `c.${time} = any(${add(list)}::text::timestamptz[])`, served: true };
  }
  if (!hasTerms(path)) return undefined;
  const name = `${add(path)}::text`;
  const terms = values.map((value) => valueTerm(name, `${add(JSON.stringify(value))}::text::jsonb`, salt));
  const [first] = terms;
  if (terms.length === 1 && first !== undefined) return { term: first };
  return { sql: `c.terms && array[${terms.join(', ')}]`, served: true };
}

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

function planId(values: readonly ConditionValue[], add: AddParameter): RecordsCondition {
  const ids = values.filter((value) => typeof value === 'string' && uuid.test(value)).map(String);
  return { sql: `c.record_id = any(${add(arrayLiteral(ids))}::text::uuid[])`, served: true };
}

function planCompares(
  path: string,
  comparisons: readonly Comparison[],
  { add }: Planning,
): RecordsCondition | undefined {
  const time = timeColumn(path);
  if (time) {
    const dates = comparisons.map(({ value }) => dateOf(value));
    if (dates.includes(undefined)) return undefined;
    const parts = comparisons.map(
      ({ sign }, index) => `c.${time} ${sign} ${add(dates[index] ?? null)}::timestamptz`,
    );
    return { sql: parts.join(' and '), served: true };
  }
  const column = attributeColumns.get(path);
  if (!column) return undefined;
  // A text is neither before nor after what is none.
  if (comparisons.some(({ value }) => typeof value !== 'string')) return never;
  const parts = comparisons.map(({ sign, value }) => `c.${column} ${sign} ${add(String(value))}::text`);
  return { sql: parts.join(' and '), served: orderedColumns.has(column) };
}

/** By the rows of customer_value. */
function planIndexed(condition: IndexedCondition, { add, indexed }: Planning): RecordsCondition | undefined {
  if (!indexed.has(condition.path)) return undefined;
  const tested = testIndexed(condition, add);
  if (tested === undefined) return undefined;
  const property = propertyTerm(`${add(condition.path)}::text`);
  const sql = `exists (
    select from customer_value v
     where v.workspace_id = $1 and v.node_id = $2 and v.record_id = c.record_id and v.property = ${property} and (${tested}))`;
  return { sql, served: true };
}

function planHolds(
  { path, parts, caseSensitive }: Extract<Condition, { kind: 'holds' }>,
  { add }: Planning,
): RecordsCondition | undefined {
  const column = attributeColumns.get(path);
  if (!column) return undefined;
  const pattern = `%${parts.map((part) => part.replaceAll(/[\\%_]/g, '\\$&')).join('%')}%`;
  return { sql: `c.${column} ${caseSensitive ? 'like' : 'ilike'} ${add(pattern)}::text`, served: false };
}

const systemTimes = { registeredAt: 'registered_at', updatedAt: 'updated_at' } as const;

function timeColumn(path: string): string | undefined {
  return path === 'registeredAt' || path === 'updatedAt' ? systemTimes[path] : undefined;
}

function dateOf(value: ConditionValue): Date | undefined {
  return typeof value === 'string' ? parseVendorDate(value) : undefined;
}

/** Whether what stands at the path is in `terms`: an attribute as a whole, or a member of subscriptions. */
function hasTerms(path: string): boolean {
  const place = locate(path);
  if (place.kind === 'group') return false;
  const [member, ...deeper] = place.members;
  if (member === undefined) return isTermed(place.path);
  return place.path === subscriptions && deeper.length === 0 && subscriptionMembers.includes(member);
}
