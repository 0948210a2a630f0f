import type { Workspace } from '../../../../core/workspace/workspace.ts';
import { basePropertiesSchema } from '../../documents/base-properties.ts';
import { type BasePropertyDefinition, baseProperties } from '../../documents/base-property-names.ts';
import { customerBodySchemas } from '../../documents/customer.ts';
import { describeExtendedSchema } from '../../documents/extended.ts';
import { type JsonSchema, nullable } from '../../documents/json-schema.ts';
import { extendedSchemaOf } from '../../rules/extended-properties.ts';
import { isHidden } from '../../rules/hidden-properties.ts';
import type { PropertyDefinitions } from '../../settings/property-definitions.ts';
import { readHubSettings } from '../../settings.ts';

export function presentBaseProperties(workspace: Workspace) {
  return { elements: [...baseProperties.values()].map((one) => presentBaseProperty(one, workspace)) };
}

/** Its own state: one that is enabled within one that is disabled is not taken either. */
export function presentBaseProperty({ name, description }: BasePropertyDefinition, { settings }: Workspace) {
  const { disabledBaseProperties = [] } = readHubSettings(settings.dialects.contacthub);
  return { name, description, enabled: !disabledBaseProperties.includes(name) };
}

/** As they were set; undefined: any object is taken. */
export function extendedPropertiesOf({ settings }: Workspace): PropertyDefinitions | undefined {
  return readHubSettings(settings.dialects.contacthub).extendedProperties;
}

/** What customers of the workspace may be: its own extended properties, and nothing that is disabled. */
export function customerSchemaOf(workspace: Workspace): JsonSchema {
  const { properties, ...schema } = customerBodySchemas.patch;
  const { definitions } = extendedSchemaOf(workspace) ?? {};
  const { $schema: _, ...base } = basePropertiesSchema;
  const shown = withoutHidden(base, 'base', workspace);
  return {
    ...schema,
    properties: {
      ...properties,
      ...(shown === base ? {} : { base: nullable(shown) }),
      ...(definitions ? { extended: describeExtendedSchema(definitions) } : {}),
    },
  };
}

/** The very schema where nothing in it is hidden. */
function withoutHidden(schema: JsonSchema, path: string, workspace: Workspace): JsonSchema {
  const entries = Object.entries(schema.properties ?? {});
  const shown = entries
    .filter(([name]) => !isHidden(`${path}.${name}`, workspace))
    .map(([name, member]) => [name, withoutHidden(member, `${path}.${name}`, workspace)] as const);
  const isWhole =
    shown.length === entries.length && shown.every(([, member], at) => member === entries[at]?.[1]);
  return isWhole ? schema : { ...schema, properties: Object.fromEntries(shown) };
}
