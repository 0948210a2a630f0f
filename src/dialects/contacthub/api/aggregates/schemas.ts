import Type from 'typebox';
import { maximumFilters } from '../../aggregate/exclusion-filter.ts';
import {
  boolean,
  choice,
  closedObject,
  freeObject,
  type JsonSchema,
  limitedText,
  nullable,
  uuid,
} from '../../documents/json-schema.ts';
import { anyId, workspaceId } from '../schemas.ts';

export const AggregateParameters = Type.Object({ workspaceId, aggregateNodeId: anyId });

export const aggregateStates = ['ACTIVE', 'NEW', 'LOCKED', 'REMOVED'] as const;

/** The page does not say what is in it; as an entry node's `uniqueCustomer` (inferred). */
const matchingProperties = nullable(
  closedObject({
    properties: { type: 'array', items: { type: 'string', minLength: 1, maxLength: 200 } },
    caseSensitive: boolean,
  }),
);

const said = {
  name: { ...limitedText(255), minLength: 1 },
  description: nullable(limitedText(1000)),
  imageUrl: nullable(limitedText(1000)),
  entryNodes: { type: 'array', items: uuid },
  matchingProperties,
  exclusionFilters: {
    ...nullable({ type: 'array', items: freeObject }),
    description: `At most ${maximumFilters} queries, as customers are searched by; whom one finds is left out.`,
  },
} as const satisfies Record<string, JsonSchema>;

export const createSchema: JsonSchema = closedObject(said, ['name', 'entryNodes']);
export const replaceSchema: JsonSchema = closedObject({ ...said, id: uuid, state: choice(aggregateStates) });
export const stateSchema: JsonSchema = closedObject({ state: choice(aggregateStates) }, ['state']);
