import { writeCsv } from '../../../http/csv.ts';

/** What became of a row. */
export interface RowResult {
  readonly row: number;
  /** QUARANTINED: an event that breaks its schema; it is kept whole, and can be replayed. */
  readonly outcome: 'OK' | 'QUARANTINED' | 'FAILED';
  /** Of the customer, the event or the quarantined event, where it is known. */
  readonly id: string | null;
  readonly reason: string | null;
  /** True: it was refused before it was anything to store, as a request is. */
  readonly isRefused: boolean;
}

/** Their lines in the file of results. */
export function linesOf(results: readonly RowResult[]): string {
  return results.map(lineOf).join('');
}

/** Only a reason can hold what has to be quoted; most rows have none. */
function lineOf({ row, outcome, id, reason }: RowResult): string {
  return reason === null
    ? `${row},${outcome},${id ?? ''},\r\n`
    : writeCsv([[String(row), outcome, id, reason]]);
}
