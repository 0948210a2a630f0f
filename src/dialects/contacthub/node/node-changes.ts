import Type, { type Static } from 'typebox';
import { cutText } from '../../../core/cut-text.ts';
import { attributePath } from '../rules/customer-keys.ts';
import { shapeOf } from '../rules/customer-shape.ts';

/** More than these no vendor's rule has; each is part of a key. */
const maximumProperties = 20;

const property = Type.String({ minLength: 1, maxLength: 200 });

/** What of an entry node can be set; what is left out stays. */
export const NodeChanges = Type.Object(
  {
    name: Type.Optional(Type.String({ minLength: 1, maxLength: 200 })),
    description: Type.Optional(Type.Union([Type.String({ maxLength: 1000 }), Type.Null()])),
    uniquenessPolicy: Type.Optional(
      Type.Union([Type.Literal('MERGE'), Type.Literal('BLOCK'), Type.Literal('NO_CHECK')], {
        description:
          'What becomes of a customer who is created again: MERGE writes to the one there is, BLOCK refuses (409), NO_CHECK makes another.',
      }),
    ),
    uniqueCustomer: Type.Optional(
      Type.Object(
        {
          properties: Type.Array(property, {
            minItems: 1,
            maxItems: maximumProperties,
            uniqueItems: true,
            description: 'Paths such as base.contacts.email; customers who have all of them alike are one.',
          }),
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
  },
  { additionalProperties: false, minProperties: 1 },
);

export type NodeChanges = Static<typeof NodeChanges>;

/** What of a change that has the right form is wrong; undefined when nothing is. `path`: of the member. */
export function findNodeProblem({
  uniqueCustomer,
  mandatoryProperties = [],
}: NodeChanges): { readonly path: string; readonly message: string } | undefined {
  const unmatchable = uniqueCustomer?.properties.find((name) => shapeOf(attributePath(name)) !== 'value');
  if (unmatchable !== undefined)
    return {
      path: 'uniqueCustomer/properties',
      message: `"${cutText(unmatchable, 100)}" is no property with one value; give paths such as base.contacts.email or externalId`,
    };
  const unknown = mandatoryProperties.find((name) => typeof shapeOf(attributePath(name)) !== 'string');
  if (unknown === undefined) return undefined;
  return {
    path: 'mandatoryProperties',
    message: `"${cutText(unknown, 100)}" is no property of a customer; give paths such as base.firstName`,
  };
}
