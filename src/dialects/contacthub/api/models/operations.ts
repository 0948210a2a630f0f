import type { FastifyRequest } from 'fastify';
import { type Operation, operation } from '../../../../http/operation.ts';
import type { Services } from '../../../dialect.ts';
import { at, atOpen, baseUrlOf } from '../../access.ts';
import { eventContexts } from '../../documents/contexts.ts';
import { eventCategories } from '../../documents/event-categories.ts';
import type { JsonSchema } from '../../documents/json-schema.ts';
import { mergePolicyDefinitions } from '../../documents/merge-policies.ts';
import { providerDefinitions } from '../../documents/providers.ts';
import { resolveReferences, withAbsoluteReferences } from '../../documents/references.ts';
import { SchemaQuery } from '../event-configurations/schemas.ts';
import { WorkspaceParameters } from '../schemas.ts';
import { baseModelOf } from './present.ts';

/** What the vendor's platform knows by itself. */
export const modelOperations: readonly Operation<Services>[] = [
  operation({
    ...at('readBasePropertiesModel'),
    summary: 'Get customer base properties',
    checks: { path: WorkspaceParameters },
    handle: ({ access: { workspace }, request }) => ({
      schema: withAbsoluteReferences(baseModelOf(workspace), baseUrlOf(request)),
    }),
  }),
  operation({
    ...at('listMergePolicies'),
    summary: 'Get merge policy types',
    checks: { path: WorkspaceParameters },
    handle: () => ({ elements: mergePolicyDefinitions }),
  }),
  operation({
    ...at('listProviders'),
    summary: 'Get source provider types',
    checks: { path: WorkspaceParameters },
    handle: () => ({ elements: providerDefinitions }),
  }),
  operation({
    ...at('listContexts'),
    summary: 'Get event context types',
    checks: { path: WorkspaceParameters, query: SchemaQuery },
    handle: ({ query, request }) => ({
      elements: [...eventContexts.values()].map(({ id, label, description, contextInfoSchema }) => ({
        id,
        label,
        description,
        propertiesSchema: presentSchema(contextInfoSchema, query.resolveReferences, request),
      })),
    }),
  }),
  // Ruling 1: it takes no token.
  operation({
    ...atOpen('listEventCategories'),
    summary: 'Get analytics event category types',
    handle: () => ({ elements: eventCategories }),
  }),
];

function presentSchema(schema: JsonSchema, isResolved: boolean, request: FastifyRequest): JsonSchema {
  return isResolved ? resolveReferences(schema) : withAbsoluteReferences(schema, baseUrlOf(request));
}
