import Type from 'typebox';
import { queryObject } from '../../../http/validation.ts';
import { type PageRequest, presentPage } from './paging.ts';

/** "page 0..50, size 0..50" of lists of what is configured (docs/spec/contacthub.md A#42); of those that name none, inferred. */
export const listPaging = {
  page: Type.Integer({ minimum: 0, maximum: 50, default: 0 }),
  size: Type.Integer({ minimum: 0, maximum: 50, default: 20 }),
};

export const ListQuery = queryObject(listPaging);

/** A page of what fits into memory. `unfilteredTotal`: of all there are, where some were left out. */
export function presentListPage<Element>(
  all: readonly Element[],
  request: PageRequest,
  present: (element: Element) => unknown,
  unfilteredTotal = all.length,
) {
  const { page, size } = request;
  const elements = all.slice(page * size, (page + 1) * size).map(present);
  return presentPage(elements, request, all.length, unfilteredTotal);
}
