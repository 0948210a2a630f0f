import type { DialectName } from '../../core/dialect-name.ts';
import { keepKnown } from '../../core/workspace/dialect-settings.ts';
import type { WorkspaceChanges } from '../../core/workspace/manage-workspaces.ts';
import type { Settings, WorkspaceSettings } from '../../core/workspace/workspace.ts';
import { mergePatch } from '../../json/merge-patch.ts';
import { wrong } from '../refusals.ts';
import { findFault } from '../validation.ts';
import type { DialectForms } from './settings.ts';

/** Of each dialect a merge patch of the settings that it has by then; null takes all of them away. */
export type SettingsPatches = Readonly<Partial<Record<DialectName, Settings | null>>>;

/** As they are asked for. */
export interface WantedChanges extends Omit<WorkspaceChanges, 'dialects'> {
  readonly dialects?: SettingsPatches;
}

/**
 * Changes with the whole settings of each dialect that they name, as they leave those that it has: to be asked under the workspace's lock, so
 * that of two who change different ones at once neither undoes the other's. What an older version let in goes with it. `context`: what
 * the changes are called. @throws RequestError `invalid-request` for what is no settings once it is merged
 */
export function mergeSettings(
  forms: readonly DialectForms[],
  stored: WorkspaceSettings['dialects'],
  { dialects, ...changes }: WantedChanges,
  context: string,
): WorkspaceChanges {
  if (!dialects) return changes;
  const merged = forms.flatMap(({ name, settings: form }) => {
    const patch = dialects[name];
    if (patch === undefined) return [];
    const settings = patch === null ? {} : mergePatch(keepKnown(form, stored[name] ?? {}), patch);
    const fault = findFault(form, settings, `${context}/dialects/${name}`);
    if (fault) throw wrong(fault.path, fault.message);
    return [[name, settings]];
  });
  return { ...changes, dialects: Object.fromEntries(merged) };
}
