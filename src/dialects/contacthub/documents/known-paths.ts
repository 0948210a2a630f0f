import { eventContexts } from './contexts.ts';
import { customerBodySchemas } from './customer.ts';
import type { EventTypeName } from './enums.ts';
import { eventTypes } from './event-types.ts';
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
 * Whether a customer can have something at this dotted path. It goes through lists; `*` may stand for their items. `extended`: what the
 * workspace's schema lets extended properties be; undefined where it has none, and they may be anything.
 */
export function isCustomerPath(path: string, extended: JsonSchema | undefined): boolean {
  if (path === 'sourceInfo' || path.startsWith('sourceInfo.')) return sourceInfo.includes(path);
  const [root, ...names] = path.split('.');
  if (root === 'extended' && extended) return leadsSomewhere(extended, names);
  return leadsSomewhere(customerSchema, [root ?? '', ...names]);
}

/** Likewise for an event of the type: `properties` and what is in them, `context`, `contextInfo` and `tracking`. */
export function isEventPath(type: EventTypeName, path: string): boolean {
  const [root, ...names] = path.split('.');
  switch (root) {
    case 'properties':
      return leadsSomewhere(resolveReferences(eventTypes.get(type)?.propertiesSchema ?? {}), names);
    case 'context':
      return names.length === 0;
    case 'contextInfo':
      return contextSchemas.some((schema) => leadsSomewhere(schema, names));
    case 'tracking':
      return leadsSomewhere(trackingSchema, names);
    default:
      return false;
  }
}

function leadsSomewhere(schema: JsonSchema, names: readonly string[]): boolean {
  const [name, ...rest] = names;
  if (name === undefined) return true;
  if (schema.items) return leadsSomewhere(schema.items, name === '*' ? rest : names);
  const types = [schema.type].flat();
  // A workspace's definition of a list may say nothing of its items.
  if (types.includes('array')) return true;
  const isObject = types.includes('object');
  if (!isObject || name === '') return false;
  const { properties = {}, additionalProperties } = schema;
  if (Object.hasOwn(properties, name)) return leadsSomewhere(properties[name] ?? {}, rest);
  return additionalProperties !== false;
}
