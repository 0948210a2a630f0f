import { isRecord } from '../../../../core/value/text.ts';
import { readJson } from '../../../../json/read-json.ts';
import { type ParameterReader, readerOfQuery } from '../parameters.ts';

export const sortFields = ['id', 'name', 'status', 'created_at'] as const;
export const filterFields = ['id', 'name', 'status'] as const;

export type SortField = (typeof sortFields)[number];

export interface ClientsQuestion {
  readonly limit: number;
  readonly offset: number;
  /** Fields, the first decides first; with `-` downwards. */
  readonly sort: readonly { readonly field: SortField; readonly isDescending: boolean }[];
  /** What is asked for has each of these values. */
  readonly filters: Readonly<Partial<Record<(typeof filterFields)[number], string>>>;
}

/** The vendor states none. */
const maximumLimit = 1000;
const defaultLimit = 100;

/** The query of the Hub's list of clients. @throws RequestError `invalid-request` with everything that is wrong */
export function parseClientsQuestion(query: unknown): ClientsQuestion {
  const reader = readerOfQuery(query);
  const question = {
    limit: reader.readInteger('limit', 1, maximumLimit) ?? defaultLimit,
    offset: reader.readInteger('offset', 0, Number.MAX_SAFE_INTEGER) ?? 0,
    sort: readSort(reader),
    filters: readFilters(reader),
  };
  reader.finish();
  return question;
}

function readSort(reader: ParameterReader): ClientsQuestion['sort'] {
  const parts = reader.readText('sort')?.split(',') ?? [];
  const sort = parts.flatMap((part) => {
    const field = sortFields.find((known) => known === part.replace(/^-/, ''));
    return field ? [{ field, isDescending: part.startsWith('-') }] : [];
  });
  if (sort.length < parts.length)
    reader.fault('sort', `sort by ${sortFields.join(', ')}; downwards with -`, 'value_error');
  return sort;
}

/** A JSON object of fields and the texts that they have to be. */
function readFilters(reader: ParameterReader): ClientsQuestion['filters'] {
  const text = reader.readText('filters');
  if (text === undefined) return {};
  const filters = parseObject(text);
  const isKnown = (entry: [string, unknown]): entry is [(typeof filterFields)[number], string] =>
    filterFields.some((known) => known === entry[0]) && typeof entry[1] === 'string';
  const entries = Object.entries(filters ?? {});
  if (filters && entries.every(isKnown)) return Object.fromEntries(entries.filter(isKnown));
  reader.fault(
    'filters',
    `value is not a JSON object of texts by ${filterFields.join(', ')}`,
    'value_error.json',
  );
  return {};
}

function parseObject(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = readJson(text);
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
