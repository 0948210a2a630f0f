import { isRecord } from '../../../../core/value/text.ts';
import { RequestError } from '../../../../errors.ts';
import type { EventBodyKind } from '../../documents/event-body.ts';
import { validateEventBody } from '../../documents/validate.ts';
import type { EventEditBody } from '../../documents/wire.ts';
import { repeats } from '../immutable.ts';
import { findUnstorableParts, invalidEvent } from './parse.ts';

export type EventEditKind = Exclude<EventBodyKind, 'create'>;

/** A write of an event that is there, checked as far as that goes without knowing the event. */
export interface EventWrite {
  readonly kind: EventEditKind;
  readonly body: EventEditBody;
}

/** @throws RequestError `invalid-request` with the first thing that is wrong */
export function parseEventEdit(kind: EventEditKind, sent: unknown): EventWrite {
  const errors = validateEventBody(kind, sent);
  if (errors.length > 0) throw invalidEvent(errors);
  if (!isRecord(sent)) throw invalidEvent([{ path: '', message: 'must be an object' }]);
  const unstorable = findUnstorableParts(sent);
  if (unstorable.length > 0) throw invalidEvent(unstorable);
  // Of the schema's form, now that it has passed it.
  return { kind, body: sent as EventEditBody };
}

const immutableKeys = ['id', 'customerId', 'bringBackProperties', 'type', 'registeredAt'] as const;

/**
 * What the page calls immutable may be repeated, and need not be. `version`: that of the event which the caller has read.
 * `shown`: the event as it is now. @throws RequestError `invalid-request`, `conflict` where another write came between
 */
export function checkRepeated({ kind, body }: EventWrite, shown: Readonly<Record<string, unknown>>): void {
  const keys = kind === 'patch' ? ([...immutableKeys, 'context'] as const) : immutableKeys;
  const changed = keys.filter((key) => (body[key] ?? null) !== null && !repeats(body[key], shown[key]));
  if (changed.length > 0)
    throw invalidEvent(changed.map((key) => ({ path: `/${key}`, message: 'is immutable' })));
  const { version = null } = body;
  if (version === null || version === shown.version) return;
  throw new RequestError(
    'conflict',
    `Conflict with another write: the event has version ${shown.version}, not ${version}; read it again`,
    { path: '/version' },
  );
}
