import type { FieldValue } from '../field-type/value.ts';

/** What is kept of an event of a defined type beside its data: the values as they were checked. */
export interface EventDetail {
  readonly nonce: string;
  readonly trackerId: string | null;
  readonly fields: {
    readonly event: Readonly<Record<string, FieldValue>>;
    readonly user: Readonly<Record<string, FieldValue>>;
    /** Optional states and statistics whose value was not of their type. */
    readonly invalidMetrics: Readonly<Record<string, FieldValue>>;
  };
}
