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
}
