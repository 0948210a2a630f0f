import type { DedupeKey } from '../core/dedupe/dedupe.ts';
import type { DialectName } from '../core/dialect-name.ts';
import type { SourceName } from '../core/source/source.ts';
import type { Workspace } from '../core/workspace/workspace.ts';
import type { Prepared } from './item.ts';
import type { Entry } from './journal.ts';

/** A request as the ingest takes it: one or several items that are stored, and answered, together. */
export interface Submission {
  readonly dialect: DialectName;
  /** By which of the dialect's sources it comes in; null: by none. By one that is archived nothing does. */
  readonly source: SourceName | null;
  /** Milliseconds since the epoch. */
  readonly receivedAt: number;
  /** The request's own key, where the vendor has one: a repeat stores nothing. */
  readonly dedupe?: DedupeKey;
  /** False for requests that carry no events (profile upserts): they stay out of the events' accounting. */
  readonly carriesEvents: boolean;
  /** True: who sent it had no key. Its events say so in their detail, and what it brings counts on budgets of its own. */
  readonly keyless?: boolean;
  /** Of the body, for the bounded queue. */
  readonly bytes: number;
  readonly size: number;
  /** Checks each item against the workspace's configuration. Pure: it runs again when the configuration has moved. */
  readonly prepare: (workspace: Workspace) => Prepared[];
  /** The JSON text of an item as it was sent, for the quarantine. */
  readonly raw: (index: number) => string | Uint8Array;
  /** What besides the body the dialect needs to read an item again. */
  readonly request: Record<string, unknown>;
  /** True: it is one of many that nobody waits for (the rows of a file), and others go first. */
  readonly yields?: boolean;
  /** Its place in a list that is done in order; where it is not its turn, nothing becomes of it, and there are no outcomes. */
  readonly entry?: Entry;
  /** The quarantined event that this is another attempt at. */
  readonly replayOf?: { readonly id: string };
}
