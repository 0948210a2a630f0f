import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { type DedupeScope, hashKey } from '../../core/dedupe/dedupe.ts';
import type { QuarantinedEvent } from '../../core/quarantine/quarantine.ts';
import type { RateLimitState } from '../../core/rate-limit/rate-limiter.ts';
import type { Workspace } from '../../core/workspace/workspace.ts';
import { RequestError } from '../../errors.ts';
import { accessOf, bearerToken } from '../../http/access.ts';
import { parseJson } from '../../http/body.ts';
import { committedOutcomes } from '../../ingest/request.ts';
import type { Prepared, Submission } from '../../ingest/submission.ts';
import type { Dialect, Services } from '../dialect.ts';
import { presentError } from './errors.ts';
import { parseBulk, parseEvent, parseUser, prepareEvent, prepareUser } from './parse.ts';
import { queued } from './present.ts';
import {
  AccountParameters,
  BulkEventsBody,
  BulkUsersBody,
  EventBody,
  IngestHeaders,
  QueuedReply,
  UserBody,
} from './schemas.ts';

/** spec/webengage.md. */
export const webengage: Dialect = {
  name: 'webengage',
  owns: (path) => path.startsWith('/v1/accounts/'),
  register,
  presentError,
  replay,
};

/** The endpoints' groups: what a rate limit and a repeat's key are counted by (B11, B14). */
type Group = 'events' | 'users' | 'bulk-events' | 'bulk-users';

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
    path: string,
    group: Group,
    body: object,
    read: (body: unknown) => Reading,
  ) => {
    const successStatus = method === 'PUT' ? 200 : 201;
    app.route({
      method,
      url: `${prefix}${path}`,
      schema: {
        tags: ['WebEngage'],
        summary: `${method === 'PUT' ? 'Update' : 'Send'} ${group.replace('-', ' ')}`,
        params: AccountParameters,
        headers: IngestHeaders,
        body,
        response: { [successStatus]: QueuedReply },
      },
      onRequest: (request, reply) => admit(services, group, request, reply),
      handler: async (request, reply) => {
        const submission = toSubmission(request, group, read(request.body), services.clock());
        const outcome = await services.ingest.submit(accessOf(request).workspace.id, submission);
        committedOutcomes(outcome);
        return reply.code(successStatus).send(queued);
      },
    });
  };
  route('POST', '/events', 'events', EventBody, readEvent);
  route('POST', '/users', 'users', UserBody, readUser);
  route('PUT', '/users', 'users', UserBody, readUser);
  route('POST', '/bulk-events', 'bulk-events', BulkEventsBody, (body) => {
    const events = parseBulk(body, 'events', parseEvent);
    return {
      size: events.length,
      raw: (index) => JSON.stringify((body as { events: unknown[] }).events[index]),
      prepare: (workspace, receivedAt) => events.map((event) => prepareEvent(event, workspace, receivedAt)),
    };
  });
  route('POST', '/bulk-users', 'bulk-users', BulkUsersBody, (body) => {
    const users = parseBulk(body, 'users', parseUser);
    return { size: users.length, prepare: (workspace) => users.map((user) => prepareUser(user, workspace)) };
  });
}

function readEvent(body: unknown): Reading {
  const event = parseEvent(body);
  return { size: 1, prepare: (workspace, receivedAt) => [prepareEvent(event, workspace, receivedAt)] };
}

function readUser(body: unknown): Reading {
  const user = parseUser(body);
  return { size: 1, prepare: (workspace) => [prepareUser(user, workspace)] };
}

/** C8: the key, then the licence code, then the rate, all before the body is read. */
async function admit(
  services: Services,
  group: Group,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<void> {
  const access = await services.authenticator.authenticate('webengage', bearerToken(request));
  if (!access) throw new RequestError('unauthenticated');
  const { licenseCode } = request.params as { licenseCode: string };
  const account = await services.workspaces.findBound('webengage', 'license', licenseCode);
  if (!account) throw new RequestError('not-found', 'There is no account with this license code.');
  if (account.id !== access.workspace.id) throw new RequestError('unauthenticated');
  request.access = access;
  const state = services.rateLimiter.take(access.workspace, `webengage:${group}`);
  if (state) limit(state, reply);
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
  group: Group,
  reading: Reading,
  receivedAt: number,
): Submission {
  const requestId = request.headers['x-request-id'];
  const scope: DedupeScope = `webengage-${group}`;
  return {
    dialect: 'webengage',
    receivedAt,
    carriesEvents: group === 'events' || group === 'bulk-events',
    bytes: request.rawBody.length,
    size: reading.size,
    prepare: (workspace) => reading.prepare(workspace, receivedAt),
    raw: reading.raw ?? (() => request.rawBody),
    request: {},
    // B11: hex in either case is the same key.
    ...(typeof requestId === 'string' && requestId !== ''
      ? { dedupe: { scope, hash: hashKey(requestId.toLowerCase()), window: 'four-hours' as const } }
      : {}),
  };
}

function replay(event: QuarantinedEvent): Submission {
  const text = Buffer.from(event.raw).toString();
  const reading = readEvent(parseJson(text));
  const receivedAt = event.receivedAt.getTime();
  return {
    dialect: 'webengage',
    receivedAt,
    carriesEvents: true,
    bytes: text.length,
    size: 1,
    prepare: (workspace) => reading.prepare(workspace, receivedAt),
    raw: () => event.raw,
    request: event.request,
  };
}
