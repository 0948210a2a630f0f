import type { FastifyInstance, FastifyRequest } from 'fastify';
import { type EventType, eventTypeRemedy } from '../../../../core/event-type/event-type.ts';
import { RequestError } from '../../../../errors.ts';
import type { Services } from '../../../dialect.ts';
import { admit, type ProjectRequest, projectOf } from '../../access.ts';
import { definitionOf } from '../../definition/definition.ts';
import {
  archiveEventType,
  type ColumnKeyTaken,
  createEventType,
  updateEventType,
} from '../../definition/manage-event-types.ts';
import { findEventTypes } from '../../query/event-types.ts';
import { type Page, parseFlag, parsePage } from '../parse.ts';
import { presentEventType, presentPage } from '../present.ts';
import {
  EventTypeChangeBody,
  EventTypeReply,
  EventTypesQuery,
  EventTypesReply,
  NewEventTypeBody,
  ProjectParameters,
  ReferenceParameters,
} from '../schemas.ts';
import { parseEventTypeChange, parseNewEventType, parseSort } from './parse.ts';

const path = '/api/v1/projects/:projectId/event-types';

/** docs/spec/webmarketer.md A2. */
export function registerEventTypeRoutes(app: FastifyInstance, services: Services): void {
  const route = (
    method: 'GET' | 'POST' | 'PATCH' | 'DELETE',
    url: string,
    schema: object,
    handler: (services: Services, request: FastifyRequest) => Promise<object>,
  ) =>
    app.route({
      method,
      url,
      schema: { tags: ['Webmarketer'], ...schema },
      onRequest: (request) => admit(services, request),
      handler: async (request, reply) => {
        const answer = await handler(services, request);
        return reply.code(method === 'POST' ? 201 : 200).send(answer);
      },
    });
  const one = { params: ReferenceParameters, response: { 200: EventTypeReply } };
  route(
    'GET',
    path,
    {
      summary: 'List event types',
      params: ProjectParameters,
      querystring: EventTypesQuery,
      response: { 200: EventTypesReply },
    },
    listTypes,
  );
  route(
    'POST',
    path,
    {
      summary: 'Create an event type',
      params: ProjectParameters,
      body: NewEventTypeBody,
      response: { 201: EventTypeReply },
    },
    createType,
  );
  const single = `${path}/:reference`;
  route('GET', single, { summary: 'Get an event type', ...one }, getType);
  route('PATCH', single, { summary: 'Update an event type', ...one, body: EventTypeChangeBody }, updateType);
  route('DELETE', single, { summary: 'Archive an event type', ...one }, archiveType);
}

interface ListQuery extends Partial<Page> {
  readonly search?: string;
  readonly archived?: string;
  readonly storageKey?: string;
  readonly reference?: string;
  readonly sort?: string;
}

async function listTypes(services: Services, request: FastifyRequest) {
  const { projectId, access } = projectOf(request);
  const query = request.query as ListQuery;
  const page = parsePage(query);
  // Read anew: who has just made a type by another process wants to see it.
  const workspace = await services.workspaces.reload(access.workspace.id);
  const { types, total } = findEventTypes(workspace, 'webmarketer', {
    archived: parseFlag(query.archived, 'archived') ?? false,
    search: query.search || undefined,
    storageKey: query.storageKey || undefined,
    reference: query.reference || undefined,
    sort: parseSort(query.sort),
    ...page,
  });
  return presentPage(
    types.map((type) => presentEventType(projectId, workspace, type)),
    total,
    page,
  );
}

async function createType(services: Services, request: FastifyRequest) {
  const project = projectOf(request);
  const { reference, definition } = parseNewEventType(request.body);
  const { id } = project.access.workspace;
  const created = await createEventType(services, id, 'webmarketer', reference, definition);
  if (created === 'name-taken')
    throw new RequestError('conflict', `An event type with reference ${reference} already exists`);
  if (created === 'too-many')
    throw new RequestError('invalid-request', `The project has too many event types. ${eventTypeRemedy}`);
  return present(project, requireFreeKeys(created));
}

async function getType(services: Services, request: FastifyRequest) {
  const project = projectOf(request);
  const workspace = await services.workspaces.reload(project.access.workspace.id);
  return present(project, workspace.eventTypes.byName('webmarketer', referenceOf(request)));
}

async function updateType(services: Services, request: FastifyRequest) {
  const project = projectOf(request);
  const reference = referenceOf(request);
  const change = parseEventTypeChange(request.body, reference);
  const { id } = project.access.workspace;
  const updated = await updateEventType(services, id, 'webmarketer', reference, change);
  return present(project, updated && requireFreeKeys(updated));
}

async function archiveType(services: Services, request: FastifyRequest) {
  const project = projectOf(request);
  const { id } = project.access.workspace;
  return present(project, await archiveEventType(services, id, 'webmarketer', referenceOf(request)));
}

function requireFreeKeys(saved: EventType | ColumnKeyTaken): EventType {
  if ('columnKey' in saved)
    throw new RequestError('conflict', `${saved.columnKey} is the key of a custom column; take another one`);
  return saved;
}

function present({ projectId, access }: ProjectRequest, type: EventType | undefined) {
  if (!type || !definitionOf(type)) throw new RequestError('not-found', 'Event type not found');
  return presentEventType(projectId, access.workspace, type);
}

function referenceOf(request: FastifyRequest): string {
  return (request.params as { reference: string }).reference;
}
