import type { Settings, Workspace } from '../../../core/workspace/workspace.ts';
import type { JsonSchema } from '../documents/json-schema.ts';
import { customerSchemaAt } from '../documents/known-paths.ts';
import { readHubSettings } from '../settings.ts';
import { canonicalJson } from './canonical-json.ts';
import { locate, type Place, pathsOf, shapeOf } from './customer-shape.ts';
import { extendedSchemaIn, extendedSchemaOf } from './extended-properties.ts';

const none: ReadonlySet<string> = new Set();
const known = new WeakMap<Settings, ReadonlySet<string>>();

/** The attribute paths that are neither taken nor shown: of disabled base and extended properties. What is stored there stays. */
export function hiddenPaths({ settings }: Pick<Workspace, 'settings'>): ReadonlySet<string> {
  return hiddenIn(settings.dialects.contacthub);
}

/** Whether nothing is shown at this path of a customer. */
export function isHidden(path: string, workspace: Pick<Workspace, 'settings'>): boolean {
  const hidden = hiddenPaths(workspace);
  if (hidden.size === 0) return false;
  const paths = attributesAt(locate(path), path);
  return paths.length > 0 && paths.every((one) => hidden.has(one));
}

/** What a customer of the workspace can show at this path; undefined for a path where there is nothing. */
export function shownSchemaAt(path: string, workspace: Workspace): JsonSchema | undefined {
  return isHidden(path, workspace) ? undefined : customerSchemaAt(path, extendedSchemaOf(workspace)?.shape);
}

/** Values without those that are not shown. */
export function withoutHidden(
  values: Readonly<Record<string, unknown>>,
  workspace: Workspace,
): Readonly<Record<string, unknown>> {
  const hidden = hiddenPaths(workspace);
  if (hidden.size === 0) return values;
  return Object.fromEntries(Object.entries(values).filter(([path]) => !hidden.has(path)));
}

/** Whether by other settings what is stored is shown, and so found, in another form. */
export function showsOtherwise({ settings }: Workspace, wanted: Settings): boolean {
  const [before, after] = [settings.dialects.contacthub, wanted].map((one) => {
    const { mergeRules = [], indexed = [] } = extendedSchemaIn(one) ?? {};
    return canonicalJson([[...mergeRules].sort(), [...hiddenIn(one)].sort(), [...indexed].sort()]);
  });
  return before !== after;
}

function hiddenIn(settings: Settings | undefined): ReadonlySet<string> {
  return settings === undefined ? none : known.getOrInsertComputed(settings, collectHidden);
}

function collectHidden(settings: Settings): ReadonlySet<string> {
  const { disabledBaseProperties = [] } = readHubSettings(settings);
  const base = disabledBaseProperties.flatMap((name) => basePathsOf(name));
  return new Set([...base, ...(extendedSchemaIn(settings)?.disabled ?? [])]);
}

/** The attributes that a base property holds; half of a value, as a latitude, is the whole of it. */
export function basePathsOf(name: string): readonly string[] {
  const path = `base.${name}`;
  return attributesAt(locate(path), path);
}

function attributesAt(place: Place, path: string): readonly string[] {
  if (place.kind === 'attribute') return [place.path];
  const shape = shapeOf(path);
  return shape === undefined ? [] : pathsOf(shape, path);
}
