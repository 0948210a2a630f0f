import type { Key } from '../../../../core/identity/identity.ts';
import type { MetricValue } from '../../../../core/metric/metric.ts';
import { checkAmount, countableOf } from '../../../../core/value/amount.ts';
import { defaultNode, findSource, type Workspace } from '../../../../core/workspace/workspace.ts';
import type {
  Companion,
  Completion,
  KeyedSubject,
  Prepared,
  Resolution,
  ResolvedView,
} from '../../../../ingest/item.ts';
import { eventErrors } from '../../errors.ts';
import { keysOfId } from '../../subscriber/keys-of-id.ts';
import {
  type Drawn,
  externalIdState,
  identifiedState,
  isNewPair,
  matchIdentifyProperties,
  readTexts,
  subscriberOf,
  uuidOf,
  uuidState,
} from '../../subscriber/subscriber.ts';
import {
  findProperty,
  findViolation,
  isConversion,
  isEmailHash,
  isIdentify,
  isTest,
  type TrackedEvent,
} from './parse.ts';

/** Beyond it the oldest browser counts as new again. */
const maximumIdentified = 100;

/** What the server says of an event that came in by the API (ruling 2). */
const library = { $lib: 'api', $lib_version: '5.6' };
const server = 'throughline';

/** The tracker's own events, whose names no visitor has made up. */
const vendorNames = new Set(['pageView', 'page_view', 'identify', 'conversion']);
/** Where events go whose names are too many of those that visitors have made up. */
const catchAll = { type: 'other visitor event', nameProperty: '$event' };

const places = { type: '/Event', properties: '/Properties' } as const;

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
  const matched = matchIdentifyProperties(event, workspace, list);
  const subscriber = subscriberOf({ event, drawn, workspace, list, matched, receivedAt });
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
    kind: 'event',
    nodeId: defaultNode(workspace, 'octeth').id,
    ...(subscriber ?? {
      subject: visitorOf(event.uuid ?? drawn.uuid, keysOfId(event, workspace, list)),
    }),
    companions: subscriber && event.uuid !== undefined ? [browserOf(event, event.uuid)] : [],
    droppedAttributes: { ...event.dropped, ...dropped, ...matched.dropped },
    unknownMembers: event.unknownNames,
    places,
    event: {
      ...part,
      complete: (resolution) => completeEvent(event, drawn, part, resolution),
      derivedTypes: event.email && !isIdentify(event.name) ? ['identify'] : [],
      ...(event.keyless && !vendorNames.has(event.name) ? { catchAll } : {}),
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
  const counted = countableOf(checked.current);
  if (!counted) return { metrics: bot, dropped: { 'conversion-value-not-exact': 1 } };
  return {
    metrics: [
      ...bot,
      {
        key: 'conversion-value',
        kind: 'statistic',
        ...counted,
        raw,
        occurredAt,
      },
    ],
    dropped: {},
  };
}

/** A visitor whose subscriber the event does not say, or says by an ID that nobody has. */
function visitorOf(uuid: string, namedBy: readonly Key[]): KeyedSubject {
  return { ...visitor(uuid), contacts: [], anonymous: true, expects: 'any', namedBy };
}

/**
 * The visitor beside its subscriber. It follows the subscriber that it was bound to first: a second address on the same browser is
 * another subscriber with events of its own, not the same person. What a visitor says of itself is a claim, which any keyed call
 * outweighs.
 */
function browserOf({ keyless }: TrackedEvent, uuid: string): Companion {
  return {
    ...visitor(uuid),
    binding: { when: 'always', follows: keyless ? 'claimed-record' : 'one-record' },
  };
}

function visitor(uuid: string) {
  const keys: Key[] = [{ kind: 'visitor', value: uuid }];
  return { keys, states: [externalIdState] };
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
  resolution: Resolution,
): Completion {
  const { subject } = resolution;
  const [browser] = resolution.companions;
  const states: { profileId: string; name: string; value: unknown }[] = [];
  const remember = ({ profileId }: ResolvedView, name: string, value: unknown) =>
    states.push({ profileId, name, value });
  const isSubscriber = event.email !== undefined || drawn.subscriberId !== null;
  // What a keyed call is answered with is not for visitors to settle.
  const isClaim = isSubscriber && event.keyless;
  const known = isSubscriber ? subject.states.get(uuidState) : undefined;
  const uuid = uuidOf(event, drawn, known);
  // Another subscriber's browser is not where this one is found again.
  const isOwn = event.uuid === undefined || browser?.bound === true;
  if (isSubscriber && !isClaim && known === undefined && isOwn) {
    remember(subject, uuidState, uuid);
  }

  const externalId = chooseExternalId(event, drawn, resolution);
  if (!isClaim && !isEmailHash(externalId)) {
    if (subject.states.get(externalIdState) !== externalId) remember(subject, externalIdState, externalId);
    if (browser?.bound && !browser.states.has(externalIdState))
      remember(browser, externalIdState, externalId);
  }

  const isNew = isNewPair(event, uuid, subject.states);
  if (isNew) {
    const value = [...readTexts(subject.states.get(identifiedState(event))), uuid].slice(-maximumIdentified);
    remember(subject, identifiedState(event), value);
  }

  const answer = {
    uuid,
    external_id: externalId,
    identify_event_sent: isNew || isIdentify(event.name),
  };
  const properties = { ...part.properties, $uuid: uuid };
  const derived =
    isNew && !isIdentify(event.name)
      ? [{ ...part, type: 'identify', properties, detail: answer, metrics: [] }]
      : [];
  return { properties, detail: answer, derived, states, answer };
}

/** The one that is sent; else the one it is known by, which it may have from the visitor that it turns out to be; else a new one. */
function chooseExternalId(event: TrackedEvent, drawn: Drawn, { subject, companions }: Resolution): string {
  const [browser] = companions;
  const known =
    subject.states.get(externalIdState) ?? (browser?.bound ? browser.states.get(externalIdState) : undefined);
  return event.id ?? (typeof known === 'string' ? known : drawn.externalId);
}
