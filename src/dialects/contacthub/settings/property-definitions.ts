import Type, { type TSchema } from 'typebox';

/** More than these no customer fits into a request with. */
const maximumDefinitions = 500;
/** Of objects within objects. */
const deepestDefinition = 4;

const objectPolicies = ['OBJ_PRIORITY'] as const;
const textPolicies = [...objectPolicies, 'OBJ_CONCATENATE'] as const;
const numberPolicies = [
  ...textPolicies,
  'MATH_SUM',
  'MATH_AVG',
  'MATH_DIFF',
  'MATH_MIN',
  'MATH_MAX',
] as const;
const listPolicies = [...textPolicies, 'ARRAY_UNION', 'ARRAY_INTERSECTION'] as const;

/** How two values of an extended property become one (docs/spec/contacthub.md A, 106). */
export type MergePolicy = (typeof numberPolicies)[number] | (typeof listPolicies)[number];

const format = Type.Optional(
  Type.Unsafe<string>({
    type: 'string',
    enum: ['date', 'date-time', 'email', 'ipv4', 'uri', 'url', 'uuid'],
  }),
);
const allowed = Type.Optional(Type.Array(Type.String({ maxLength: 6000 }), { minItems: 1, maxItems: 1000 }));
/** "MaxLength property must be between 1 and 6000" (Modify customer extended properties). */
const maxLength = Type.Optional(
  Type.Integer({
    minimum: 1,
    maximum: 6000,
    description: '255 if left out; of a list of texts 1000, their lengths and separators together.',
  }),
);

function definitionOf(
  types: readonly string[],
  policies: readonly MergePolicy[],
  more: Readonly<Record<string, TSchema>> = {},
) {
  return Type.Object(
    {
      type: Type.Unsafe<string>({ type: 'string', enum: [...types] }),
      label: Type.Optional(Type.String({ maxLength: 255 })),
      description: Type.Optional(Type.String({ maxLength: 1000 })),
      enabled: Type.Optional(
        Type.Boolean({ description: 'False: it is neither taken nor shown; what is stored stays.' }),
      ),
      indexed: Type.Optional(Type.Boolean()),
      mergePolicy: Type.Optional(Type.Unsafe<MergePolicy>({ type: 'string', enum: [...policies] })),
      ...more,
    },
    { additionalProperties: false },
  );
}

function definition(depth: number): TSchema {
  const inner = depth < deepestDefinition ? definition(depth + 1) : undefined;
  return Type.Union([
    definitionOf(['string'], textPolicies, { maxLength, format, enum: allowed }),
    definitionOf(['number', 'integer'], numberPolicies),
    definitionOf(['boolean'], objectPolicies),
    definitionOf(['array'], listPolicies, { maxLength, ...(inner ? { items: Type.Optional(inner) } : {}) }),
    definitionOf(['object'], objectPolicies, inner ? { properties: Type.Optional(definitions(inner)) } : {}),
  ]);
}

/** By name; "In property names it is not possible to use '.'". */
function definitions(one: TSchema) {
  return Type.Unsafe<Readonly<Record<string, Readonly<Record<string, unknown>>>>>({
    type: 'object',
    patternProperties: { '^[^.]{1,100}$': one },
    additionalProperties: false,
    maxProperties: maximumDefinitions,
    description: 'By name, which holds no dot.',
  });
}

/** A workspace's own properties of customers, as the native API and the vendor's wire take them. */
export const PropertyDefinitions = definitions(definition(1));
