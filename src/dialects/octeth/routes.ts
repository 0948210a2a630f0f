import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Access } from '../../core/credential/authenticator.ts';
import { RequestError } from '../../errors.ts';
import { accessOf, bearerToken } from '../../http/access.ts';
import type { Dialect, Services } from '../dialect.ts';
import { presentError, refuseCommand, withoutSlash, XmlError } from './errors.ts';
import { Fields, isObject } from './fields.ts';
import { registerForms } from './form-body.ts';
import { listProperties } from './list-properties.ts';
import { logIn } from './log-in.ts';
import {
  EventBody,
  LegacyBody,
  MessageBody,
  MessageReply,
  PropertyListBody,
  PropertyListQuery,
  PropertyListReply,
  TrackedReply,
  TrackerQuery,
} from './schemas.ts';
import { replay, trackEvent } from './track-event.ts';
import { messageLimitBytes, takeMessage } from './tracker-message.ts';
import { sendTrackerScript } from './tracker-script.ts';
import { toXml, xmlContentType } from './xml.ts';

const paths: readonly string[] = [
  '/api/v1/event',
  '/api/v1/website_events.properties',
  '/api/v1/subscriber.create',
  '/api/v1/admin.events.search',
  '/api.php',
  '/hello/message',
  '/t.js',
];

/** spec/octeth.md. Webmarketer has the rest of /api/v1/. */
export const octeth: Dialect = {
  name: 'octeth',
  owns: (path) => paths.includes(withoutSlash(path)),
  register,
  presentError,
  replay,
  // The key is in the body, never in a cookie, so any page may ask.
  cors: {
    origin: '*',
    methods: ['GET', 'POST', 'OPTIONS'],
    allowedHeaders: ['content-type', 'authorization'],
    maxAge: 86_400,
  },
};

interface Command {
  /** Lower case, as a rate limit names it too. */
  readonly name: string;
  /** Answers a call whose credentials, where it needs any, are checked. */
  readonly run: (services: Services, request: FastifyRequest, fields: Fields) => Promise<object>;
  /** True: the call itself brings the proof of who it is. */
  readonly isOpen?: boolean;
}

const track: Command = {
  name: 'event.track',
  run: (services, request, fields) => trackEvent(services, accessOf(request), fields),
};
const properties: Command = {
  name: 'website_events.properties',
  run: (services, request, fields) =>
    listProperties(services, accessOf(request), fields, request.method === 'GET'),
};
const login: Command = {
  name: 'user.login',
  run: (services, _request, fields) => logIn(services, fields),
  isOpen: true,
};

const legacyCommands = new Map([track, properties, login].map((command) => [command.name, command]));

function register(app: FastifyInstance, services: Services): void {
  registerForms(app);
  const tags = ['Octeth'];
  app.post(
    '/api/v1/event',
    { schema: { tags, summary: 'Track an event', body: EventBody, response: { 200: TrackedReply } } },
    (request, reply) => answer(services, request, reply, fieldsOf(request), track),
  );
  const list = {
    tags,
    summary: 'The properties that events of a list carry',
    response: { 200: PropertyListReply },
  };
  app.post(
    '/api/v1/website_events.properties',
    { schema: { ...list, body: PropertyListBody } },
    // C2: parameters of either call may be in the query.
    (request, reply) =>
      answer(services, request, reply, new Fields(request.query, bodyOf(request)), properties),
  );
  app.get(
    '/api/v1/website_events.properties',
    { schema: { ...list, querystring: PropertyListQuery } },
    (request, reply) => answer(services, request, reply, new Fields(request.query), properties),
  );
  app.post(
    '/api.php',
    { schema: { tags, summary: 'A command in the older form', body: LegacyBody } },
    (request, reply) => {
      const fields = new Fields(request.query, bodyOf(request));
      const name = fields.text('command') ?? '';
      return answer(services, request, reply, fields, legacyCommands.get(name.toLowerCase()) ?? name);
    },
  );
  registerTracker(app, services);
}

/** What pages call: no key is shown, since every reader of the page would have it. */
function registerTracker(app: FastifyInstance, services: Services): void {
  const tags = ['Octeth'];
  const script = { tags, summary: 'The browser tracker', security: [], querystring: TrackerQuery };
  app.get<{ Querystring: { v?: string } }>('/t.js', { schema: script }, (request, reply) =>
    sendTrackerScript(request, reply),
  );
  const message = {
    tags,
    summary: 'A message of the browser tracker',
    security: [],
    body: MessageBody,
    response: { 200: MessageReply },
  };
  app.post(
    '/hello/message',
    { schema: message, bodyLimit: messageLimitBytes },
    // The header is the vendor's (spec/octeth.md A3).
    async (request, reply) =>
      reply.header('x-server', 'oempro_vector').send(await takeMessage(services, request)),
  );
}

/** Checks who asks, and only then what: nothing of a call is judged for a stranger. Answers in the form that was asked for. */
async function answer(
  services: Services,
  request: FastifyRequest,
  reply: FastifyReply,
  fields: Fields,
  command: Command | string,
): Promise<FastifyReply> {
  const asXml = fields.get('responseformat') === 'XML';
  try {
    if (typeof command === 'string') throw refuseCommand(command);
    if (!command.isOpen) await admit(services, request, fields, command);
    const body = await command.run(services, request, fields);
    if (!asXml) return reply.send(body);
    return reply
      .type(xmlContentType)
      .serializer((text: string) => text)
      .send(toXml(body));
  } catch (error) {
    throw asXml && error instanceof RequestError ? new XmlError(error) : error;
  }
}

async function admit(
  services: Services,
  request: FastifyRequest,
  fields: Fields,
  command: Command,
): Promise<void> {
  request.access = await authenticate(services, request, fields);
  // C15: a command in the body of its own path is idle, another one's a mistake.
  const named = fields.text('command');
  if (named !== undefined && named.toLowerCase() !== command.name) throw refuseCommand(named);
  const state = services.rateLimiter.take(request.access.workspace, `octeth:${command.name}`);
  if (state && !state.allowed) {
    throw new RequestError('rate-limited', 'Too many requests.', { retryAfterSeconds: state.resetSeconds });
  }
}

/** An API key or a session, in the call or as a Bearer token; one that is valid is enough (spec/octeth.md A1). */
async function authenticate(services: Services, request: FastifyRequest, fields: Fields): Promise<Access> {
  for (const secret of [fields.text('apikey'), fields.text('sessionid'), bearerToken(request)]) {
    const access = await services.authenticator.authenticate('octeth', secret);
    if (access) return access;
  }
  throw new RequestError('unauthenticated');
}

function fieldsOf(request: FastifyRequest): Fields {
  return new Fields(bodyOf(request));
}

/** No body is one without parameters. */
function bodyOf(request: FastifyRequest): unknown {
  const { body } = request;
  if (body === undefined || body === null || isObject(body)) return body;
  throw new RequestError('malformed-body', 'The body is not a JSON object.');
}
