import type { Key } from '../../../core/identity/identity.ts';
import { emailKey } from '../../../core/value/normal-form.ts';
import { type ExactNumber, isNumber } from '../../../json/exact-number.ts';
import type { Field } from '../field/field.ts';
import { checkValue, type FieldContext, type FieldTypeName, toE164 } from '../field-type/field-type.ts';

/** What is asked of a user field: to have a value, or a text that holds a part, whatever the case. */
export type UserFilter =
  | {
      readonly kind: 'equals';
      readonly field: string;
      readonly value: string | number | ExactNumber | boolean;
    }
  | { readonly kind: 'contains'; readonly field: string; readonly part: string };

export interface UserOrder {
  readonly by:
    | { readonly kind: 'field'; readonly key: string }
    | { readonly kind: 'created' }
    | { readonly kind: 'updated' };
  readonly descending: boolean;
}

export interface UserSearch {
  /** A key that one of the user's profiles has: what makes a search fast, and find everybody. */
  readonly key: Key | null;
  /** All of them have to be true, each of any of the user's values of its field. */
  readonly filters: readonly UserFilter[];
  /** Users without a value come last; ties go by creation. */
  readonly order: UserOrder;
  readonly offset: number;
  readonly limit: number;
}

/** A search looks at so many profiles, those that were changed last, so that its cost has a bound whatever the project's size. */
export const maximumCandidates = 100_000;
/** Visitors of whom nothing is known are no users and are passed over; so many profiles, at most, are looked at in all. */
export const maximumPassed = 1_000_000;

/**
 * Brings the filters' values to the form that values of their fields are stored in, where they have one; and finds the key in them:
 * e-mail addresses and phone numbers are keys, whatever the field.
 */
export function planFilters(
  filters: readonly UserFilter[],
  fields: readonly Field[],
  context: FieldContext,
): Pick<UserSearch, 'filters' | 'key'> {
  const types = new Map(
    fields.filter((field) => field.entity === 'user').map((field) => [field.key, field.type]),
  );
  let key: Key | null = null;
  const normal = filters.map((filter) => {
    const type = types.get(filter.field);
    if (filter.kind === 'contains' || type === undefined) return filter;
    const checked = checkValue(type, filter.value, context);
    if (!checked.valid || !isScalar(checked.current)) return filter;
    key ??= keyOf(type, filter.value, context);
    return { ...filter, value: checked.current };
  });
  return { filters: normal, key };
}

function keyOf(type: FieldTypeName, value: unknown, { phoneCountries }: FieldContext): Key | null {
  if (type !== 'email' && type !== 'phone') return null;
  const normal = type === 'phone' ? toE164(value, phoneCountries) : emailKey(String(value));
  return normal === undefined ? null : { kind: type, value: normal };
}

function isScalar(value: unknown): value is string | number | ExactNumber | boolean {
  return typeof value === 'string' || isNumber(value) || typeof value === 'boolean';
}
