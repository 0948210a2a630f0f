import { eventContexts } from './contexts.ts';
import { customerBodySchemas } from './customer.ts';
import type { JsonSchema } from './json-schema.ts';
import { resolveReferences } from './references.ts';
import { trackingSchema } from './tracking.ts';

const customerSchema = resolveReferences(customerBodySchemas.patch);
const contextSchemas = [...eventContexts.values()].map(({ contextInfoSchema }) =>
  resolveReferences(contextInfoSchema),
);

/** Written by the system, and open in the vendor's schema. */
const sourceInfo = ['sourceInfo', 'sourceInfo.registeredBy', 'sourceInfo.updatedBy'];

/**
 * What a customer can have at this dotted path; undefined for a path that leads nowhere. It goes through lists; `*` may stand for their items.
 * `extended`: what the workspace's schema lets extended properties be; undefined where it has none, and they may be anything.
 */
export function customerSchemaAt(path: string, extended: JsonSchema | undefined): JsonSchema | undefined {
  if (path === 'sourceInfo' || path.startsWith('sourceInfo.'))
    return sourceInfo.includes(path) ? anything : undefined;
  const [root, ...names] = path.split('.');
  if (root === 'extended' && extended) return schemaAt(extended, names);
  return schemaAt(customerSchema, [root ?? '', ...names]);
}

/** Likewise of an event: `properties`, of this schema, and what is in them, `context`, `contextInfo` and `tracking`. */
export function eventSchemaAt(properties: JsonSchema, path: string): JsonSchema | undefined {
  const [root, ...names] = path.split('.');
  switch (root) {
    case 'properties':
      return schemaAt(resolveReferences(properties), names);
    case 'context':
      return names.length === 0 ? anything : undefined;
    case 'contextInfo':
      return contextSchemas.map((schema) => schemaAt(schema, names)).find((found) => found !== undefined);
    case 'tracking':
      return schemaAt(trackingSchema, names);
    default:
      return undefined;
  }
}

const anything: JsonSchema = {};

function schemaAt(schema: JsonSchema, names: readonly string[]): JsonSchema | undefined {
  const [name, ...rest] = names;
  if (name === undefined) return schema.items ?? schema;
  if (schema.items) return schemaAt(schema.items, name === '*' ? rest : names);
  const types = [schema.type].flat();
  // A workspace's definition of a list may say nothing of its items.
  if (types.includes('array')) return anything;
  const isObject = types.includes('object');
  if (!isObject || name === '') return undefined;
  const { properties = {}, additionalProperties } = schema;
  if (Object.hasOwn(properties, name)) return schemaAt(properties[name] ?? anything, rest);
  return additionalProperties === false ? undefined : anything;
}
