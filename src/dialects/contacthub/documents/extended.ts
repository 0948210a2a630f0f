import {
  closedObject,
  type JsonSchema,
  type JsonType,
  nullable,
  type SchemaProperties,
} from './json-schema.ts';

/**
 * A workspace's own schema of extended properties as its configuration holds it: by name, JSON Schema properties
 * with the vendor's additions (`label`, `enabled`, `indexed`, `mergePolicy`).
 */
export type ExtendedDefinitions = { readonly [name: string]: unknown };

/** Limits that hold where a definition gives none (Modify customer extended properties). In characters. */
export const DEFAULT_TEXT_LIMIT = 255;
export const DEFAULT_TEXT_LIST_LIMIT = 1000;

const DEEPEST_DEFINITION = 16;

const SIMPLE_TYPES: ReadonlySet<unknown> = new Set<JsonType>(['number', 'integer', 'boolean']);
const TEXT_FORMATS: ReadonlySet<unknown> = new Set([
  'date',
  'date-time',
  'email',
  'ipv4',
  'uri',
  'url',
  'uuid',
]);

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function buildTextSchema({ format, enum: values }: Record<string, unknown>): JsonSchema {
  return {
    type: 'string',
    ...(typeof format === 'string' && TEXT_FORMATS.has(format) && { format }),
    ...(Array.isArray(values) && { enum: values.filter((value) => typeof value === 'string') }),
  };
}

function buildListSchema({ items, maxLength }: Record<string, unknown>, depth: number): JsonSchema {
  if (!isRecord(items)) return { type: 'array' };
  if (items.type !== 'string') return { type: 'array', items: buildValueSchema(items, depth + 1) };
  const maxJoinedLength = typeof maxLength === 'number' ? maxLength : DEFAULT_TEXT_LIST_LIMIT;
  return { type: 'array', items: nullable(buildTextSchema(items)), maxJoinedLength };
}

function buildValueSchema(definition: unknown, depth: number): JsonSchema {
  if (!isRecord(definition) || depth > DEEPEST_DEFINITION) return {};
  const { type, properties, maxLength } = definition;
  if (type === 'string') {
    const limit = typeof maxLength === 'number' ? maxLength : DEFAULT_TEXT_LIMIT;
    return nullable({ ...buildTextSchema(definition), maxLength: limit });
  }
  if (type === 'array') return nullable(buildListSchema(definition, depth));
  if (SIMPLE_TYPES.has(type)) return nullable({ type: type as JsonType });
  if (type !== 'object') return {};
  return isRecord(properties)
    ? nullable(buildObjectSchema(properties, depth + 1))
    : nullable({ type: 'object' });
}

function buildObjectSchema(definitions: ExtendedDefinitions, depth: number): JsonSchema {
  const properties: SchemaProperties = Object.fromEntries(
    Object.entries(definitions).map(([name, definition]) => [name, buildValueSchema(definition, depth)]),
  );
  return closedObject(properties);
}

/**
 * The schema that extended values are checked by: closed, every value nullable. It is built from the few keywords
 * known here, so nothing that a workspace stored reaches the schema compiler as it is.
 */
export function buildExtendedSchema(definitions: ExtendedDefinitions): JsonSchema {
  return nullable(buildObjectSchema(definitions, 0));
}

/** The same as replies show it, with what each property is called. */
export function describeExtendedSchema(definitions: ExtendedDefinitions): JsonSchema {
  const { properties = {}, ...schema } = buildExtendedSchema(definitions);
  const described = Object.entries(properties).map(([name, property]) => [
    name,
    { ...property, ...describe(name, definitions[name]) },
  ]);
  return { ...schema, properties: Object.fromEntries(described) };
}

function describe(name: string, definition: unknown): JsonSchema {
  const { label, description } = isRecord(definition) ? definition : {};
  return {
    ...(typeof description === 'string' && { description }),
    contactlabProperties: { label: typeof label === 'string' ? label : name, enabled: true },
  };
}
