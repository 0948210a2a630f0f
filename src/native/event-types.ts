import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import type { FastifyInstance } from 'fastify';
import Type from 'typebox';
import { setEventTypeArchived } from '../dialects/webmarketer/definition/manage-event-types.ts';
import { RequestError } from '../errors.ts';
import { deleteEventType } from '../jobs/delete-event-type.ts';
import { enterWorkspace, workspaceOf } from './admission.ts';
import { presentEventType } from './present.ts';
import { noSuch } from './refusals.ts';
import { errors, WorkspaceParameters } from './schemas/common.ts';
import {
  EventTypeChangesBody,
  EventTypeDeletionReply,
  EventTypeSchema,
  EventTypesQuery,
  EventTypesReply,
} from './schemas/configuration.ts';
import type { NativeServices } from './services.ts';

const tags = ['Native: configuration'];
const path = '/workspaces/:workspace/event-types';
/** Up to 10,000 events, so that the answer comes within a few seconds. */
const slicesPerCall = 40;

const EventTypeParameters = Type.Object({
  ...WorkspaceParameters.properties,
  eventTypeId: Type.String({ format: 'uuid' }),
});

/** The event types of every dialect: listed, archived, deleted. */
export function registerEventTypes(scope: FastifyInstance, services: NativeServices): void {
  const app = scope.withTypeProvider<TypeBoxTypeProvider>();
  const onRequest = enterWorkspace.bind(null, services);
  app.get(path, {
    schema: {
      tags,
      summary: 'List event types',
      params: WorkspaceParameters,
      querystring: EventTypesQuery,
      response: { 200: EventTypesReply, ...errors(404) },
    },
    onRequest,
    handler: async (request) => {
      const { dialect, after, limit } = request.query;
      const workspace = await services.workspaces.reload(workspaceOf(request).id);
      const types = workspace.eventTypes
        .all()
        .filter((type) => type.id > after && (dialect === undefined || type.dialect === dialect))
        .sort((a, b) => a.id - b.id);
      const page = types.slice(0, limit);
      return {
        eventTypes: page.map(presentEventType),
        next: types.length > limit ? page.at(-1)!.id : null,
      };
    },
  });
  registerChanges(scope, services);
}

function registerChanges(scope: FastifyInstance, services: NativeServices): void {
  const app = scope.withTypeProvider<TypeBoxTypeProvider>();
  const onRequest = enterWorkspace.bind(null, services);
  app.patch(`${path}/:eventTypeId`, {
    schema: {
      tags,
      summary: 'Archive an event type, or take it back',
      params: EventTypeParameters,
      body: EventTypeChangesBody,
      response: { 200: EventTypeSchema, ...errors(404) },
    },
    onRequest,
    handler: async (request) => {
      const now = new Date(services.clock());
      const archivedAt = request.body.archived ? now : null;
      const { id } = workspaceOf(request);
      const type = await setEventTypeArchived(services, id, request.params.eventTypeId, archivedAt, now);
      if (!type) throw noSuchType();
      return presentEventType(type);
    },
  });
  app.delete(`${path}/:eventTypeId`, {
    schema: {
      tags,
      summary: 'Delete an event type with its events',
      params: EventTypeParameters,
      response: { 200: EventTypeDeletionReply, ...errors(404, 409) },
    },
    onRequest,
    handler: async (request) => {
      const options = { now: new Date(services.clock()), slices: slicesPerCall };
      const { id } = workspaceOf(request);
      const deleted = await deleteEventType(services, id, request.params.eventTypeId, options);
      if (!deleted) throw noSuchType();
      if (deleted === 'kept')
        throw new RequestError('conflict', 'Conversations follow from the events of this type: it stays.');
      return deleted;
    },
  });
}

function noSuchType(): RequestError {
  return noSuch(
    'params/eventTypeId',
    'The workspace has no event type of this id; GET …/event-types lists those there are.',
  );
}
