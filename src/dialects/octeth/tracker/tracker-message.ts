import type { FastifyRequest } from 'fastify';
import { type Landing, readLanding } from '../../../core/campaign/landing.ts';
import { isUuid } from '../../../core/id.ts';
import type { Source } from '../../../core/source/source.ts';
import type { Workspace } from '../../../core/workspace/workspace.ts';
import { RequestError } from '../../../errors.ts';
import type { Services } from '../../dialect.ts';
import { isConversion, isEmailHash, parseEvent } from '../api/events/parse.ts';
import { submitEvent } from '../api/events/track-event.ts';
import { Fields, isObject } from '../api/fields.ts';
import { takeVisitorMessage } from '../rate.ts';
import { readUserSettings } from '../settings.ts';
import { isBot } from './user-agent.ts';

/** A beacon's own limit. */
export const messageLimitBytes = 64 * 1024;
/** As long as the script keeps a message that it can't send. */
const maximumAge = 7 * 24 * 60 * 60 * 1000;

/** A page's message, its form checked. The form is ours: docs/browser-tracker.md. */
interface Message {
  /** Its own, so that a repeat is one. */
  readonly id: string;
  readonly occurredAt: number;
  /** Where the visitor came from, with the first page view of a document. */
  readonly landing: Landing | undefined;
  /** What the event API is given of it. */
  readonly fields: Fields;
}

/**
 * Takes one message of a page and answers when its event is committed, with nothing of what is known of the visitor: whoever
 * reads the page can send one.
 * @throws RequestError as the event API does; `unauthenticated` for a list that is not there
 */
export async function takeMessage(
  services: Services,
  request: FastifyRequest,
  sent: unknown,
): Promise<{ status: 'success' }> {
  const bytes = request.rawBody.length;
  await services.visitors.addBytes(request.ip, bytes);
  const body = isObject(sent) ? sent : {};
  const { workspace, list } = await findList(services, request, body);
  await takeVisitorMessage(services, workspace, bytes);
  const receivedAt = services.clock();
  const message = readMessage(body, list, request.headers['user-agent'], receivedAt);
  const rules = {
    hasList: () => true,
    requireEmail: readUserSettings(workspace.settings.dialects.octeth).requireEmail === true,
    keyless: true,
  };
  const event = parseEvent(message.fields, rules);
  await submitEvent(services, workspace, event, message.fields, receivedAt, message);
  return { status: 'success' };
}

/** The page says which list it is tracked for; by the workspace's id it is found on one node. */
async function findList(
  services: Services,
  request: FastifyRequest,
  { user, list }: Record<string, unknown>,
): Promise<{ workspace: Workspace; list: Source }> {
  const workspace =
    typeof user === 'string' && isUuid(user) ? await services.workspaces.find(user.toLowerCase()) : undefined;
  request.refusedFor = workspace?.id ?? null;
  const source = typeof list === 'string' ? workspace?.sources.byPublicId(list) : undefined;
  if (!workspace || source?.dialect !== 'octeth' || source.kind !== 'list')
    throw new RequestError('unauthenticated');
  return { workspace, list: source };
}

/** @throws RequestError when a member that every message has is not as it must be */
function readMessage(
  body: Record<string, unknown>,
  list: Source,
  userAgent: string | undefined,
  receivedAt: number,
): Message {
  const { id, uuid, event, email, hash } = body;
  if (body.v !== 1) throw malformed('v', '1');
  if (typeof id !== 'string' || !isUuid(id)) throw malformed('id', 'a UUID');
  if (typeof uuid !== 'string' || !isUuid(uuid)) throw malformed('uuid', 'a UUID');
  if (!isObject(body.properties ?? {})) throw malformed('properties', 'an object');
  const landing = landingOf(body.landing);
  return {
    id: id.toLowerCase(),
    occurredAt: receivedAt - ageOf(body),
    landing,
    fields: new Fields({
      ListID: list.externalId,
      Event: event,
      Email: email,
      // Of ids only the hash of an address: any other would be a claim to be somebody whom the site knows.
      ID: typeof hash === 'string' && isEmailHash(hash) ? hash : undefined,
      UUID: uuid,
      Properties: describe(event, isObject(body.properties) ? body.properties : {}, landing, userAgent),
      IdentifyProperties: body.identifyProperties,
    }),
  };
}

function malformed(path: string, expected: string): RequestError {
  return new RequestError('invalid-request', `${path} has to be ${expected}.`, { path: `/${path}` });
}

/** How long ago it happened by the browser's clock, which may be wrong, but not about a span. */
function ageOf({ at, sent }: Record<string, unknown>): number {
  const age = typeof at === 'number' && typeof sent === 'number' ? sent - at : 0;
  return Number.isFinite(age) ? Math.round(Math.min(Math.max(age, 0), maximumAge)) : 0;
}

function landingOf(value: unknown): Landing | undefined {
  if (!isObject(value) || typeof value.url !== 'string') return undefined;
  return readLanding(value.url, typeof value.referrer === 'string' ? value.referrer : null);
}

/** The campaign's parameters by the names that an address has them by. */
function campaignProperties({ utm, clickIds, wmktId, campaignSlug }: Landing): Record<string, string> {
  const named = Object.entries(utm).map(([name, value]) => [`utm_${name}`, value] as const);
  return {
    ...Object.fromEntries(named),
    ...clickIds,
    ...(wmktId === null ? {} : { wmktid: wmktId }),
    ...(campaignSlug === null ? {} : { cid: campaignSlug }),
  };
}

function describe(
  event: unknown,
  sent: Record<string, unknown>,
  landing: Landing | undefined,
  userAgent: string | undefined,
): Record<string, unknown> {
  // Whether it is a bot, we say.
  const { $bot: _, ...properties } = sent;
  return {
    ...(landing ? campaignProperties(landing) : {}),
    ...(typeof event === 'string' && isConversion(event.trim()) ? withDashes(properties) : properties),
    ...(isBot(userAgent) ? { $bot: true } : {}),
  };
}

/** docs/spec/octeth.md B3: pages may use the names that the tracker's criteria use. */
function withDashes(properties: Record<string, unknown>): Record<string, unknown> {
  const renamed = { ...properties };
  for (const part of ['Id', 'Name', 'Value', 'Currency', 'Quantity']) {
    const [name, dashed] = [`conversion${part}`, `conversion-${part.toLowerCase()}`];
    if (!(name in renamed) || dashed in renamed) continue;
    renamed[dashed] = renamed[name];
    delete renamed[name];
  }
  return renamed;
}
