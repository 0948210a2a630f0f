import type { FastifyInstance, FastifyRequest } from 'fastify';
import { RequestError } from '../../errors.ts';
import { maximumFields } from '../../http/form.ts';
import type { Dialect, Services } from '../dialect.ts';
import { answer } from './access.ts';
import { commandNames, findCommand } from './api/commands.ts';
import { EventSearchBody, EventSearchReply } from './api/event-search/schemas.ts';
import { replay } from './api/events/track-event.ts';
import { Fields, isObject } from './api/fields.ts';
import { queryOf, registerForms } from './api/form-body.ts';
import {
  EventBody,
  LegacyBody,
  MessageBody,
  MessageReply,
  PropertyListBody,
  PropertyListQuery,
  PropertyListReply,
  SubscriberBody,
  TrackedReply,
  TrackerQuery,
} from './api/schemas.ts';
import { customFields } from './custom-field/custom-field-store.ts';
import { presentError, withoutSlash } from './errors.ts';
import { admitVisitor } from './rate.ts';
import { ListSettings, UserSettings } from './settings.ts';
import { messageLimitBytes, takeMessage } from './tracker/tracker-message.ts';
import { sendTrackerScript } from './tracker/tracker-script.ts';

const paths: readonly string[] = [
  '/api/v1/event',
  '/api/v1/website_events.properties',
  '/api/v1/subscriber.create',
  '/api/v1/admin.events.search',
  '/api.php',
  '/hello/message',
  '/t.js',
];

/** What is called as a command is, whether there is such a one or not: the answer is in this vendor's form. */
const commandPath = /^\/api\/v1\/\w+\.[\w.]+$/;

/** docs/spec/octeth.md. Webmarketer has the rest of /api/v1/. */
export const octeth: Dialect = {
  name: 'octeth',
  settings: UserSettings,
  sourceSettings: ListSettings,
  parts: [customFields],
  rateGroups: [...commandNames, 'hello.message', 'hello.message.bytes'].map((name) => `octeth:${name}`),
  owns: (path) => paths.includes(withoutSlash(path)) || commandPath.test(withoutSlash(path)),
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

function register(app: FastifyInstance, services: Services): void {
  registerForms(app);
  const tags = ['Octeth'];
  app.post(
    '/api/v1/event',
    { schema: { tags, summary: 'Track an event', body: EventBody, response: { 200: TrackedReply } } },
    (request, reply) => answer(services, request, reply, fieldsOf(request), findCommand('event.track')),
  );
  const propertyList = 'website_events.properties';
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
      answer(
        services,
        request,
        reply,
        new Fields(queryOf(request), bodyOf(request)),
        findCommand(propertyList),
      ),
  );
  app.get(
    '/api/v1/website_events.properties',
    { schema: { ...list, querystring: PropertyListQuery } },
    (request, reply) =>
      answer(services, request, reply, new Fields(queryOf(request)), findCommand(propertyList)),
  );
  const subscriber = { tags, summary: 'Add a subscriber to a list', body: SubscriberBody };
  app.post('/api/v1/subscriber.create', { schema: subscriber }, (request, reply) =>
    answer(services, request, reply, fieldsOf(request), findCommand('subscriber.create')),
  );
  const search = { tags, summary: 'Search the events of a workspace', body: EventSearchBody };
  app.post(
    '/api/v1/admin.events.search',
    { schema: { ...search, response: { 200: EventSearchReply } } },
    (request, reply) =>
      answer(services, request, reply, fieldsOf(request), findCommand('admin.events.search')),
  );
  registerDispatcher(app, services);
  registerTracker(app, services);
}

/** The older way in to every command. Clients of old send all of a call in the query, by GET. */
function registerDispatcher(app: FastifyInstance, services: Services): void {
  const tags = ['Octeth'];
  const summary = 'A command in the older form';
  app.post('/api.php', { schema: { tags, summary, body: LegacyBody } }, (request, reply) => {
    const fields = new Fields(queryOf(request), bodyOf(request));
    return answer(services, request, reply, fields, findCommand(fields.text('command') ?? ''));
  });
  // No schema of the query: some clients say a parameter twice, of which the last counts.
  const byGet = { schema: { tags, summary: `${summary}, all of it in the query` }, exposeHeadRoute: false };
  app.get('/api.php', byGet, (request, reply) => {
    const fields = new Fields(queryOf(request));
    const command = fields.text('command');
    if (command === undefined)
      throw new RequestError('unknown-route', 'Send a Command, by POST or in the query.');
    return answer(services, request, reply, fields, findCommand(command));
  });
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
    {
      schema: message,
      bodyLimit: messageLimitBytes,
      onRequest: async (request) => admitVisitor(services, request),
    },
    // The header is the vendor's (docs/spec/octeth.md A3).
    async (request, reply) =>
      reply.header('x-server', 'oempro_vector').send(await takeMessage(services, request)),
  );
}

function fieldsOf(request: FastifyRequest): Fields {
  return new Fields(bodyOf(request));
}

/** No body is one without parameters. */
function bodyOf(request: FastifyRequest): unknown {
  const { body } = request;
  if (body === undefined || body === null) return body;
  if (isObject(body)) return withFewFields(body);
  throw new RequestError('malformed-body', 'The body is not a JSON object.');
}

/** JSON has as many parameters as a form: each is walked before it is known who asks. */
function withFewFields(body: Record<string, unknown>): Record<string, unknown> {
  if (Object.keys(body).length > maximumFields)
    throw new RequestError('malformed-body', `The body has more than ${maximumFields} parameters.`);
  return body;
}
