import type { DialectName } from '../dialect-name.ts';

/** A kind of event of one dialect. `definition` is null where the vendor has an open vocabulary. */
export interface EventType {
  readonly id: number;
  readonly publicId: string;
  readonly dialect: DialectName;
  readonly name: string;
  /** Counts up with each change of the definition; an event keeps the version that it was checked by. */
  readonly version: number;
  readonly definition: Record<string, unknown> | null;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  /** Archived types take no events; what they have taken stays. */
  readonly archivedAt: Date | null;
  /** True: a visitor's event brought it, without a key. It counts on the visitors' own budget. */
  readonly keyless: boolean;
}

/** A workspace has at most this many event types that keyed calls have made: each costs rows in every rollup. */
export const maximumEventTypes = 10_000;
/** Beside them, those that visitors' events have brought; further names go to a catch-all type. */
export const maximumKeylessTypes = 200;

/** What to do about too many of them. */
export const eventTypeRemedy =
  'Delete event types that are not needed: throughline event-types delete, or DELETE …/event-types/{id} of the native API.';
