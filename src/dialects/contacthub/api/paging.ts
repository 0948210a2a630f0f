import { RequestError } from '../../../errors.ts';
import type { SortKey } from '../query/search-records.ts';

export interface PageRequest {
  readonly page: number;
  readonly size: number;
}

/** The vendor's page of a list (docs/spec/contacthub.md E): a page beyond the end is empty and keeps its number. */
export function presentPage(
  elements: readonly unknown[],
  request: PageRequest,
  totalElements: number,
  totalUnfilteredElements: number,
) {
  return { page: pageOf(request, totalElements, totalUnfilteredElements), elements };
}

/** The same as JSON, of elements that are JSON. */
export function writePage(
  elements: readonly string[],
  request: PageRequest,
  totalElements: number,
  totalUnfilteredElements: number,
): string {
  const page = pageOf(request, totalElements, totalUnfilteredElements);
  return `{"page":${JSON.stringify(page)},"elements":[${elements.join(',')}]}`;
}

function pageOf({ page, size }: PageRequest, totalElements: number, totalUnfilteredElements: number) {
  return {
    size,
    totalElements,
    totalUnfilteredElements,
    totalPages: size === 0 ? 0 : Math.ceil(totalElements / size),
    number: page,
  };
}

/** `field`, `field,asc` or `field,desc`. @throws RequestError */
export function parseSort(sort: readonly string[] = []): SortKey[] {
  return sort.filter(Boolean).map((text) => {
    const [path = '', direction = 'asc', ...rest] = text.split(',').map((part) => part.trim());
    const order = direction.toLowerCase();
    if (path === '' || rest.length > 0 || (order !== 'asc' && order !== 'desc')) {
      throw new RequestError('invalid-request', 'sort must be a field, with asc or desc', { path: 'sort' });
    }
    return { path, descending: order === 'desc' };
  });
}

/** Of lists that are in the order of time alone, newest first unless asked otherwise. `paths`: by what time goes. @throws RequestError */
export function parseDateSort(sort: readonly string[] | undefined, what: string, paths = ['date']) {
  const [key, ...rest] = parseSort(sort);
  if (!key) return { descending: true };
  if (paths.includes(key.path) && rest.length === 0) return { descending: key.descending };
  const message = `${what} are sorted by date only: send sort=date,asc or sort=date,desc`;
  throw new RequestError('invalid-request', message, { path: 'sort' });
}
