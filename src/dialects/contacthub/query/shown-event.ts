import { type EventContext, eventContextOf } from '../../../core/event/event.ts';
import { joinValues, splitFirst, splitValues } from '../../../store/joined-rows.ts';

/** An event with the record that it is shown on. What replies only pass on is text as the database has it. */
export interface ShownEvent {
  readonly id: string;
  readonly type: string;
  /** Of its profile. */
  readonly nodeId: number;
  /** Null while the profile is anonymous and follows nobody. */
  readonly recordId: string | null;
  /** True when its profile was bound to the record only after it. */
  readonly reattributed: boolean;
  readonly context: EventContext | null;
  /** Instants, as the database writes them. */
  readonly occurredAt: string;
  readonly receivedAt: string;
  readonly updatedAt: string;
  readonly version: number;
  /** JSON. */
  readonly properties: string;
  /** JSON; empty where there is none. */
  readonly detail: string;
}

/** Of most profiles the record is their own, so that no other has to be looked at. */
const isAnonymous = `case when p.record_id = p.id then p.anonymous
  else (select r.anonymous from profile r where r.workspace_id = $1 and r.id = p.record_id) end`;

/** True when its profile was bound to the record by a link that is younger than the event. */
const isReattributed = `p.record_id <> p.id and exists (
    select from link l
     where l.workspace_id = $1 and l.first_profile = e.profile_id and l.second_profile <> e.profile_id
       and l.exclusive and l.undone_at is null and l.created_seq > e.seq)`;

/** SQL of what is shown of the event `e`, besides its id and type, by the row of `shownProfile`, as one text. */
export const eventTelling = joinValues([
  'p.node_id',
  `case when not ${isAnonymous} then p.record_id end`,
  `(${isReattributed})`,
  'e.context',
  // Of most events these are one instant, and it is written once: a sixteenth of the database's work for a stream of them.
  'e.received_at',
  'nullif(e.occurred_at, e.received_at)',
  'e.updated_at',
  'e.version',
  'e.properties',
  'e.detail',
]);

/** SQL of the profile that the event `e` is of; an event whose profile is gone is not shown. */
export const shownProfile =
  'profile p where p.workspace_id = $1 and p.id = e.profile_id and p.deleted_at is null';

/** SQL of what is shown of the event `e`, with the rows of `shownJoins`, as one text. */
export const shownEvent = joinValues(['e.id', 't.name', eventTelling]);

export const shownJoins = `
  join event_type t on t.workspace_id = $1 and t.id = e.type_id
  join profile p on p.workspace_id = $1 and p.id = e.profile_id and p.deleted_at is null`;

/** Reads what `shownEvent` has made. */
export function readShown(text: string): ShownEvent {
  const { values, rest } = splitFirst(text, 2);
  const [id = '', type = ''] = values;
  return readTelling(id, type, rest);
}

/** Reads what `eventTelling` has made. */
export function readTelling(id: string, type: string, text: string): ShownEvent {
  const [
    nodeId,
    recordId = '',
    reattributed,
    context = '',
    receivedAt = '',
    occurredAt,
    updatedAt,
    version,
    properties = '',
    detail = '',
  ] = splitValues(text);
  return {
    id,
    type,
    nodeId: Number(nodeId),
    recordId: recordId === '' ? null : recordId,
    reattributed: reattributed === 't',
    context: context === '' ? null : eventContextOf(Number(context)),
    occurredAt: occurredAt || receivedAt,
    receivedAt,
    updatedAt: updatedAt || receivedAt,
    version: Number(version),
    properties,
    detail,
  };
}
