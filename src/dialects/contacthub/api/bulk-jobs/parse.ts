import { basename } from 'node:path/posix';
import { cutText } from '../../../../core/cut-text.ts';
import { storableText } from '../../../../core/event/storable.ts';
import { RequestError } from '../../../../errors.ts';
import { type BulkOrder, bulkEntities, bulkOperations } from '../../bulk/bulk-job.ts';
import { type SortColumn, sortColumns } from '../../bulk/bulk-job-store.ts';
import { EVENT_TYPE_NAMES } from '../../documents/enums.ts';
import { parseSort } from '../paging.ts';

const longestFileName = 255;

/**
 * What is to be done with the rows. Without `entity` an event type says that they are events (the page has both optional: inferred).
 * @throws RequestError
 */
export function parseOrder(fields: ReadonlyMap<string, string>): BulkOrder {
  const operation = oneOf('operation', bulkOperations, fields);
  if (operation === undefined) throw invalidForm('operation', 'is required');
  const eventType = oneOf('eventType', EVENT_TYPE_NAMES, fields);
  const entity = oneOf('entity', bulkEntities, fields) ?? (eventType === undefined ? 'CUSTOMER' : 'EVENT');
  if (entity === 'CUSTOMER') return { operation, entity, eventType: null };
  if (eventType === undefined) throw invalidForm('eventType', 'is required where entity is EVENT');
  return { operation, entity, eventType };
}

function oneOf<const Name extends string>(
  field: string,
  names: readonly Name[],
  fields: ReadonlyMap<string, string>,
): Name | undefined {
  const value = fields.get(field);
  if (!value) return undefined;
  const known = names.find((name) => name === value);
  if (known === undefined)
    throw invalidForm(field, names.length > 20 ? 'is not known' : `must be one of ${names.join(', ')}`);
  return known;
}

export function invalidForm(field: string, message: string): RequestError {
  return new RequestError('invalid-request', 'source bulk job is not valid', {
    items: [{ path: `/${field}`, message }],
  });
}

/** The name that the client gives its file, without folders. */
export function parseFileName(sent: string): string {
  return cutText(storableText(basename(sent.replaceAll('\\', '/'))), longestFileName) || 'file.csv';
}

/** Newest first, unless asked otherwise. @throws RequestError */
export function parseBulkSort(sort: readonly string[] | undefined): {
  sort: SortColumn;
  descending: boolean;
} {
  const [key, ...others] = parseSort(sort);
  if (!key) return { sort: 'createdAt', descending: true };
  const names = Object.keys(sortColumns).filter((name): name is SortColumn => name in sortColumns);
  const known = names.find((name) => name === key.path);
  if (known === undefined || others.length > 0)
    throw new RequestError('invalid-request', `sort must be one of ${names.join(', ')}`, { path: 'sort' });
  return { sort: known, descending: key.descending };
}
