import type { DialectName } from '../../../core/dialect-name.ts';

/** Which events of a dialect's lists (sources) are asked for. Null: any. */
export interface ListEventSearch {
  readonly dialect: DialectName;
  /** Names count in any case. */
  readonly typeName: string | null;
  readonly typeNamePart: string | null;
  readonly sourceId: number | null;
  /** The number of a record: the seq by which its profile was made. */
  readonly recordNumber: number | null;
  /** The id of an event, or of the browser that events came from. */
  readonly uuid: string | null;
  /** Days in the workspace's zone (`2026-03-01`), both inclusive. */
  readonly firstDay: string | null;
  readonly lastDay: string | null;
  readonly order: { readonly by: 'seq' | 'time'; readonly descending: boolean };
  readonly offset: number;
  readonly limit: number;
  /** False: properties are not read. */
  readonly withProperties: boolean;
}

export interface ListEvent {
  readonly id: string;
  readonly seq: number;
  readonly type: string;
  /** The vendor's id of the list. */
  readonly list: string | null;
  /** Null while the event is an anonymous visitor's. */
  readonly recordNumber: number | null;
  readonly occurredAt: Date;
  /** Empty when they were not asked for. */
  readonly properties: Record<string, unknown>;
}

export type FoundListEvents =
  | { readonly kind: 'found'; readonly events: readonly ListEvent[]; readonly total: number }
  /** The properties of the page are longer than `maximumPageCharacters`. */
  | { readonly kind: 'too-large' };

export const maximumPageCharacters = 32 * 1024 * 1024;

/** Events of one list alone are counted up to this. */
export const maximumCounted = 1_000_000;
