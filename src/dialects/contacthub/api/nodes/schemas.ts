import Type from 'typebox';
import { queryObject } from '../../../../http/validation.ts';
import { NewNode, NodeChanges, UniqueProperties } from '../../node/node-changes.ts';
import { listPaging } from '../list-page.ts';
import { anyId, workspaceId } from '../schemas.ts';

export const NodeParameters = Type.Object({ workspaceId, nodeId: anyId });

export const NodesQuery = queryObject({
  ...listPaging,
  nodeType: Type.Optional(Type.Enum(['ENTRY', 'AGGREGATE'])),
});

export const EmptyQuery = queryObject({
  eventsOnly: Type.Boolean({ default: false, description: 'Empty events only.' }),
});

/** By what customers are found again; `caseSensitive` is false where it is left out (inferred). */
export const MatchingPolicyBody = Type.Object(
  { properties: UniqueProperties, caseSensitive: Type.Optional(Type.Boolean()) },
  { additionalProperties: false },
);

const { description, imageUrl, sourcePriority, mandatoryProperties } = NodeChanges.properties;
const optional = { description, imageUrl, sourcePriority, mandatoryProperties };

export const NewEntryNodeBody = Type.Object(
  { name: NewNode.properties.name, uniqueCustomer: Type.Optional(MatchingPolicyBody), ...optional },
  { additionalProperties: false },
);

export const EntryNodeBody = Type.Object(
  {
    id: Type.String({ format: 'uuid', description: 'That of the path.' }),
    name: NewNode.properties.name,
    uniqueCustomer: MatchingPolicyBody,
    ...optional,
  },
  { additionalProperties: false },
);
