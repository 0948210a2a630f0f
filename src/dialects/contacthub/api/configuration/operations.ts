import type { FastifyRequest } from 'fastify';
import { RequestError } from '../../../../errors.ts';
import { baseUrlOf, rolesOf } from '../../access.ts';
import { isEventTypeName } from '../../documents/enums.ts';
import { eventTypes } from '../../documents/event-types.ts';
import {
  presentSchemaDocument,
  resolveReferences,
  withAbsoluteReferences,
} from '../../documents/references.ts';
import type { Operation } from '../operation.ts';
import { EventTypeParameters, SchemaQuery } from '../schemas.ts';

export const configurationOperations: readonly Operation[] = [
  {
    method: 'GET',
    path: '/workspaces/:workspaceId/configuration/events/:eventType/properties',
    summary: 'Get the schema of the properties of an event type',
    roles: rolesOf.readConfiguration,
    schema: { params: EventTypeParameters, querystring: SchemaQuery },
    handle: async (_services, request) => getEventProperties(request),
  },
  {
    method: 'GET',
    path: '/docs/schema/*',
    summary: 'A schema that other replies refer to',
    handle: async (_services, request) => getSchemaDocument(request),
  },
  // Ruling 1: it takes no token.
  { method: 'GET', path: '/health', summary: 'Whether the API answers', handle: async () => ({}) },
];

function getEventProperties(request: FastifyRequest) {
  const { eventType } = request.params as { eventType: string };
  const { resolveReferences: resolve } = request.query as { resolveReferences: boolean };
  const definition = isEventTypeName(eventType) ? eventTypes.get(eventType) : undefined;
  if (!definition) throw new RequestError('not-found', `event not found ${eventType}`);
  const { propertiesSchema } = definition;
  return resolve
    ? resolveReferences(propertiesSchema)
    : withAbsoluteReferences(propertiesSchema, baseUrlOf(request));
}

function getSchemaDocument(request: FastifyRequest) {
  const path = (request.params as { '*': string })['*'];
  const document = presentSchemaDocument(path, baseUrlOf(request));
  if (!document) throw new RequestError('not-found', 'schema not found');
  return document;
}
