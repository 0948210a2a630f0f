import type { Workspace } from '../../../../core/workspace/workspace.ts';
import { basePropertiesSchema } from '../../documents/base-properties.ts';
import type { JsonSchema } from '../../documents/json-schema.ts';
import { isHidden } from '../../rules/hidden-properties.ts';

/** The schema of base properties, each with its label and whether the workspace takes it (Y51 BasePropertyModel). */
export function baseModelOf(workspace: Workspace): JsonSchema {
  return withStates(basePropertiesSchema, 'base', workspace);
}

function withStates(schema: JsonSchema, path: string, workspace: Workspace): JsonSchema {
  const { contactlabProperties, properties } = schema;
  const members = Object.entries(properties ?? {}).map(
    ([name, member]) => [name, withStates(member, `${path}.${name}`, workspace)] as const,
  );
  return {
    ...schema,
    ...(contactlabProperties && isHidden(path, workspace)
      ? { contactlabProperties: { ...contactlabProperties, enabled: false } }
      : {}),
    ...(properties ? { properties: Object.fromEntries(members) } : {}),
  };
}
