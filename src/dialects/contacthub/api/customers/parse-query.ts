import { findUnstorable } from '../../../../core/event/storable.ts';
import type { Workspace } from '../../../../core/workspace/workspace.ts';
import { parseJson } from '../../../../http/body.ts';
import { isEventTypeName } from '../../documents/enums.ts';
import type { Condition } from '../../query/condition.ts';
import {
  customerSubject,
  eventSubject,
  invalid,
  isAbsent,
  objectOf,
  type QuerySubject,
  readAtomic,
  shown,
  textOf,
  timeframeSubject,
} from './parse-atomic.ts';

/** Bounds of one query; clients send a handful of conditions. */
const maximumDepth = 10;
const maximumConditions = 100;
/** Of those that look inside a text: the dearest there are. */
const maximumLookingInside = 20;

/**
 * The `query` of a customer search (docs/spec/contacthub.md E). Extra names are let pass, as some clients send them.
 * @throws RequestError `invalid-request`
 */
export function parseCustomerQuery(text: string, workspace: Workspace): Condition {
  const outer = objectOf(readText(text), 'query');
  // Looked for in what was read: in the text itself such a character may be written as an escape.
  if (findUnstorable(outer))
    throw invalid(
      'it has a character that no text can hold (U+0000, or half of a pair), or is nested too deeply',
    );
  return readCustomerQuery(objectOf(outer.query ?? outer, 'query'), workspace, customerSubject(workspace));
}

/**
 * The same of a query that was read already. `workspace`: whose event types it can name.
 * @throws RequestError `invalid-request`
 */
export function readCustomerQuery(
  query: Record<string, unknown>,
  workspace: Workspace,
  subject: QuerySubject,
): Condition {
  return new QueryReader(workspace, subject).readQuery(query, 1);
}

function readText(text: string): unknown {
  try {
    return parseJson(text);
  } catch {
    throw invalid('it must be JSON, of no more than a few levels');
  }
}

class QueryReader {
  readonly #workspace: Workspace;
  readonly #subject: QuerySubject;
  #conditions = 0;
  #lookingInside = 0;

  constructor(workspace: Workspace, subject: QuerySubject) {
    this.#workspace = workspace;
    this.#subject = subject;
  }

  /** Sets of customers, joined, cut or taken away from each other, are conditions joined by or, and, not. */
  readQuery(query: Record<string, unknown>, depth: number): Condition {
    this.#bound(depth);
    if (query.type === 'simple') return this.#readSimple(query, depth);
    if (query.type !== 'combined') throw invalid('type must be simple or combined');
    const { queries, conjunction } = query;
    if (!Array.isArray(queries) || queries.length === 0) throw invalid('queries must be a list of queries');
    const conditions = queries.map((part) => this.readQuery(objectOf(part, 'queries'), depth + 1));
    switch (textOf(conjunction).toUpperCase()) {
      case 'INTERSECT':
        return { kind: 'and', conditions };
      case 'UNION':
        return { kind: 'or', conditions };
      case 'EXCEPT': {
        const [first, ...rest] = conditions;
        return {
          kind: 'and',
          conditions: [first!, ...rest.map((condition): Condition => ({ kind: 'not', condition }))],
        };
      }
      default:
        throw invalid('conjunction must be INTERSECT, UNION or EXCEPT');
    }
  }

  /** `are` and `did` together: both hold (docs/spec/contacthub.md, ruling 9). */
  #readSimple(query: Record<string, unknown>, depth: number): Condition {
    const { are, did } = query;
    if (isAbsent(are) && isAbsent(did)) throw invalid('a simple query has are, did or both');
    const conditions: Condition[] = [];
    if (!isAbsent(are)) {
      const { condition } = objectOf(are, 'are');
      if (!isAbsent(condition))
        conditions.push(this.#readCondition(objectOf(condition, 'condition'), depth + 1, this.#subject));
    }
    if (!isAbsent(did)) conditions.push(this.#readDid(objectOf(did, 'did'), depth));
    return conditions.length === 1 && conditions[0] ? conditions[0] : { kind: 'and', conditions };
  }

  #readDid({ event, condition, timeframe }: Record<string, unknown>, depth: number): Condition {
    const { name } = objectOf(event, 'did.event');
    if (!isEventTypeName(name))
      throw invalid(`${shown(name)} is no event type; ask for one of the vendor's, by did.event.name`);
    const read = (part: unknown, what: string, subject: QuerySubject) =>
      isAbsent(part) ? null : this.#readCondition(objectOf(part, what), depth + 1, subject);
    return {
      kind: 'did',
      typeId: this.#workspace.eventTypes.byName('contacthub', name)?.id,
      condition: read(condition, 'did.condition', eventSubject(name, this.#workspace)),
      timeframe: read(timeframe, 'did.timeframe', timeframeSubject),
    };
  }

  #readCondition(condition: Record<string, unknown>, depth: number, subject: QuerySubject): Condition {
    this.#bound(depth);
    if (condition.type === 'atomic') return this.#readAtomic(condition, subject);
    if (condition.type !== 'composite') throw invalid('the type of a condition must be atomic or composite');
    const conjunction = textOf(condition.conjunction).toLowerCase();
    if (conjunction !== 'and' && conjunction !== 'or') throw invalid('conjunction must be and or or');
    const { conditions } = condition;
    if (!Array.isArray(conditions) || conditions.length === 0)
      throw invalid('conditions must be a list of conditions');
    return {
      kind: conjunction,
      conditions: conditions.map((part) =>
        this.#readCondition(objectOf(part, 'conditions'), depth + 1, subject),
      ),
    };
  }

  #readAtomic(condition: Record<string, unknown>, subject: QuerySubject): Condition {
    const read = readAtomic(condition, subject);
    if (asksInside(read) && ++this.#lookingInside > maximumLookingInside)
      throw invalid(
        `a query has at most ${maximumLookingInside} conditions that look inside a text (LIKE, or IN with a text)`,
      );
    return read;
  }

  #bound(depth: number): void {
    if (depth > maximumDepth) throw invalid(`queries are nested at most ${maximumDepth} deep`);
    if (++this.#conditions > maximumConditions)
      throw invalid(`a query has at most ${maximumConditions} conditions`);
  }
}

function asksInside(condition: Condition): boolean {
  return condition.kind === 'not' ? asksInside(condition.condition) : condition.kind === 'holds';
}
