import { RequestError } from '../../../../errors.ts';
import { type EventErrorCode, eventErrors, refuseEvent } from '../../errors.ts';
import type { Drawn } from '../../subscriber/subscriber.ts';
import { isIdentify, type TrackedEvent } from './parse.ts';

export interface TrackedReply {
  readonly status: 'success';
  readonly uuid: string;
  readonly external_id: string;
  readonly identify_event_sent: boolean;
}

/** docs/spec/octeth.md A1. */
export function presentTracked(answer: Record<string, unknown>): TrackedReply {
  return {
    status: 'success',
    uuid: String(answer.uuid),
    external_id: String(answer.external_id),
    identify_event_sent: answer.identify_event_sent === true,
  };
}

/** The answer to an event of which nothing is remembered: a test, or one in quarantine for a rule the vendor has no code for. */
export function presentUnremembered(event: TrackedEvent, drawn: Drawn): TrackedReply {
  return {
    status: 'success',
    uuid: event.uuid ?? drawn.uuid,
    external_id: event.id ?? drawn.externalId,
    identify_event_sent: isIdentify(event.name),
  };
}

/** @throws RequestError with the vendor's code, for a conversion that lacks properties: it is committed to quarantine by then */
export function refuseQuarantined(detail: Record<string, unknown>): void {
  const { code } = detail;
  if (typeof code !== 'number' || !Object.hasOwn(eventErrors, code)) return;
  const { message, details } = refuseEvent(code as EventErrorCode);
  throw new RequestError('invalid-request', message, { ...details, accounted: true });
}

/** docs/spec/octeth.md A2, C12: event names and property names by their bytes; the list's number as text on POST. */
export function presentPropertyList(
  listId: string,
  asNumber: boolean,
  properties: readonly { type: string; name: string }[],
): { ListID: string | number; Properties: Record<string, string[]> } {
  const namesByType = Map.groupBy(properties, ({ type }) => type);
  const types = [...namesByType.keys()].sort(compareBytes);
  return {
    ListID: asNumber ? Number(listId) : listId,
    Properties: Object.fromEntries(
      types.map((type) => [
        type,
        namesByType
          .get(type)!
          .map(({ name }) => name)
          .sort(compareBytes),
      ]),
    ),
  };
}

function compareBytes(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}
