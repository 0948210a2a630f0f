import type { ConversationEventType } from '../../conversation/conversation-event.ts';
import { readerOfQuery } from '../parameters.ts';

/** What a list of events is asked by. */
export interface EventQuery {
  /** Inclusive. */
  readonly since: Date;
  /** Exclusive. */
  readonly before: Date;
  readonly adId: string | null;
  readonly type: ConversationEventType | null;
  readonly valueTypeId: string | null;
  readonly value: string | null;
  /** Null: not given. */
  readonly limit: number | null;
  readonly offset: number;
}

const maximumLimit = 1000;

/**
 * The parameters of events, their export and their types (docs/spec/signals.md A3, B11).
 * @throws RequestError `invalid-request` with everything that is wrong; nothing is clamped
 */
export function parseEventQuery(query: unknown): EventQuery {
  const reader = readerOfQuery(query);
  const since = reader.readDate('date_from', 'start');
  const before = reader.readDate('date_to', 'end');
  if (since && before && since >= before) {
    reader.fault('date_to', 'ensure that date_to is not before date_from', 'value_error');
  }
  const { type: idsType, ...id } = reader.readTypeId('event_type_id');
  const type = reader.readType('event_type');
  const parsed = {
    adId: reader.readText('ad_id') ?? null,
    limit: reader.readInteger('limit', 1, maximumLimit) ?? null,
    offset: reader.readInteger('offset', 0, Number.MAX_SAFE_INTEGER) ?? 0,
  };
  reader.finish();
  // Both given and different: nothing is of both types, and neither is the value.
  const contradicts = type && idsType && type !== idsType;
  return {
    since: since!,
    before: contradicts ? since! : before!,
    type: type ?? idsType,
    ...id,
    ...parsed,
  };
}
