import type { IdentityKind, Key } from '../../../core/identity/identity.ts';
import type { AttributeChanges } from '../../../core/profile/attributes.ts';
import type { Source } from '../../../core/source/source.ts';
import type { Workspace } from '../../../core/workspace/workspace.ts';
import type { EventItem } from '../../../ingest/item.ts';
import { hashEmail, isIdentify, type TrackedEvent } from '../api/events/parse.ts';
import { identifyingField, isOpenToVisitors } from '../custom-field/custom-field.ts';
import { type CustomFieldValue, fieldKeys } from '../custom-field/field-value.ts';
import {
  defaultValues,
  type MatchedFields,
  matchFields,
  toAttributes,
} from '../custom-field/match-fields.ts';
import { keyedAddress, keyedMembership, membershipPath, newMembership } from './membership.ts';

/** Made before the event is stored, so that preparing it twice, or again from the quarantine, gives the same. */
export interface Drawn {
  /** The visitor's id where none was sent and none is known (docs/spec/octeth.md C6). */
  readonly uuid: string;
  /** Likewise for the external id (ruling 3). */
  readonly externalId: string;
  /** The subscriber whom the ID tells without an address: by the identifying field, or as the hash of its address, or null (B9, B10). */
  readonly subscriberId: string | null;
}

/** Names of what is remembered of subscribers and visitors. */
export const uuidState = 'uuid';
export const externalIdState = 'external-id';
/** By which browsers an address was identified on a list. What visitors claim is remembered apart: it pushes nothing out. */
export const identifiedState = ({ listId, keyless }: Pick<TrackedEvent, 'listId' | 'keyless'>) =>
  `${keyless ? 'claimed' : 'identified'}:${listId}`;

/** The keys that follow from a subscriber's values. */
export const subscriberKeyKinds: readonly IdentityKind[] = ['emailHash', 'customField', 'uniqueValue'];

export function subscriberKeys(workspace: Workspace, values: Readonly<Record<string, unknown>>): Key[] {
  const emailHash: Key = { kind: 'emailHash', value: hashEmail(String(values.EmailAddress)) };
  return [emailHash, ...fieldKeys(workspace, values)];
}

/** Characters of a custom field's value that a visitor may write, as JSON. */
const maximumVisitorValueLength = 1000;

type States = ReadonlyMap<string, unknown>;

/** What an event says of its subscriber, beside what it is found by. */
interface Said {
  readonly event: TrackedEvent;
  readonly drawn: Drawn;
  readonly workspace: Workspace;
  readonly list: Source;
  readonly matched: MatchedFields;
  readonly receivedAt: number;
}

/**
 * The custom fields that an identify event names (B11); of an event without an address they would change a stranger's. A visitor
 * writes those only that are meant for subscribers to fill in, and that find nobody.
 */
export function matchIdentifyProperties(
  { email, identifyProperties, keyless }: TrackedEvent,
  workspace: Workspace,
  list: Source,
): MatchedFields {
  if (email) {
    const matched = matchFields(workspace, list, identifyProperties);
    return keyless ? keepOpenFields(matched) : matched;
  }
  const total = Object.keys(identifyProperties).length;
  return { values: new Map(), dropped: total === 0 ? {} : { 'identify-properties-without-address': total } };
}

function keepOpenFields({ values, dropped }: MatchedFields): MatchedFields {
  const open = [...values].filter(([field, value]) => isOpenToVisitors(field) && isShort(value));
  const closed = values.size - open.length;
  return {
    values: new Map(open),
    dropped: closed === 0 ? dropped : { ...dropped, 'custom-field-not-for-visitors': closed },
  };
}

function isShort(value: CustomFieldValue): boolean {
  return JSON.stringify(value).length <= maximumVisitorValueLength;
}

/** The subscriber of an event, found by its address or told by its ID; undefined for a visitor's. */
export function subscriberOf(
  said: Said,
): Pick<EventItem, 'subject' | 'write' | 'fillsOnly' | 'keyRule'> | undefined {
  const { event, drawn, workspace } = said;
  const states = [uuidState, externalIdState, ...identifiedStates(event)];
  /** A browser's id that we make up is a key of the subscriber itself: there is no visitor yet. */
  const madeUuid = (known: States): Key[] =>
    event.uuid !== undefined || known.has(uuidState) ? [] : [{ kind: 'visitor', value: drawn.uuid }];
  if (event.email) {
    const { normal, written } = event.email;
    return {
      subject: {
        keys: [{ kind: 'email', value: normal }],
        contacts: [],
        anonymous: false,
        expects: 'any',
        states,
      },
      ...(event.keyless ? { fillsOnly: true } : {}),
      write: (profile) => subscribe(said, written, profile.values, profile.states),
      keyRule: {
        kinds: subscriberKeyKinds,
        of: (values, known) => [...subscriberKeys(workspace, values), ...madeUuid(known)],
      },
    };
  }
  if (drawn.subscriberId === null) return undefined;
  return {
    subject: { profileId: drawn.subscriberId, states },
    keyRule: { kinds: [], of: (_values, known) => madeUuid(known) },
  };
}

/** The uuid that the event goes under: the one sent, or known of its subscriber, or a new one (C6). */
export function uuidOf(event: TrackedEvent, drawn: Drawn, known: unknown): string {
  return event.uuid ?? (typeof known === 'string' ? known : drawn.uuid);
}

/** B6: whether this is the first event of an address under its uuid on its list. */
export function isNewPair(event: TrackedEvent, uuid: string, states: States): boolean {
  const isKnown = (name: string) => readTexts(states.get(name)).includes(uuid);
  return event.email !== undefined && !identifiedStates(event).some(isKnown);
}

/** By which a pair is no new one: for a keyed call only what keyed calls have said. */
function identifiedStates({ listId, keyless }: TrackedEvent): string[] {
  const keyed = identifiedState({ listId, keyless: false });
  return keyless ? [keyed, identifiedState({ listId, keyless })] : [keyed];
}

export function readTexts(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}

/** B5, C14: the address keeps the case that it was first written in. */
function subscribe(
  said: Said,
  written: string,
  values: Record<string, unknown>,
  states: States,
): AttributeChanges {
  const { event, workspace, list, matched, receivedAt } = said;
  const changes: AttributeChanges = {};
  const path = membershipPath(event.listId);
  const address = event.keyless ? values.EmailAddress : keyedAddress(values);
  const membership = event.keyless ? values[path] : keyedMembership(values, event.listId);
  if (address === undefined || address === null) changes.EmailAddress = written;
  if (membership === undefined || membership === null) {
    changes[path] = newMembership(receivedAt, event.keyless);
    Object.assign(changes, defaultValues(workspace, list, matched.values));
  }
  return Object.assign(changes, toAttributes(workspace, matched.values), identifyingValue(said, states));
}

/** B9: the ID is written after IdentifyProperties, when somebody is identified by this event. */
function identifyingValue({ event, drawn, workspace, list }: Said, states: States): AttributeChanges {
  const field = event.id === undefined || event.keyless ? undefined : identifyingField(workspace, list);
  if (!field) return {};
  const uuid = uuidOf(event, drawn, states.get(uuidState));
  if (!isIdentify(event.name) && !isNewPair(event, uuid, states)) return {};
  return toAttributes(workspace, new Map([[field, event.id!]]));
}
