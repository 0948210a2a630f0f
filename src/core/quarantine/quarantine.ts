import type { DialectName } from '../dialect-name.ts';

/** What a bad event broke. */
export interface Violation {
  /** A short stable name: `missing-field`, `invalid-field`, `unknown-event-type`, `text-not-storable` ... */
  readonly rule: string;
  /** JSON pointer into the event as it was sent. */
  readonly path: string | null;
  /** Every violation in the dialect's own terms; the vendor's replies are made from it. */
  readonly detail: Record<string, unknown>;
}

/** What can become of a bad event that is replayed, but that it breaks a rule again. */
export const replayedAs = ['stored', 'saved', 'duplicate', 'dropped'] as const;
export type ReplayedAs = (typeof replayedAs)[number];

/** A bad event, kept whole. */
export interface QuarantinedEvent {
  readonly id: string;
  readonly dialect: DialectName;
  readonly type: string | null;
  readonly rule: string;
  readonly path: string | null;
  readonly detail: Record<string, unknown>;
  /** What besides the body its dialect needs to read it again (path parameters, headers that matter). */
  readonly request: Record<string, unknown>;
  /** The event's JSON text as it was sent. */
  readonly raw: Uint8Array;
  readonly occurredAt: Date;
  readonly receivedAt: Date;
  readonly processedAt: Date;
  readonly replayedAt: Date | null;
  /** null: it was not replayed, or before that was noted. */
  readonly replayedAs: ReplayedAs | null;
}

/** Which of the bad events that wait are meant. */
export interface QuarantineScope {
  /** undefined: whatever. */
  readonly dialect?: string | undefined;
  readonly rule?: string | undefined;
  /** null: those of which no type is known. */
  readonly type?: string | null | undefined;
}
