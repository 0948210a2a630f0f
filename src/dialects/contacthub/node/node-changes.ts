import Type, { type Static } from 'typebox';
import { cutText } from '../../../core/cut-text.ts';
import { findUnstorable } from '../../../core/event/storable.ts';
import type { Workspace } from '../../../core/workspace/workspace.ts';
import { attributePath } from '../rules/customer-keys.ts';
import { shapeOf } from '../rules/customer-shape.ts';
import { isHidden } from '../rules/hidden-properties.ts';
import { Uri } from '../settings/workspace-facts.ts';

/** More than these no vendor's rule has; each is part of a key. */
const maximumProperties = 20;

const property = Type.String({ minLength: 1, maxLength: 200 });

export const UniqueProperties = Type.Array(property, {
  minItems: 1,
  maxItems: maximumProperties,
  uniqueItems: true,
  description: 'Paths such as base.contacts.email; customers who have all of them alike are one.',
});

const nodeName = Type.String({ minLength: 1, maxLength: 200 });

/** An order of sources, the first before all others. */
export const SourceOrder = Type.Array(Type.String({ format: 'uuid' }), {
  maxItems: 100,
  uniqueItems: true,
  description:
    'Ids of sources, as a customer’s sourceInfo has them: of values that several sources gave, that of the first of these is shown.',
});

/** What of an entry node can be set; what is left out stays. */
export const NodeChanges = Type.Object(
  {
    name: Type.Optional(nodeName),
    description: Type.Optional(Type.Union([Type.String({ maxLength: 1000 }), Type.Null()])),
    imageUrl: Type.Optional(Type.Union([Uri, Type.Null()])),
    uniquenessPolicy: Type.Optional(
      Type.Union([Type.Literal('MERGE'), Type.Literal('BLOCK'), Type.Literal('NO_CHECK')], {
        description:
          'What becomes of a customer who is created again: MERGE writes to the one there is, BLOCK refuses (409), NO_CHECK makes another.',
      }),
    ),
    uniqueCustomer: Type.Optional(
      Type.Object(
        {
          properties: UniqueProperties,
          caseSensitive: Type.Boolean(),
        },
        { additionalProperties: false },
      ),
    ),
    mandatoryProperties: Type.Optional(
      Type.Array(property, {
        maxItems: 100,
        uniqueItems: true,
        description: 'Paths that POST and PUT must have.',
      }),
    ),
    sourcePriority: Type.Optional(SourceOrder),
  },
  { additionalProperties: false, minProperties: 1 },
);

export type NodeChanges = Static<typeof NodeChanges>;

/** A node that is made: what is left out is as it is of a workspace's first one. */
export const NewNode = Type.Object(
  { ...NodeChanges.properties, name: nodeName },
  { additionalProperties: false },
);

export type NewNode = Static<typeof NewNode>;

/** `path`: of the member. */
export interface NodeProblem {
  readonly path: string;
  /** In one sentence without its end, that names the value. */
  readonly message: string;
}

/** What of a change that has the right form is wrong; undefined when nothing is. */
export function findNodeProblem(changes: NodeChanges, workspace: Workspace): NodeProblem | undefined {
  const unstorable = findUnstorable(changes);
  if (unstorable) return { path: unstorable.path.slice(1), message: 'a text holds what can not be stored' };
  const { name, uniqueCustomer, mandatoryProperties = [] } = changes;
  if (name?.trim() === '') return { path: 'name', message: 'a name is not blank' };
  const unmatchable = uniqueCustomer?.properties.find((name) => shapeOf(attributePath(name)) !== 'value');
  if (unmatchable !== undefined)
    return {
      path: 'uniqueCustomer/properties',
      message: `"${cutText(unmatchable, 100)}" is no property with one value; give paths such as base.contacts.email or externalId`,
    };
  const unknown = mandatoryProperties.find((name) => typeof shapeOf(attributePath(name)) !== 'string');
  if (unknown !== undefined)
    return {
      path: 'mandatoryProperties',
      message: `"${cutText(unknown, 100)}" is no property of a customer; give paths such as base.firstName`,
    };
  return (
    findDisabled('uniqueCustomer/properties', uniqueCustomer?.properties ?? [], workspace) ??
    findDisabled('mandatoryProperties', mandatoryProperties, workspace)
  );
}

/** What is taken from nobody can not be asked of everybody. */
function findDisabled(
  path: string,
  properties: readonly string[],
  workspace: Workspace,
): NodeProblem | undefined {
  const disabled = properties.find((name) => isHidden(attributePath(name), workspace));
  return disabled === undefined
    ? undefined
    : { path, message: `"${cutText(disabled, 100)}" is disabled in this workspace; enable it first` };
}
