import type { Field } from '../../core/field/field.ts';
import { checkValue, type FieldContext } from '../../core/field-type/field-type.ts';

/** What is asked of a user field: to have a value, or a text that holds a part, whatever the case. */
export type UserFilter =
  | { readonly kind: 'equals'; readonly field: string; readonly value: string | number | boolean }
  | { readonly kind: 'contains'; readonly field: string; readonly part: string };

export interface UserOrder {
  readonly by:
    | { readonly kind: 'field'; readonly key: string }
    | { readonly kind: 'created' }
    | { readonly kind: 'updated' };
  readonly descending: boolean;
}

export interface UserSearch {
  /** All of them have to be true, each of any of the user's values of its field. */
  readonly filters: readonly UserFilter[];
  /** Users without a value come last; ties go by creation. */
  readonly order: UserOrder;
  readonly offset: number;
  readonly limit: number;
}

/** A search looks at so many profiles, those that were changed last, so that its cost has a bound whatever the project's size. */
export const maximumCandidates = 100_000;

/** The filters with their values in the form that values of the fields are stored in, where they have one. */
export function normalizeFilters(
  filters: readonly UserFilter[],
  fields: readonly Field[],
  context: FieldContext,
): UserFilter[] {
  const types = new Map(
    fields.filter((field) => field.entity === 'user').map((field) => [field.key, field.type]),
  );
  return filters.map((filter) => {
    const type = types.get(filter.field);
    if (filter.kind === 'contains' || type === undefined) return filter;
    const checked = checkValue(type, filter.value, context);
    const normal = checked.valid ? checked.current : undefined;
    return isScalar(normal) ? { ...filter, value: normal } : filter;
  });
}

function isScalar(value: unknown): value is string | number | boolean {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
}
