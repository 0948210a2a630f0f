import { randomUUID } from 'node:crypto';
import { isArrival } from '../../../../core/campaign/channel.ts';
import type { Landing } from '../../../../core/campaign/landing.ts';
import type { Access } from '../../../../core/credential/authenticator.ts';
import { type DedupeKey, hashKey } from '../../../../core/dedupe/dedupe.ts';
import { readEvent } from '../../../../core/event/event-store.ts';
import { readHolders } from '../../../../core/identity/identity-store.ts';
import type { QuarantinedEvent } from '../../../../core/quarantine/quarantine.ts';
import { defaultNode, findSource, type Workspace } from '../../../../core/workspace/workspace.ts';
import { RequestError } from '../../../../errors.ts';
import { parseJson } from '../../../../http/body.ts';
import type { Outcome } from '../../../../ingest/outcome.ts';
import { committedOutcomes } from '../../../../ingest/request.ts';
import type { Submission } from '../../../../ingest/submission.ts';
import { prepareVisit } from '../../../../ingest/visit.ts';
import type { Services } from '../../../dialect.ts';
import { refuseArchivedList } from '../../errors.ts';
import { readUserSettings } from '../../settings.ts';
import { keysOfId } from '../../subscriber/keys-of-id.ts';
import type { Drawn } from '../../subscriber/subscriber.ts';
import { Fields, isObject } from '../fields.ts';
import {
  findProperty,
  findViolation,
  isConversion,
  isPageView,
  isTest,
  parseEvent,
  type TrackedEvent,
} from './parse.ts';
import { prepareEvent } from './prepare.ts';
import { presentTracked, presentUnremembered, refuseQuarantined, type TrackedReply } from './present.ts';

/**
 * Takes one event and answers when it is committed.
 * @throws RequestError with the vendor's code, 4 to 7 before anything is kept, 8 to 10 with the event in quarantine
 */
export async function trackEvent(services: Services, access: Access, fields: Fields): Promise<TrackedReply> {
  const { workspace } = access;
  const event = parseEvent(fields, {
    hasList: (listId) => findSource(workspace, 'octeth', 'list', listId) !== undefined,
    requireEmail: readUserSettings(workspace.settings.dialects.octeth).requireEmail === true,
    keyless: false,
  });
  if (event.dropped['properties-not-an-object'])
    services.logger.warn({ workspace: workspace.id }, 'Properties of an event are no object and are dropped');
  return submitEvent(services, workspace, event, fields, services.clock());
}

/** A message of a browser: its own id, by which a repeat is one, and when what it tells happened (milliseconds since the epoch). */
export interface MessageMark {
  readonly id: string;
  readonly occurredAt: number;
  /** Where the visitor came from, when the message tells of an arrival. */
  readonly landing?: Landing | undefined;
}

/**
 * Stores an event whose envelope is right, and answers when it is committed. `receivedAt`: milliseconds since the epoch.
 * @throws RequestError with the vendor's code 8 to 10, the event being in quarantine
 */
export async function submitEvent(
  services: Services,
  workspace: Workspace,
  event: TrackedEvent,
  fields: Fields,
  receivedAt: number,
  message?: MessageMark,
): Promise<TrackedReply> {
  const drawn: Drawn = {
    uuid: randomUUID(),
    externalId: randomUUID(),
    subscriberId: await findSubscriberById(services, workspace, event),
  };
  const submission = toSubmission(event, drawn, fields.toJsonWithoutSecrets(), receivedAt, message);
  const answer = await services.ingest.submit(workspace.id, submission);
  const [outcome] = committedOutcomes(answer, refuseArchivedList);
  return presentOutcome(services, workspace, outcome!, event, drawn);
}

/**
 * An ID finds subscribers that exist, and makes none. It is looked up before the event waits for its commit: a subscriber that comes into
 * being in between is not found, as if the event had come a moment earlier.
 */
async function findSubscriberById(
  services: Services,
  workspace: Workspace,
  event: TrackedEvent,
): Promise<string | null> {
  const keys = keysOfId(event, workspace, findSource(workspace, 'octeth', 'list', event.listId));
  if (keys.length === 0) return null;
  const node = defaultNode(workspace, 'octeth').id;
  const holders = await readHolders(services.database, workspace.id, keys, [node]);
  const found = keys.map((key) =>
    holders.find((holder) => holder.nodeId === node && holder.key.kind === key.kind),
  );
  return found.find(Boolean)?.profileId ?? null;
}

function toSubmission(
  event: TrackedEvent,
  drawn: Drawn,
  raw: string,
  receivedAt: number,
  message?: MessageMark,
): Submission {
  const dedupe = dedupeKeyOf(event, raw) ?? messageKeyOf(event, message);
  const visit = visitOf(event, drawn, message);
  return {
    dialect: 'octeth',
    source: { kind: 'list', externalId: event.listId },
    receivedAt,
    carriesEvents: true,
    keyless: event.keyless,
    bytes: raw.length,
    size: visit ? 2 : 1,
    prepare: (workspace) => [
      prepareEvent(event, drawn, workspace, receivedAt, message?.occurredAt),
      ...(visit ? [prepareVisit(workspace, visit)] : []),
    ],
    raw: () => raw,
    request: {
      ...drawn,
      ...(message ? { message: { id: message.id, occurredAt: message.occurredAt } } : {}),
    },
    ...(dedupe ? { dedupe } : {}),
  };
}

/**
 * The visit that a page view tells of: Webmarketer's, whose trackerId the visitor's id is. It is stored, or repeated, with its event;
 * not of a test, which is not stored, nor with a hashed address, whose event may have to be sent again.
 */
function visitOf(event: TrackedEvent, drawn: Drawn, message: MessageMark | undefined) {
  if (!message?.landing || !isPageView(event.name) || !isArrival(message.landing)) return undefined;
  if (isTest(event) || drawn.subscriberId !== null) return undefined;
  const isBot = event.properties.$bot === true;
  return {
    landing: message.landing,
    trackerId: event.uuid ?? drawn.uuid,
    at: message.occurredAt,
    isBot,
  };
}

/**
 * B4: a conversion counts once for its list. One that was refused for what it lacks may be sent again, mended. What visitors tell and
 * what comes with a key are counted each by itself: a page's message must not make the shop's own call a repeat.
 */
function dedupeKeyOf(event: TrackedEvent, raw: string): DedupeKey | undefined {
  if (!isConversion(event.name) || isTest(event)) return undefined;
  const id = findProperty(event.properties, 'conversion-id');
  if (id === undefined || id === null || id === '') return undefined;
  const hash = hashKey(event.listId, typeof id === 'object' ? JSON.stringify(id) : String(id));
  const scope = event.keyless ? 'octeth-message-conversion' : 'octeth-conversion';
  return { scope, hash, window: 'forever', retryHash: hashKey(raw) };
}

/** A browser sends a message again until it is answered. */
function messageKeyOf(event: TrackedEvent, message: MessageMark | undefined): DedupeKey | undefined {
  if (!message) return undefined;
  return { scope: 'octeth-message', hash: hashKey(event.listId, message.id), window: 'forever' };
}

async function presentOutcome(
  services: Services,
  workspace: Workspace,
  outcome: Outcome,
  event: TrackedEvent,
  drawn: Drawn,
): Promise<TrackedReply> {
  switch (outcome.kind) {
    case 'stored':
      return presentTracked(outcome.answer ?? {});
    case 'duplicate': {
      if (outcome.first === 'quarantined') refuseQuarantined(findViolation(event)?.detail ?? {});
      const first =
        outcome.first === 'stored' && outcome.eventId !== null
          ? await readEvent(services.database, workspace.id, outcome.eventId)
          : undefined;
      return first?.detail ? presentTracked(first.detail) : presentUnremembered(event, drawn);
    }
    case 'quarantined':
      refuseQuarantined(outcome.violation.detail);
      return presentUnremembered(event, drawn);
    case 'refused':
      // The subscriber of the hash was erased a moment ago: another try does not find it.
      throw new RequestError('overloaded', undefined, { retryAfterSeconds: 1 });
    default:
      return presentUnremembered(event, drawn);
  }
}

/** The envelope was right when the event came in; what the list is now, preparing finds out. */
export function replay(event: QuarantinedEvent): Submission {
  const raw = Buffer.from(event.raw).toString();
  const { uuid, externalId, subscriberId } = event.request;
  const message = readMark(event.request.message);
  const rules = { hasList: () => true, requireEmail: false, keyless: message !== undefined };
  const tracked = parseEvent(new Fields(parseJson(raw)), rules);
  const drawn: Drawn = {
    uuid: typeof uuid === 'string' ? uuid : randomUUID(),
    externalId: typeof externalId === 'string' ? externalId : randomUUID(),
    subscriberId: typeof subscriberId === 'string' ? subscriberId : null,
  };
  return toSubmission(tracked, drawn, raw, event.receivedAt.getTime(), message);
}

function readMark(value: unknown): MessageMark | undefined {
  if (!isObject(value)) return undefined;
  const { id, occurredAt } = value;
  return typeof id === 'string' && typeof occurredAt === 'number' ? { id, occurredAt } : undefined;
}
