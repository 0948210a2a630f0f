/**
 * Per workspace, dialect and hour of receipt: received = stored + duplicate + quarantined + dropped. `received` is counted by
 * the parser, the others by what was written; both are stored in the batch's own transaction, so the equation can fail only
 * if the code is wrong, and `throughline verify` would show it.
 *
 * Beside the equation: `derived` (events that an event gave rise to), `deleted` (rows that were removed later), `refused`
 * (requests that never became an event), `attribute-dropped`, `link-capped`.
 *
 * Requests that carry no events (profile upserts) are not counted, but for those that go to quarantine: they are `received` and
 * `quarantined` until they are replayed, so that the counter equals the rows.
 */
export type AccountedOutcome =
  | 'received'
  | 'stored'
  | 'duplicate'
  | 'quarantined'
  | 'dropped'
  | 'derived'
  | 'deleted'
  | 'refused'
  | 'attribute-dropped'
  | 'link-capped';

export interface Count {
  readonly dialect: string;
  /** Milliseconds since the epoch; the hour it lies in is what counts. */
  readonly receivedAt: number;
  readonly outcome: AccountedOutcome;
  readonly reason: string;
  readonly total: number;
}

interface GrowingCount extends Count {
  total: number;
}

const hour = 60 * 60 * 1000;

/** Counts of one batch, added up by dialect, hour, outcome and reason. */
export class Tally {
  readonly #counts = new Map<string, GrowingCount>();

  add(dialect: string, receivedAt: number, outcome: AccountedOutcome, reason = '', total = 1): void {
    const start = receivedAt - (receivedAt % hour);
    const key = `${dialect}\n${start}\n${outcome}\n${reason}`;
    const known = this.#counts.get(key);
    if (known) known.total += total;
    else this.#counts.set(key, { dialect, receivedAt: start, outcome, reason, total });
  }

  /** In key order, so that two transactions never lock rows crosswise. */
  counts(): Count[] {
    return [...this.#counts.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, count]) => count);
  }
}
