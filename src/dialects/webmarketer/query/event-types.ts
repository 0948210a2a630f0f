import type { DialectName } from '../../../core/dialect-name.ts';
import type { EventType } from '../../../core/event-type/event-type.ts';
import type { Workspace } from '../../../core/workspace/workspace.ts';
import { definitionOf } from '../definition/definition.ts';

export const eventTypeOrders = ['name', 'reference', 'createdAt', 'updatedAt'] as const;

export type EventTypeOrder = (typeof eventTypeOrders)[number];

export interface EventTypeQuestion {
  /** True: archived types only; false: live ones only. */
  readonly archived: boolean;
  /** Part of the name or the reference, whatever the case. */
  readonly search?: string | undefined;
  readonly reference?: string | undefined;
  /** Types that have a field of this storage key. */
  readonly storageKey?: string | undefined;
  readonly sort: readonly { readonly by: EventTypeOrder; readonly descending: boolean }[];
  readonly offset: number;
  readonly limit: number;
}

/** A page of a dialect's defined event types, and how many there are in all. Ties go to the newest. */
export function findEventTypes(
  workspace: Workspace,
  dialect: DialectName,
  question: EventTypeQuestion,
): { types: EventType[]; total: number } {
  const found = workspace.eventTypes.ofDialect(dialect).filter((type) => matches(type, question));
  found.sort((a, b) => {
    for (const { by, descending } of question.sort) {
      const order = compare(orderValue(a, by), orderValue(b, by));
      if (order !== 0) return descending ? -order : order;
    }
    return b.id - a.id;
  });
  return {
    types: found.slice(question.offset, question.offset + question.limit),
    total: found.length,
  };
}

function matches(type: EventType, question: EventTypeQuestion): boolean {
  const definition = definitionOf(type);
  if (!definition || (type.archivedAt !== null) !== question.archived) return false;
  if (question.reference !== undefined && type.name !== question.reference) return false;
  if (
    question.storageKey !== undefined &&
    !definition.fields.some((field) => field.storageKey === question.storageKey)
  )
    return false;
  if (question.search === undefined) return true;
  const part = question.search.toLowerCase();
  return type.name.toLowerCase().includes(part) || definition.name.toLowerCase().includes(part);
}

function orderValue(type: EventType, by: EventTypeOrder): string | number {
  switch (by) {
    case 'name':
      return definitionOf(type)!.name.toLowerCase();
    case 'reference':
      return type.name;
    case 'createdAt':
      return type.createdAt.getTime();
    case 'updatedAt':
      return type.updatedAt.getTime();
  }
}

function compare(a: string | number, b: string | number): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
