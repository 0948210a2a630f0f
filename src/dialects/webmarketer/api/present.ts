import type { Page } from '../../../query/page.ts';

/** Section 0: clients read `offset` and `limit` from every page, though the vendor's samples mostly lack them. */
export function presentPage<Item>(data: readonly Item[], total: number, { offset, limit }: Page) {
  return { data, count: data.length, total, offset, limit };
}
