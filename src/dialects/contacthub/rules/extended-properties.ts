import { isRecord } from '../../../core/value/text.ts';
import type { Settings, Workspace } from '../../../core/workspace/workspace.ts';
import { buildExtendedSchema, type ExtendedDefinitions } from '../documents/extended.ts';
import type { JsonSchema } from '../documents/json-schema.ts';
import type { PropertyDefinitions } from '../settings/property-definitions.ts';
import { readHubSettings } from '../settings.ts';
import { isDated } from './extended-dates.ts';
import type { MergeRule } from './merge-policies.ts';
import { mergeRulesOf } from './property-rules.ts';

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
  /** The definitions of those that have date-times, by attribute path. */
  readonly dated: ReadonlyMap<string, unknown>;
  /** Paths of the numbers and texts that are marked as indexed, of those inside of objects too. */
  readonly indexed: ReadonlySet<string>;
}

const known = new WeakMap<PropertyDefinitions, ExtendedSchema>();

/** Undefined where a workspace has none: then any object is taken. One object for as long as the configuration is. */
export function extendedSchemaOf({ settings }: Workspace): ExtendedSchema | undefined {
  return extendedSchemaIn(settings.dialects.contacthub);
}

/** The same of settings that stand alone. */
export function extendedSchemaIn(settings: Settings | undefined): ExtendedSchema | undefined {
  const { extendedProperties } = readHubSettings(settings);
  return extendedProperties && known.getOrInsertComputed(extendedProperties, schemaOf);
}

function schemaOf(stored: PropertyDefinitions): ExtendedSchema {
  const entries = Object.entries(stored).filter(([, definition]) => isRecord(definition));
  const enabled = entries.filter(([, { enabled = true }]) => enabled);
  const definitions = Object.fromEntries(enabled);
  return {
    definitions,
    shape: buildExtendedSchema(definitions),
    mergeRules: new Map([...mergeRulesOf(definitions)].map(([name, rule]) => [`extended.${name}`, rule])),
    disabled: new Set(
      entries.filter(([, { enabled = true }]) => !enabled).map(([name]) => `extended.${name}`),
    ),
    dated: new Map(
      enabled.flatMap(([name, definition]) =>
        isDated(definition) ? [[`extended.${name}`, definition]] : [],
      ),
    ),
    indexed: new Set(indexedPaths(definitions, 'extended')),
  };
}

const orderedTypes: ReadonlySet<unknown> = new Set(['string', 'number', 'integer']);

/** The paths of the numbers and texts of definitions at `prefix` that are marked as indexed. */
export function indexedPaths(definitions: ExtendedDefinitions, prefix: string): string[] {
  return Object.entries(definitions).flatMap(([name, definition]) => {
    if (!isRecord(definition)) return [];
    const path = `${prefix}.${name}`;
    const { type, indexed, properties } = definition;
    if (type === 'object' && isRecord(properties)) return indexedPaths(properties, path);
    return indexed === true && orderedTypes.has(type) ? [path] : [];
  });
}
