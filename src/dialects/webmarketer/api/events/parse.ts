import { unknownMembers } from '../../../../core/accounting/unknown-members.ts';
import { isUuid } from '../../../../core/id.ts';
import { slugPattern } from '../../../../core/workspace/create-workspace.ts';
import { RequestError } from '../../../../errors.ts';
import { invalid, parseDate, parseObject, requireText, toText } from '../parse.ts';

const maximumReferenceLength = 200;
const maximumNonceLength = 256;
const maximumTrackerIdLength = 256;

export interface EventRequest {
  readonly projectId: string;
  /** The type's reference. */
  readonly eventType: string;
  readonly nonce: string;
  readonly trackerId: string | null;
  /** Undefined: the time of receipt. */
  readonly eventDate: Date | undefined;
  readonly data: Record<string, unknown>;
  /** Members of the envelope that the page does not know. */
  readonly unknownMembers: readonly string[];
}

const envelope = new Set(['projectId', 'eventType', 'nonce', 'trackerId', 'eventDate', 'data']);

/**
 * Reads an event's envelope; what `data` holds is the event type's affair.
 * @throws RequestError `invalid-request`, in the words of the vendor's validation
 */
export function parseEvent(body: unknown): EventRequest {
  const event = parseObject(body, 'body');
  const projectId = requireText(event.projectId, 'projectId', 64);
  if (!slugPattern.test(projectId))
    throw invalid(
      `projectId must match ${/^[a-z0-9]+(?:-[a-z0-9]+)*$/} regular expression (small letters and digits, with single hyphens, as my-project)`,
    );
  return {
    projectId,
    eventType: requireText(event.eventType, 'eventType', maximumReferenceLength),
    nonce: requireText(toText(event.nonce, 'nonce'), 'nonce', maximumNonceLength),
    trackerId: parseTrackerId(event.trackerId),
    eventDate: parseDate(event.eventDate, 'eventDate'),
    data: parseObject(event.data, 'data'),
    unknownMembers: unknownMembers(event, envelope),
  };
}

function parseTrackerId(value: unknown): string | null {
  if (value === undefined || value === null || value === '') return null;
  return requireText(toText(value, 'trackerId'), 'trackerId', maximumTrackerIdLength);
}

/** @throws RequestError `not-found` for what is no id of an event */
export function parseEventId(id: string): string {
  if (!isUuid(id)) throw eventNotFound();
  return id.toLowerCase();
}

export function eventNotFound(): RequestError {
  return new RequestError('not-found', 'Event not found');
}
