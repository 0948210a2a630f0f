import { isRecord } from '../../../core/value/text.ts';
import type { Settings, Workspace } from '../../../core/workspace/workspace.ts';
import { buildExtendedSchema, type ExtendedDefinitions } from '../documents/extended.ts';
import type { JsonSchema } from '../documents/json-schema.ts';
import type { MergePolicy } from '../settings/property-definitions.ts';
import { readHubSettings } from '../settings.ts';
import { canonicalJson } from './canonical-json.ts';
import type { MergeRule } from './merge-policies.ts';

/** A workspace's own schema of extended properties. */
export interface ExtendedSchema {
  /** Of those that are enabled. */
  readonly definitions: ExtendedDefinitions;
  /** What they may be. */
  readonly shape: JsonSchema;
  /** By attribute path, where a policy is given. */
  readonly mergeRules: ReadonlyMap<string, MergeRule>;
  /** Attribute paths that are neither taken nor shown. */
  readonly disabled: ReadonlySet<string>;
}

const known = new WeakMap<object, ExtendedSchema>();

/** Undefined where a workspace has none: then any object is taken. One object for as long as the configuration is. */
export function extendedSchemaOf({ settings }: Workspace): ExtendedSchema | undefined {
  return extendedSchemaIn(settings.dialects.contacthub);
}

/** Whether other settings show what is stored in another form. */
export function showsOtherwise({ settings }: Workspace, wanted: Settings): boolean {
  const [before, after] = [settings.dialects.contacthub, wanted].map((one) => {
    const schema = extendedSchemaIn(one);
    return canonicalJson([[...(schema?.mergeRules ?? [])].sort(), [...(schema?.disabled ?? [])].sort()]);
  });
  return before !== after;
}

function extendedSchemaIn(settings: Settings | undefined): ExtendedSchema | undefined {
  const { extendedProperties } = readHubSettings(settings);
  return extendedProperties && known.getOrInsertComputed(extendedProperties, schemaOf);
}

function schemaOf(stored: object): ExtendedSchema {
  const entries = Object.entries(stored).filter(([, definition]) => isRecord(definition));
  const enabled = entries.filter(([, { enabled = true }]) => enabled);
  const definitions = Object.fromEntries(enabled);
  return {
    definitions,
    shape: buildExtendedSchema(definitions),
    mergeRules: new Map(
      enabled.flatMap(([name, { type, mergePolicy }]): [string, MergeRule][] =>
        mergePolicy === undefined
          ? []
          : [[`extended.${name}`, { policy: mergePolicy as MergePolicy, isInteger: type === 'integer' }]],
      ),
    ),
    disabled: new Set(
      entries.filter(([, { enabled = true }]) => !enabled).map(([name]) => `extended.${name}`),
    ),
  };
}
