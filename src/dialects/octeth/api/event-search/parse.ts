import { isStorableText } from '../../../../core/event/storable.ts';
import { isUuid } from '../../../../core/id.ts';
import { refuseParameter } from '../../errors.ts';
import type { ListEventSearch } from '../../query/list-event-search.ts';
import { type Fields, isFalse } from '../fields.ts';

/** What RecordsPerRequest = 0 ("all") is, too. */
const maximumRecords = 10_000;
const maximumTextLength = 255;

/** What is asked of a workspace's events; users and lists still by the vendor's numbers. */
export interface EventSearchQuestion extends Omit<ListEventSearch, 'dialect' | 'sourceId'> {
  readonly userId: number | null;
  readonly listId: number | null;
}

/**
 * Reads a search; what is blank or 0 filters nothing, as in the vendor's (PHP) code.
 * @throws RequestError with code 2 (numbers, UUIDs, texts) or 11 (dates)
 */
export function parseEventSearch(fields: Fields): EventSearchQuestion {
  const typeName = readText(fields, 'EventType');
  return {
    userId: readNumber(fields, 'FilterByUserID') || null,
    listId: readNumber(fields, 'FilterByListID') || null,
    recordNumber: readNumber(fields, 'FilterBySubscriberID') || null,
    typeName: typeName?.toLowerCase() === 'all' ? null : typeName,
    typeNamePart: readText(fields, 'SearchKeyword'),
    firstDay: readDay(fields, 'DateFrom'),
    lastDay: readDay(fields, 'DateTo'),
    uuid: readUuid(fields, 'WebsiteEventUUID'),
    order: readOrder(fields),
    offset: readNumber(fields, 'RecordsFrom'),
    limit: Math.min(readNumber(fields, 'RecordsPerRequest') || maximumRecords, maximumRecords),
    withProperties: !isFalse(fields.get('includeproperties')),
  };
}

/** A whole number of at most 15 digits, which a double holds; 0 when it is absent or blank. */
function readNumber(fields: Fields, name: string): number {
  const value = fields.get(name.toLowerCase());
  if (value === undefined || value === null || value === '') return 0;
  const text = typeof value === 'number' || typeof value === 'string' ? String(value).trim() : '';
  if (!/^\d{1,15}$/.test(text)) throw refuseParameter(2, `${name} has to be a whole number.`);
  return Number(text);
}

function readText(fields: Fields, name: string): string | null {
  const value = fields.text(name.toLowerCase());
  if (value === undefined) return null;
  if (value.length > maximumTextLength || !isStorableText(value))
    throw refuseParameter(2, `${name} has to be a text of at most ${maximumTextLength} characters.`);
  return value;
}

function readUuid(fields: Fields, name: string): string | null {
  const value = readText(fields, name);
  if (value !== null && !isUuid(value)) throw refuseParameter(2, `${name} has to be a UUID.`);
  return value?.toLowerCase() ?? null;
}

function readDay(fields: Fields, name: string): string | null {
  const value = fields.text(name.toLowerCase());
  if (value === undefined) return null;
  try {
    if (/^\d{4}-\d{2}-\d{2}$/.test(value)) return Temporal.PlainDate.from(value).toString();
  } catch {
    // No such day.
  }
  throw refuseParameter(11, `${name} has to be a day, as 2026-03-01.`);
}

/** The vendor's rule (5.9.3): the two count together, and what is wrong falls back to the newest first. */
function readOrder(fields: Fields): EventSearchQuestion['order'] {
  const [field, type] = ['orderfield', 'ordertype'].map((name) => fields.text(name)?.toLowerCase());
  const isKnown = (field === 'eventid' || field === 'createdat') && (type === 'asc' || type === 'desc');
  if (!isKnown) return { by: 'seq', descending: true };
  return { by: field === 'eventid' ? 'seq' : 'time', descending: type === 'desc' };
}
