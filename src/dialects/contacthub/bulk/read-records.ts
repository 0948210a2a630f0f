import { CsvError, parse } from 'csv-parse';

/** A record of a CSV file: its cells as they were sent, or why it is none. `end`: the byte of the window behind it. */
export type CsvRecord =
  | { readonly cells: readonly string[]; readonly end: number }
  | { readonly broken: string; readonly end: number };

/** Broken records of one window; what comes behind is the next one's. */
const maximumBroken = 1000;

export interface WindowPlace {
  /** The part is the file's first, and may begin with a byte order mark. */
  readonly isStart: boolean;
  /** It is the last, whose record needs no line end. */
  readonly isEnd: boolean;
  /** Of one record, in bytes: as much as the body of a request may have that says the same. */
  readonly maximumRecord: number;
}

/**
 * The records that are whole within a part of a CSV file that begins with one: separated by commas (RFC 4180), with line ends of any
 * kind. A line that is no record is told in its place, and the next line is read anew.
 */
export async function readRecords(window: Buffer, place: WindowPlace): Promise<CsvRecord[]> {
  const records: CsvRecord[] = [];
  for (let from = 0, broken = 0; from < window.length && broken < maximumBroken; broken++) {
    const part = window.subarray(from);
    const { found, problem } = await parsePart(part, { ...place, isStart: place.isStart && from === 0 });
    for (const { cells, end } of found) records.push({ cells, end: from + end });
    if (problem === undefined) break;
    from = endOfLine(window, from + (found.at(-1)?.end ?? 0));
    records.push({ broken: problem, end: from });
  }
  return records;
}

interface Found {
  readonly cells: readonly string[];
  readonly end: number;
}

async function parsePart(
  part: Buffer,
  { isStart: bom, isEnd, maximumRecord }: WindowPlace,
): Promise<{ found: Found[]; problem?: string }> {
  const found: Found[] = [];
  const parser = parse({
    bom,
    relax_column_count: true,
    skip_empty_lines: true,
    record_delimiter: ['\r\n', '\n', '\r'],
    max_record_size: maximumRecord,
    on_record: (cells: string[], { bytes }) => {
      found.push({ cells, end: bytes });
      return null;
    },
  });
  parser.resume();
  try {
    await new Promise<void>((resolve, reject) => {
      parser.once('error', reject);
      if (isEnd) parser.once('end', resolve).end(part);
      else parser.write(part, () => resolve());
    });
    return { found };
  } catch (error) {
    if (error instanceof CsvError) return { found, problem: problemOf(error, maximumRecord) };
    throw error;
  } finally {
    parser.destroy();
  }
}

function problemOf({ code }: CsvError, maximumRecord: number): string {
  switch (code) {
    case 'CSV_QUOTE_NOT_CLOSED':
      return 'a quote is not closed';
    case 'CSV_INVALID_CLOSING_QUOTE':
      return 'something stands behind a closing quote; a quote within a quoted cell is written twice';
    case 'INVALID_OPENING_QUOTE':
      return 'a quote stands within a cell that is not quoted';
    case 'CSV_MAX_RECORD_SIZE':
      return `it is longer than ${maximumRecord} bytes, or a quote is not closed`;
    default:
      return 'it is no record of CSV';
  }
}

const lineFeed = 0x0a;
const carriageReturn = 0x0d;

/** Behind the line, not empty, that begins here or after some empty ones. */
function endOfLine(window: Buffer, from: number): number {
  let at = from;
  while (at < window.length && isLineEnd(window[at])) at++;
  while (at < window.length && !isLineEnd(window[at])) at++;
  return Math.min(at + 1, window.length);
}

function isLineEnd(byte: number | undefined): boolean {
  return byte === lineFeed || byte === carriageReturn;
}
