import { storableText } from '../../../core/event/storable.ts';
import { explainViolation } from '../../../core/quarantine/explain-violation.ts';
import type { Violation } from '../../../core/quarantine/quarantine.ts';
import { writeCsv } from '../../../http/csv.ts';
import type { Outcome } from '../../../ingest/outcome.ts';

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
    : storableText(writeCsv([[String(row), outcome, id, reason]]));
}

/** What became of a row, by its outcome. */
export function resultOf(row: number, outcome: Outcome): RowResult {
  const result = (
    what: RowResult['outcome'],
    id: string | null,
    reason: string | null = null,
  ): RowResult => ({ row, outcome: what, id, reason, isRefused: false });
  switch (outcome.kind) {
    case 'stored':
    case 'measured':
      return result('OK', outcome.eventId);
    case 'saved':
      return result('OK', outcome.profileIds[0] ?? null);
    case 'duplicate':
      if (outcome.first === 'dropped') return result('FAILED', null, outcome.first);
      return result(outcome.first === 'quarantined' ? 'QUARANTINED' : 'OK', outcome.eventId);
    case 'quarantined':
      return result('QUARANTINED', outcome.quarantineId, describeViolation(outcome.violation));
    case 'dropped':
      return result('FAILED', null, outcome.reason);
    case 'refused':
      return result('FAILED', null, describeRefused(outcome));
  }
}

function describeViolation({ rule, path, detail }: Violation): string {
  const [first] = Array.isArray(detail.errors) ? detail.errors : [];
  return first ? `${first.path} ${first.message}`.trim() : explainViolation({ rule, path });
}

function describeRefused({ reason, profileId, faults = [] }: Extract<Outcome, { kind: 'refused' }>): string {
  const [fault] = faults;
  if (fault) return `${fault.path} ${fault.message}`.trim();
  if (reason === 'key-taken') return `there is such a customer already: ${profileId}`;
  return reason === 'no-such-profile' ? 'customer not found' : reason;
}
