import type { Fields } from '../fields.ts';

/** What RecordsPerRequest = 0 ("all") is, too. */
export const maximumLists = 500;

export interface ListOrder {
  readonly field: 'listid' | 'name' | 'createdon' | 'archivedat';
  readonly descending: boolean;
}

export interface ListsQuestion {
  readonly offset: number;
  readonly limit: number;
  readonly order: ListOrder;
  /** A part of the name or description in lower case; blank: any. */
  readonly search: string;
  /** Undefined: archived or not. */
  readonly archived: boolean | undefined;
}

const orderFields = ['listid', 'name', 'createdon', 'archivedat'] as const;

/** What is not understood is as if it had not been said, as the vendor documents it. */
export function parseListsQuestion(fields: Fields): ListsQuestion {
  const wanted = fields.text('orderfield')?.toLowerCase();
  const archived = String(fields.get('archived') ?? 'false').toLowerCase();
  return {
    offset: readCount(fields, 'recordsfrom'),
    limit: Math.min(readCount(fields, 'recordsperrequest') || maximumLists, maximumLists),
    order: {
      field: orderFields.find((field) => field === wanted) ?? 'listid',
      descending: fields.text('ordertype')?.toLowerCase() === 'desc',
    },
    search: (fields.text('search') ?? '').toLowerCase(),
    archived: archived === 'all' ? undefined : archived === 'true' || archived === '1',
  };
}

function readCount(fields: Fields, name: string): number {
  const text = fields.text(name) ?? '';
  return /^\d{1,9}$/.test(text) ? Number(text) : 0;
}
