import { unknownMembers } from '../../../../core/accounting/unknown-members.ts';
import {
  invalid,
  maximumNameLength,
  parseAttributes,
  parseTime,
  parseUserIds,
  readObject,
  type UserIds,
} from '../parse.ts';

export interface EventRequest {
  readonly user: UserIds;
  readonly eventName: string;
  /** Milliseconds since the epoch; undefined: the time of receipt. */
  readonly eventTime: number | undefined;
  readonly eventTimeText: string | undefined;
  readonly eventData: Record<string, unknown>;
  /** Ruling 6. */
  readonly unknownMembers: readonly string[];
}

const eventFields = new Set(['userId', 'anonymousId', 'eventName', 'eventTime', 'eventData']);

/** @throws RequestError `invalid-request`: what is wrong with the envelope, in the vendor's words where they are known */
export function parseEvent(body: unknown): EventRequest {
  const event = readObject(body, 'An event');
  const user = parseUserIds(event);
  const { eventName } = event;
  if (eventName === undefined || eventName === null) throw invalid('eventName cannot be empty.');
  if (typeof eventName !== 'string') throw invalid('eventName must be a string.');
  if (eventName.trim() === '') throw invalid('eventName cannot be empty.');
  if (eventName.length > maximumNameLength) throw invalid('eventName must be less than 50 characters long.');
  const eventTime = parseTime(event.eventTime, 'eventTime');
  return {
    user,
    eventName,
    eventTime,
    eventTimeText: eventTime === undefined ? undefined : String(event.eventTime),
    eventData: parseAttributes(event.eventData, 'eventData'),
    unknownMembers: unknownMembers(event, eventFields),
  };
}
