import type { FastifyRequest } from 'fastify';
import { RequestError } from '../../../../errors.ts';
import { type Operation, open, operation } from '../../../../http/operation.ts';
import type { Services } from '../../../dialect.ts';
import { at, atOpen, baseUrlOf } from '../../access.ts';
import { isEventTypeName } from '../../documents/enums.ts';
import { eventTypes } from '../../documents/event-types.ts';
import {
  presentSchemaDocument,
  resolveReferences,
  withAbsoluteReferences,
} from '../../documents/references.ts';
import { notFound } from '../../errors.ts';
import { DocumentParameters, EventTypeParameters, SchemaQuery } from './schemas.ts';

export const configurationOperations: readonly Operation<Services>[] = [
  operation({
    ...at('readEventProperties'),
    summary: 'Get the schema of the properties of an event type',
    checks: { path: EventTypeParameters, query: SchemaQuery },
    handle: ({ path, query, request }) =>
      presentEventProperties(path.eventType, query.resolveReferences, request),
  }),
  operation({
    method: 'GET',
    path: '/docs/schema/*',
    summary: 'A schema that other replies refer to',
    guard: open(),
    checks: { path: DocumentParameters },
    handle: ({ path, request }) => {
      const document = presentSchemaDocument(path['*'], baseUrlOf(request));
      if (!document) throw new RequestError('not-found', 'schema not found');
      return document;
    },
  }),
  // Ruling 1: it takes no token.
  operation({
    ...atOpen('readHealth'),
    summary: 'Whether the API answers',
    handle: () => ({}),
  }),
];

function presentEventProperties(eventType: string, isResolved: boolean, request: FastifyRequest) {
  const definition = isEventTypeName(eventType) ? eventTypes.get(eventType) : undefined;
  if (!definition) throw notFound('event', eventType);
  const { propertiesSchema } = definition;
  return isResolved
    ? resolveReferences(propertiesSchema)
    : withAbsoluteReferences(propertiesSchema, baseUrlOf(request));
}
