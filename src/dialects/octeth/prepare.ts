import { checkAmount } from '../../core/field-type/amount.ts';
import type { Key } from '../../core/identity/identity.ts';
import type { MetricValue } from '../../core/metric/metric.ts';
import type { AttributeChanges } from '../../core/profile/attributes.ts';
import { defaultNode, findSource, type Workspace } from '../../core/workspace/workspace.ts';
import type { Completion, Facet, Prepared, Resolution } from '../../ingest/submission.ts';
import { eventErrors } from './errors.ts';
import {
  findProperty,
  findViolation,
  hashEmail,
  isConversion,
  isEmailHash,
  isIdentify,
  isTest,
  type TrackedEvent,
} from './parse.ts';

/** Made before the event is stored, so that preparing it twice, or again from the quarantine, gives the same. */
export interface Drawn {
  /** The visitor's id where none was sent and none is known (spec/octeth.md C6). */
  readonly uuid: string;
  /** Likewise for the external id (ruling 3). */
  readonly externalId: string;
  /** The subscriber whose e-mail address the ID is the hash of, or null (B10). */
  readonly subscriberId: string | null;
}

/** Names of what is remembered of subscribers and visitors. */
const uuidState = 'uuid';
const externalIdState = 'external-id';
const identifiedState = (listId: string) => `identified:${listId}`;
/** Beyond it the oldest browser counts as new again. */
const maximumIdentified = 100;

/** What the server says of an event that came in by the API (ruling 2). */
const library = { $lib: 'api', $lib_version: '5.6' };
const server = 'throughline';

/** What the engine is told of an event. `occurredAt`: where it is known better than by the receipt. */
export function prepareEvent(
  event: TrackedEvent,
  drawn: Drawn,
  workspace: Workspace,
  receivedAt: number,
  occurredAt: number = receivedAt,
): Prepared {
  if (isTest(event)) return { kind: 'dropped', reason: 'test-event' };
  const list = findSource(workspace, 'octeth', 'list', event.listId);
  const violation = list
    ? findViolation(event)
    : { rule: 'unknown-list', path: '/ListID', detail: { code: 4, message: eventErrors[4] } };
  if (!list || violation) {
    const type = event.name.length > 255 ? null : event.name;
    return { kind: 'violation', type, occurredAt, violation: violation! };
  }
  const { metrics, dropped } = measure(event, workspace, occurredAt);
  const part = {
    type: event.name,
    typeVersion: null,
    occurredAt,
    sourceId: list.id,
    context: null,
    properties: propertiesOf(event, receivedAt),
    detail: null,
    metrics,
  };
  return {
    kind: 'command',
    nodeId: defaultNode(workspace, 'octeth').id,
    facets: facetsOf(event, drawn, receivedAt),
    droppedAttributes: { ...event.dropped, ...dropped },
    event: {
      ...part,
      complete: (resolution) => completeEvent(event, drawn, part, resolution),
      derivedTypes: event.email && !isIdentify(event.name) ? ['identify'] : [],
    },
  };
}

/** All but `$uuid`, which may depend on the subscriber. What the client says of its library counts. */
function propertiesOf(event: TrackedEvent, receivedAt: number): Record<string, unknown> {
  return {
    ...library,
    $sent_at: new Date(receivedAt).toISOString(),
    ...event.properties,
    $list_id: Number(event.listId),
    $server: server,
    ...(event.id === undefined ? {} : { $id: event.id }),
  };
}

/** The value of a conversion (ruling 4), and what the tracker's messages are counted by as a bot's. */
function measure(
  event: TrackedEvent,
  workspace: Workspace,
  occurredAt: number,
): { metrics: MetricValue[]; dropped: Record<string, number> } {
  const bot: MetricValue[] =
    event.properties.$bot === true
      ? [{ key: 'bot', kind: 'statistic', value: 1, currency: null, raw: true, occurredAt }]
      : [];
  if (!isConversion(event.name)) return { metrics: bot, dropped: {} };
  const raw = findProperty(event.properties, 'conversion-value');
  const currency = findProperty(event.properties, 'conversion-currency') || workspace.currency;
  const amount = typeof raw === 'string' ? raw.trim() : raw;
  const checked = checkAmount({ amount, currency }, workspace.currency);
  if (!checked.valid) return { metrics: bot, dropped: { 'conversion-value-not-an-amount': 1 } };
  const value = checked.current as { amount: number; currency: string };
  return {
    metrics: [
      ...bot,
      {
        key: 'conversion-value',
        kind: 'statistic',
        value: value.amount,
        currency: value.currency,
        raw,
        occurredAt,
      },
    ],
    dropped: {},
  };
}

/**
 * Whose event it is: a subscriber's, by the e-mail address or its hash, with the browser's visitor bound to it; or the visitor's
 * alone. A visitor follows the subscriber that it was bound to first: a second address on the same browser is another subscriber
 * with events of its own, not the same person.
 */
function facetsOf(event: TrackedEvent, drawn: Drawn, receivedAt: number): Facet[] {
  const subscriber = subscriberOf(event, drawn, receivedAt);
  if (!subscriber) return [visitorOf(event.uuid ?? drawn.uuid)];
  if (event.uuid === undefined) return [subscriber];
  return [subscriber, { ...visitorOf(event.uuid), binding: { when: 'always', exclusive: true } }];
}

function visitorOf(uuid: string): Facet {
  const keys: Key[] = [{ kind: 'visitor', value: uuid }];
  return { keys, contacts: [], anonymous: true, create: true, states: [externalIdState] };
}

function subscriberOf(event: TrackedEvent, drawn: Drawn, receivedAt: number): Facet | undefined {
  const states = [uuidState, externalIdState, identifiedState(event.listId)];
  /** A browser's id that we make up is a key of the subscriber itself: there is no visitor yet. */
  const madeUuid = (known: ReadonlyMap<string, unknown>): Key[] =>
    event.uuid !== undefined || known.has(uuidState) ? [] : [{ kind: 'visitor', value: drawn.uuid }];
  if (event.email) {
    const { written, normal } = event.email;
    return {
      keys: [{ kind: 'email', value: normal }],
      contacts: [],
      anonymous: false,
      create: true,
      states,
      write: (values) => subscribe(values, written, event.listId, receivedAt),
      rekey: (values, known) => [
        { kind: 'emailHash', value: hashEmail(String(values.EmailAddress)) },
        ...madeUuid(known),
      ],
    };
  }
  if (drawn.subscriberId === null) return undefined;
  return {
    profileId: drawn.subscriberId,
    keys: [],
    contacts: [],
    anonymous: false,
    create: false,
    states,
    rekey: (_values, known) => madeUuid(known),
  };
}

/** B5, C14: the address keeps the case that it was first written in. */
function subscribe(
  values: Record<string, unknown>,
  written: string,
  listId: string,
  receivedAt: number,
): AttributeChanges {
  const changes: AttributeChanges = {};
  if (values.EmailAddress === undefined || values.EmailAddress === null) changes.EmailAddress = written;
  const membership = `lists.${listId}`;
  if (values[membership] === undefined || values[membership] === null) {
    changes[membership] = {
      Status: 'Subscribed',
      SubscriptionDate: new Date(receivedAt).toISOString(),
      Source: 'API',
    };
  }
  return changes;
}

type StoredPart = Pick<Completion, 'properties'> & {
  readonly type: string;
  readonly typeVersion: null;
  readonly occurredAt: number;
  readonly sourceId: number;
  readonly context: null;
  readonly detail: null;
  readonly metrics: readonly MetricValue[];
};

/** What follows from who it is: the ids that are answered and remembered, and the identify event (B6, B7). */
function completeEvent(
  event: TrackedEvent,
  drawn: Drawn,
  part: StoredPart,
  { facets }: Resolution,
): Completion {
  const [subject, visitor] = facets;
  const states: { facet: number; name: string; value: unknown }[] = [];
  const isSubscriber = event.email !== undefined || drawn.subscriberId !== null;
  const known = isSubscriber ? subject!.states.get(uuidState) : undefined;
  const uuid = event.uuid ?? (typeof known === 'string' ? known : drawn.uuid);
  // Another subscriber's browser is not where this one is found again.
  const isOwn = event.uuid === undefined || visitor?.bound === true;
  if (isSubscriber && known === undefined && isOwn) {
    states.push({ facet: 0, name: uuidState, value: uuid });
  }

  const externalId = chooseExternalId(event, drawn, { facets });
  if (!isEmailHash(externalId)) {
    if (subject!.states.get(externalIdState) !== externalId)
      states.push({ facet: 0, name: externalIdState, value: externalId });
    if (visitor?.bound && !visitor.states.has(externalIdState))
      states.push({ facet: 1, name: externalIdState, value: externalId });
  }

  const pairs = event.email ? readTexts(subject!.states.get(identifiedState(event.listId))) : undefined;
  const isNewPair = pairs !== undefined && !pairs.includes(uuid);
  if (isNewPair) {
    const value = [...pairs, uuid].slice(-maximumIdentified);
    states.push({ facet: 0, name: identifiedState(event.listId), value });
  }

  const answer = {
    uuid,
    external_id: externalId,
    identify_event_sent: isNewPair || isIdentify(event.name),
  };
  const properties = { ...part.properties, $uuid: uuid };
  const derived =
    isNewPair && !isIdentify(event.name)
      ? [{ ...part, type: 'identify', properties, detail: answer, metrics: [] }]
      : [];
  return { properties, detail: answer, derived, states, answer };
}

/** The one that is sent; else the one it is known by, which it may have from the visitor that it turns out to be; else a new one. */
function chooseExternalId(event: TrackedEvent, drawn: Drawn, { facets }: Resolution): string {
  const [subject, visitor] = facets;
  const known =
    subject!.states.get(externalIdState) ??
    (visitor?.bound ? visitor.states.get(externalIdState) : undefined);
  return event.id ?? (typeof known === 'string' ? known : drawn.externalId);
}

function readTexts(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}
