import type { Static } from 'typebox';
import { type AccountedHour, closes } from '../../query/accounting/read-accounting.ts';
import { timeOf } from '../date-times.ts';
import type { AccountingReply } from './schemas.ts';

export function presentAccounting(
  since: Date,
  until: Date,
  hours: readonly AccountedHour[],
): Static<typeof AccountingReply> {
  return {
    since: timeOf(since),
    until: timeOf(until),
    closes: hours.every(closes),
    hours: hours.map((hour) => ({
      dialect: hour.dialect,
      hour: timeOf(hour.hour),
      received: hour.received,
      stored: hour.stored,
      duplicate: hour.duplicate,
      quarantined: hour.quarantined,
      dropped: hour.dropped,
      droppedBy: hour.droppedBy,
      closes: closes(hour),
      derived: hour.derived,
      deleted: hour.deleted,
      refused: hour.refused,
      refusedBy: hour.refusedBy,
      attributesDroppedBy: hour.attributesDroppedBy,
      linksCapped: hour.linksCapped,
    })),
  };
}
