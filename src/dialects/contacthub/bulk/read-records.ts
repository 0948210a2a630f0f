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

/** What of a window is handed to the parser at once, where lines need one. */
const parsedBytes = 64 * 1024;

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

/**
 * Takes the records of a window one after the other, as `readRecords` finds them. A line without a quote in it is its cells with commas
 * between them, and needs no parser: that is an eighth of the time.
 */
export class RecordReader {
  readonly #window: Buffer;
  readonly #place: WindowPlace;
  #at = 0;
  /** Where the next quote stands, not before `#at`. */
  #quote: number;
  /** Records that the parser has found. */
  #parsed: CsvRecord[] = [];

  constructor(window: Buffer, place: WindowPlace) {
    this.#window = window;
    this.#place = place;
    this.#quote = this.#findQuote();
  }

  /** What is behind the records that were taken: line ends, or a record that is not whole. */
  get rest(): Buffer {
    return this.#window.subarray(this.#at);
  }

  /** The next records; none when no whole one is left. */
  async take(maximum: number): Promise<CsvRecord[]> {
    const records: CsvRecord[] = [];
    while (records.length < maximum) {
      const record = this.#parsed.shift() ?? this.#takeLine();
      if (record) {
        this.#at = record.end;
        if (!isBlankLine(record)) records.push(record);
        continue;
      }
      this.#parsed = await this.#parse();
      if (this.#parsed.length === 0) break;
    }
    return records;
  }

  /** The line that begins here as a record; undefined where it takes a parser to say what it is. */
  #takeLine(): CsvRecord | undefined {
    const [window, from] = [this.#window, this.#at];
    if (this.#quote < from) this.#quote = this.#findQuote();
    const lineEnd = window.indexOf(lineFeed, from);
    if (lineEnd < 0 || this.#quote < lineEnd || lineEnd - from > this.#place.maximumRecord) return undefined;
    const hasReturn = lineEnd > from && window[lineEnd - 1] === carriageReturn;
    const line = window.toString('utf8', from, hasReturn ? lineEnd - 1 : lineEnd);
    return line.includes('\r') ? undefined : { cells: line === '' ? [] : line.split(','), end: lineEnd + 1 };
  }

  #findQuote(): number {
    const found = this.#window.indexOf(quote, this.#at);
    return found < 0 ? this.#window.length : found;
  }

  async #parse(): Promise<CsvRecord[]> {
    for (let bytes = parsedBytes; ; bytes = this.#window.length) {
      const part = this.#window.subarray(this.#at, this.#at + bytes);
      const isLast = this.#at + part.length === this.#window.length;
      const isEnd = this.#place.isEnd && isLast;
      const found = await readRecords(part, { ...this.#place, isEnd });
      if (found.length > 0 || isLast) return found.map((one) => ({ ...one, end: this.#at + one.end }));
    }
  }
}

/** A line without anything in it is no record; one with two quotes is one of an empty cell. */
function isBlankLine(record: CsvRecord): boolean {
  return 'cells' in record && record.cells.length === 0;
}

/** Whether nothing but line ends is left. */
export function isBlank(rest: Uint8Array): boolean {
  return rest.every(isLineEnd);
}

const lineFeed = 0x0a;
const carriageReturn = 0x0d;
const quote = 0x22;

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
