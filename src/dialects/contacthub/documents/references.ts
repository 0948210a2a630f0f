import { schemaDocuments } from './documents.ts';
import { type JsonSchema, nullable } from './json-schema.ts';

const FRAGMENT_PREFIX = '/definitions/';

function findReferenced(path: string): JsonSchema {
  const [document = '', fragment] = path.split('#');
  const schema = schemaDocuments.get(document);
  const found =
    fragment === undefined ? schema : schema?.definitions?.[fragment.slice(FRAGMENT_PREFIX.length)];
  if (found === undefined) throw new Error(`a schema refers to ${path}, which does not exist`);
  const { $schema: _, ...withoutDialect } = found;
  return withoutDialect;
}

/** Applies `transform` to every schema nested directly in this one. */
function mapNested(schema: JsonSchema, transform: (nested: JsonSchema) => JsonSchema): JsonSchema {
  const mapValues = (schemas: { readonly [name: string]: JsonSchema }) =>
    Object.fromEntries(Object.entries(schemas).map(([name, nested]) => [name, transform(nested)]));
  return {
    ...schema,
    ...(schema.properties && { properties: mapValues(schema.properties) }),
    ...(schema.definitions && { definitions: mapValues(schema.definitions) }),
    ...(schema.items && { items: transform(schema.items) }),
    ...(schema.oneOf && { oneOf: schema.oneOf.map(transform) }),
  };
}

/**
 * The same schema with every reference absolute, as the vendor sends it. `baseUrl` is that of the API, without a
 * slash at its end (`https://host/hub/v1`).
 */
export function withAbsoluteReferences(schema: JsonSchema, baseUrl: string): JsonSchema {
  if (schema.$ref !== undefined) return { ...schema, $ref: `${baseUrl}/docs/schema/${schema.$ref}` };
  return mapNested(schema, (nested) => withAbsoluteReferences(nested, baseUrl));
}

/**
 * The same schema with every reference replaced by what it refers to (`resolveReferences=true`). "A reference or
 * null" becomes the schema with null among its types: it means the same, and a refusal names what is wrong inside
 * instead of saying that no branch matched.
 */
export function resolveReferences(schema: JsonSchema): JsonSchema {
  if (schema.$ref !== undefined) return resolveReferences(findReferenced(schema.$ref));
  const [referenced] = schema.oneOf ?? [];
  if (referenced?.$ref === undefined) return mapNested(schema, resolveReferences);
  const { oneOf: _, ...annotations } = schema;
  return { ...nullable(resolveReferences(referenced)), ...annotations };
}

/** The document served at `/hub/v1/docs/schema/<path>`, or undefined where there is none. */
export function presentSchemaDocument(path: string, baseUrl: string): JsonSchema | undefined {
  const schema = schemaDocuments.get(path);
  return schema && withAbsoluteReferences(schema, baseUrl);
}
