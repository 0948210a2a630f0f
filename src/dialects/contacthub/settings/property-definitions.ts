import Type, { type Static, type TSchema } from 'typebox';
import { cutText } from '../../../core/cut-text.ts';
import { isRecord } from '../../../core/value/text.ts';
import { sharedName } from '../../../http/shared-forms.ts';
import { compileForm, escapePointer, type SchemaError } from '../documents/compile.ts';

/** More than these no customer fits into a request with. */
const maximumDefinitions = 500;
/** Of objects within objects. */
const deepestDefinition = 4;
const namePattern = '^[^.]{1,100}$';

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

/** By the types of JSON schema. */
export const policiesByType = {
  string: textPolicies,
  number: numberPolicies,
  integer: numberPolicies,
  boolean: objectPolicies,
  array: listPolicies,
  object: objectPolicies,
} as const;

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
      indexed: Type.Optional(
        Type.Boolean({
          description: 'Whether ranges of a number or a text, and the order of it, are served by an index.',
        }),
      ),
      mergePolicy: Type.Optional(Type.Unsafe<MergePolicy>({ type: 'string', enum: [...policies] })),
      ...more,
    },
    { additionalProperties: false },
  );
}

/** The form of a definition of these types. */
interface DefinitionForm {
  readonly types: readonly string[];
  readonly form: TSchema;
}

/** The forms that there are. `items`, `properties`: of what a list's items and an object's members may be; absent: they are not defined. */
function formsOf(items?: TSchema, properties?: TSchema): readonly DefinitionForm[] {
  const forms: [string[], readonly MergePolicy[], Readonly<Record<string, TSchema>>?][] = [
    [['string'], textPolicies, { maxLength, format, enum: allowed }],
    [['number', 'integer'], numberPolicies],
    [['boolean'], objectPolicies],
    [['array'], listPolicies, { maxLength, ...(items ? { items: Type.Optional(items) } : {}) }],
    [['object'], objectPolicies, properties ? { properties: Type.Optional(properties) } : {}],
  ];
  return forms.map(([types, policies, more]) => ({ types, form: definitionOf(types, policies, more) }));
}

function definition(depth: number): TSchema {
  const inner = depth < deepestDefinition ? definition(depth + 1) : undefined;
  const forms = formsOf(inner, inner && definitions(inner)).map(({ form }) => form);
  return Type.Union(forms, { [sharedName]: `extendedProperty${depth}` });
}

/** By name; "In property names it is not possible to use '.'". */
function definitions(one: TSchema) {
  return Type.Unsafe<Readonly<Record<string, Readonly<Record<string, unknown>>>>>({
    type: 'object',
    patternProperties: { [namePattern]: one },
    additionalProperties: false,
    maxProperties: maximumDefinitions,
    description: 'By name, which holds no dot.',
  });
}

/** A workspace's own properties of customers, as the native API and the vendor's wire take them. */
export const PropertyDefinitions = definitions(definition(1));

export type PropertyDefinitions = Static<typeof PropertyDefinitions>;

const isName = new RegExp(namePattern, 'u');
const anyObject = Type.Object({});
const checksOf = (forms: readonly DefinitionForm[]) =>
  new Map(forms.flatMap(({ types, form }) => types.map((type) => [type, compileForm(form)] as const)));
/** By type: the check of a definition without those within it. */
const checks = { inner: checksOf(formsOf(anyObject, anyObject)), deepest: checksOf(formsOf()) };

/**
 * The first thing wrong with definitions, by the form that the type of each asks for: what a union of forms can't say. `path`: a JSON
 * pointer to them. Undefined: they are of the form `PropertyDefinitions`.
 */
export function findDefinitionFault(definitions: unknown, path = '', depth = 1): SchemaError | undefined {
  if (!isRecord(definitions)) return { path, message: 'must be object', data: null };
  const names = Object.keys(definitions);
  if (names.length > maximumDefinitions)
    return { path, message: `must not have more than ${maximumDefinitions} properties`, data: null };
  for (const name of names) {
    const place = `${path}/${escapePointer(cutText(name, 100))}`;
    if (!isName.test(name))
      return { path: place, message: 'must have a name of 1 to 100 characters without "."', data: null };
    const fault = findFault(definitions[name], place, depth);
    if (fault) return fault;
  }
  return undefined;
}

function findFault(definition: unknown, path: string, depth: number): SchemaError | undefined {
  if (!isRecord(definition)) return { path, message: 'must be object', data: null };
  const { type, items, properties } = definition;
  const known = depth < deepestDefinition ? checks.inner : checks.deepest;
  const check = typeof type === 'string' ? known.get(type) : undefined;
  if (!check)
    return { path: `${path}/type`, message: `must be one of ${[...known.keys()].join(', ')}`, data: null };
  const [fault] = check(definition, path);
  if (fault) return fault;
  if (items !== undefined) return findFault(items, `${path}/items`, depth + 1);
  return properties === undefined
    ? undefined
    : findDefinitionFault(properties, `${path}/properties`, depth + 1);
}
