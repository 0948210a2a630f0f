import type { StoredEvent } from '../../../core/event/event.ts';
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

/** Of somebody who was forgotten nothing is left but that there was an event (docs/erasure.md). */
const detailOfForgotten: EventDetail = {
  nonce: '',
  trackerId: null,
  fields: { event: {}, user: {}, invalidMetrics: {} },
};

export function readEventDetail({ detail }: Pick<StoredEvent, 'detail'>): EventDetail {
  return (detail as Readonly<object> | null as EventDetail | null) ?? detailOfForgotten;
}
