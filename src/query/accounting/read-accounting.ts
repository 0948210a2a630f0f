import { type AccountingRow, readCounts } from '../../core/accounting/accounting-store.ts';
import type { WorkspaceId } from '../../core/workspace/workspace.ts';
import type { Queryable } from '../../store/queryable.ts';

/** What came in over one dialect within one hour (UTC) of receipt, and what became of it. */
export interface AccountedHour {
  readonly dialect: string;
  readonly hour: Date;
  received: number;
  stored: number;
  duplicate: number;
  quarantined: number;
  dropped: number;
  /** `dropped`, by why. */
  readonly droppedBy: Record<string, number>;
  /** Beside the equation. */
  derived: number;
  deleted: number;
  refused: number;
  readonly refusedBy: Record<string, number>;
  readonly attributesDroppedBy: Record<string, number>;
  linksCapped: number;
}

/** received = stored + duplicate + quarantined + dropped. */
export function closes(hour: AccountedHour): boolean {
  return hour.received === hour.stored + hour.duplicate + hour.quarantined + hour.dropped;
}

/** The counters between two hours (inclusive), oldest first, one entry for each dialect and hour with any. */
export async function readAccounting(
  connection: Queryable,
  workspaceId: WorkspaceId,
  since: Date,
  until: Date,
): Promise<AccountedHour[]> {
  const hours = new Map<string, AccountedHour>();
  for (const row of await readCounts(connection, workspaceId, since, until)) {
    addCount(
      hours.getOrInsertComputed(`${row.hour.getTime()}/${row.dialect}`, () => emptyHour(row)),
      row,
    );
  }
  return [...hours.values()];
}

function emptyHour({ dialect, hour }: AccountingRow): AccountedHour {
  return {
    dialect,
    hour,
    received: 0,
    stored: 0,
    duplicate: 0,
    quarantined: 0,
    dropped: 0,
    droppedBy: {},
    derived: 0,
    deleted: 0,
    refused: 0,
    refusedBy: {},
    attributesDroppedBy: {},
    linksCapped: 0,
  };
}

function addCount(hour: AccountedHour, { outcome, reason, total }: AccountingRow): void {
  switch (outcome) {
    case 'attribute-dropped':
      hour.attributesDroppedBy[reason] = total;
      break;
    case 'link-capped':
      hour.linksCapped += total;
      break;
    case 'dropped':
      hour.droppedBy[reason] = total;
      hour.dropped += total;
      break;
    case 'refused':
      hour.refusedBy[reason] = total;
      hour.refused += total;
      break;
    default:
      hour[outcome] += total;
  }
}
