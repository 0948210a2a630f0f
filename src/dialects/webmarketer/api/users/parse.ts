import { isNumber } from '../../../../json/exact-number.ts';
import type { UserFilter, UserOrder, UserSearch } from '../../query/user-search.ts';
import { invalid, parseObject, parsePage, requireText } from '../parse.ts';

const maximumKeyLength = 64;
const maximumFields = 200;
const maximumFilters = 5;
const maximumValueLength = 1000;
const maximumPartLength = 200;

export interface UserSearchRequest extends Omit<UserSearch, 'key'> {
  /** Storage keys of the fields to show; undefined: all. */
  readonly fields: readonly string[] | undefined;
}

/** Null is absent, as the vendor's client sends it. @throws RequestError `invalid-request` */
export function parseUserSearch(body: unknown): UserSearchRequest {
  const search = parseObject(body ?? {}, 'body');
  const fields = parseFields(search.fields ?? []);
  return {
    fields: fields.length > 0 ? fields : undefined,
    filters: parseFilters(search.filters ?? {}),
    order: { by: parseSort(search.sort ?? 'createdAt'), descending: parseDescending(search.order ?? 'ASC') },
    ...parsePage({
      offset: parseCount(search.offset ?? 0, 'offset'),
      limit: parseCount(search.limit ?? 10, 'limit'),
    }),
  };
}

function parseFields(value: unknown): string[] {
  if (!Array.isArray(value)) throw invalid('fields must be an array');
  if (value.length > maximumFields) throw invalid(`fields must hold at most ${maximumFields} keys`);
  return value.map((key: unknown, index) => requireText(key, `fields.${index}`, maximumKeyLength));
}

/** A project may have a field by the name of what every user has; that it has not to be guessed, the user's own comes first. */
function parseSort(value: unknown): UserOrder['by'] {
  const key = requireText(value, 'sort', maximumKeyLength);
  if (key === 'createdAt') return { kind: 'created' };
  if (key === 'updatedAt') return { kind: 'updated' };
  return { kind: 'field', key };
}

function parseDescending(value: unknown): boolean {
  if (value !== 'ASC' && value !== 'DESC')
    throw invalid('order must be one of the following values: ASC, DESC');
  return value === 'DESC';
}

function parseFilters(value: unknown): UserFilter[] {
  const filters = Object.entries(parseObject(value, 'filters'));
  if (filters.length > maximumFilters) throw invalid(`filters must hold at most ${maximumFilters} fields`);
  return filters.map(([key, wanted]) => {
    const field = requireText(key, 'a key of filters', maximumKeyLength);
    return parseFilter(field, wanted);
  });
}

function parseFilter(field: string, wanted: unknown): UserFilter {
  if (typeof wanted === 'boolean' || isNumber(wanted)) return { kind: 'equals', field, value: wanted };
  if (typeof wanted === 'string')
    return { kind: 'equals', field, value: requireText(wanted, `filters.${field}`, maximumValueLength) };
  const { contains, ...rest } = parseObject(wanted, `filters.${field}`);
  if (contains === undefined || Object.keys(rest).length > 0)
    throw invalid(`filters.${field} must be a string, a number, a boolean or {contains: string}`);
  const part = requireText(contains, `filters.${field}.contains`, maximumPartLength);
  return { kind: 'contains', field, part };
}

function parseCount(value: unknown, name: string): number {
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0)
    throw invalid(`${name} must be an integer number not less than 0`);
  return value;
}
