import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Access } from '../../core/credential/authenticator.ts';
import { type DedupeScope, hashKey } from '../../core/dedupe/dedupe.ts';
import type { QuarantinedEvent } from '../../core/quarantine/quarantine.ts';
import type { RateLimitState } from '../../core/rate-limit/rate-limiter.ts';
import type { Workspace } from '../../core/workspace/workspace.ts';
import { RequestError } from '../../errors.ts';
import { accessOf, bearerToken } from '../../http/access.ts';
import { parseJson } from '../../http/body.ts';
import type { Prepared } from '../../ingest/item.ts';
import { committedOutcomes } from '../../ingest/request.ts';
import type { Submission } from '../../ingest/submission.ts';
import type { Dialect, Services } from '../dialect.ts';
import { parseBulk } from './api/parse.ts';
import { type EventRequest, parseEvent } from './api/parse-event.ts';
import { parseKnownUser, parseUser, type UserRequest } from './api/parse-user.ts';
import { prepareEvent, prepareUser } from './api/prepare.ts';
import { queued, queuedXml, xmlContentType } from './api/present.ts';
import {
  AccountParameters,
  BulkEventsBody,
  BulkUsersBody,
  EventBody,
  IngestHeaders,
  IngestQuery,
  QueuedReply,
  UserBody,
} from './api/schemas.ts';
import { presentError } from './errors.ts';
import { AccountSettings } from './settings.ts';

/** What a rate is counted by (B14). */
const rateGroups: Record<Endpoint, string> = {
  events: 'webengage:events',
  users: 'webengage:users',
  'bulk-events': 'webengage:bulk',
  'bulk-users': 'webengage:bulk',
};

/** docs/spec/webengage.md. */
export const webengage: Dialect = {
  name: 'webengage',
  settings: AccountSettings,
  rateGroups: Object.values(rateGroups),
  // Of v2 nothing is served; its clients, too, read the errors.
  owns: (path) => /^\/v[12]\/accounts(?:\/|$)/.test(path),
  register,
  presentError,
  replay,
};

/** The endpoints, as a repeat's key is scoped by them (B11). */
type Endpoint = 'events' | 'users' | 'bulk-events' | 'bulk-users';

interface Reading {
  readonly size: number;
  /** Of one item; the whole body's where it is the only one. */
  readonly raw?: (index: number) => string;
  readonly prepare: (workspace: Workspace, receivedAt: number) => Prepared[];
}

const prefix = '/v1/accounts/:licenseCode';

function register(app: FastifyInstance, services: Services): void {
  const route = (
    method: 'POST' | 'PUT',
    endpoint: Endpoint,
    body: object,
    read: (body: unknown) => Reading,
  ) => {
    const successStatus = method === 'PUT' ? 200 : 201;
    app.route<{ Querystring: { format?: string } }>({
      method,
      url: `${prefix}/${endpoint}`,
      schema: {
        tags: ['WebEngage'],
        summary: `${method === 'PUT' ? 'Update' : 'Send'} ${endpoint.replace('-', ' ')}`,
        params: AccountParameters,
        querystring: IngestQuery,
        headers: IngestHeaders,
        body,
        response: { [successStatus]: QueuedReply },
      },
      onRequest: (request, reply) => admit(services, endpoint, request, reply),
      handler: async (request, reply) => {
        const submission = toSubmission(request, endpoint, read(request.body), services.clock());
        const outcome = await services.ingest.submit(accessOf(request).workspace.id, submission);
        committedOutcomes(outcome);
        reply.code(successStatus);
        if (request.query.format !== 'xml') return reply.send(queued);
        return reply
          .type(xmlContentType)
          .serializer((text: string) => text)
          .send(queuedXml);
      },
    });
  };
  route('POST', 'events', EventBody, (body) => readEvent(parseEvent(body)));
  route('POST', 'users', UserBody, (body) => readUser(parseUser(body)));
  route('PUT', 'users', UserBody, (body) => readUser(parseKnownUser(body)));
  route('POST', 'bulk-events', BulkEventsBody, (body) => {
    const events = parseBulk(body, 'events', parseEvent);
    return {
      size: events.length,
      raw: (index) => JSON.stringify((body as { events: unknown[] }).events[index]),
      prepare: (workspace, receivedAt) => events.map((event) => prepareEvent(event, workspace, receivedAt)),
    };
  });
  route('POST', 'bulk-users', BulkUsersBody, (body) => {
    const users = parseBulk(body, 'users', parseUser);
    return {
      size: users.length,
      raw: (index) => JSON.stringify((body as { users: unknown[] }).users[index]),
      prepare: (workspace, receivedAt) => users.map((user) => prepareUser(user, workspace, receivedAt)),
    };
  });
  refuseOtherResources(app, services);
}

/** C7: what an account does not have is a bad request to those who may see the account. */
function refuseOtherResources(app: FastifyInstance, services: Services): void {
  app.route({
    method: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'],
    url: `${prefix}/*`,
    schema: { hide: true },
    onRequest: async (request) => {
      await enterAccount(services, request);
      throw new RequestError('invalid-request', 'Invalid resource.');
    },
    handler: () => undefined,
  });
}

function readEvent(event: EventRequest): Reading {
  return { size: 1, prepare: (workspace, receivedAt) => [prepareEvent(event, workspace, receivedAt)] };
}

function readUser(user: UserRequest): Reading {
  return { size: 1, prepare: (workspace, receivedAt) => [prepareUser(user, workspace, receivedAt)] };
}

/** C8: the key, then the licence code, then the rate, all before the body is read. */
async function admit(
  services: Services,
  endpoint: Endpoint,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<void> {
  const access = await enterAccount(services, request);
  const state = services.rateLimiter.take(access.workspace, rateGroups[endpoint]);
  if (state) limit(state, reply);
}

/** @throws RequestError 401 without a key of this account, 404 when no account has the license code */
async function enterAccount(services: Services, request: FastifyRequest): Promise<Access> {
  const access = await services.authenticator.authenticate('webengage', bearerToken(request));
  if (!access) throw new RequestError('unauthenticated');
  const { licenseCode } = request.params as { licenseCode: string };
  const account = await services.workspaces.findBound('webengage', 'license', licenseCode);
  if (!account) throw new RequestError('not-found', 'There is no account with this license code.');
  if (account.id !== access.workspace.id) throw new RequestError('unauthenticated');
  request.access = access;
  return access;
}

/** Ruling 3: the headers are there only when a rate is set, then on every reply. */
function limit(state: RateLimitState, reply: FastifyReply): void {
  reply.headers({ 'x-ratelimit-limit': state.limit, 'x-ratelimit-remaining': state.remaining });
  if (state.allowed) return;
  throw new RequestError('rate-limited', 'Rate limit exceeded. Try again later.', {
    retryAfterSeconds: state.resetSeconds,
  });
}

function toSubmission(
  request: FastifyRequest,
  endpoint: Endpoint,
  reading: Reading,
  receivedAt: number,
): Submission {
  const requestId = request.headers['x-request-id'];
  const scope: DedupeScope = `webengage-${endpoint}`;
  const carriesEvents = endpoint === 'events' || endpoint === 'bulk-events';
  return {
    dialect: 'webengage',
    receivedAt,
    carriesEvents,
    bytes: request.rawBody.length,
    size: reading.size,
    prepare: (workspace) => reading.prepare(workspace, receivedAt),
    raw: reading.raw ?? (() => request.rawBody),
    request: carriesEvents ? {} : { kind: 'user' },
    // B11: hex in either case is the same key.
    ...(typeof requestId === 'string' && requestId !== ''
      ? { dedupe: { scope, hash: hashKey(requestId.toLowerCase()), window: 'four-hours' as const } }
      : {}),
  };
}

function replay(event: QuarantinedEvent): Submission {
  const text = Buffer.from(event.raw).toString();
  const isUser = event.request.kind === 'user';
  const body = parseJson(text);
  const reading = isUser ? readUser(parseUser(body)) : readEvent(parseEvent(body));
  const receivedAt = event.receivedAt.getTime();
  return {
    dialect: 'webengage',
    receivedAt,
    carriesEvents: !isUser,
    bytes: text.length,
    size: 1,
    prepare: (workspace) => reading.prepare(workspace, receivedAt),
    raw: () => event.raw,
    request: event.request,
  };
}
