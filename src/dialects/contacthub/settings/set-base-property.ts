import type { Workspace } from '../../../core/workspace/workspace.ts';
import { BASE_PROPERTY_NAMES, type BasePropertyName } from '../documents/base-property-names.ts';
import { findNeeded, type NeededProperty } from '../node/needed-properties.ts';
import { changeSettings, type SettingsServices } from './change-settings.ts';

/** A base property as it is to be; `refuse`: what is thrown where a node needs it. */
export interface BasePropertyState {
  readonly name: BasePropertyName;
  readonly enabled: boolean;
  readonly refuse: (needed: NeededProperty) => Error;
}

/** Enables or disables a base property, and answers the workspace as it then is. @throws what `refuse` makes */
export function setBaseProperty(
  services: SettingsServices,
  workspace: Workspace,
  { name, enabled, refuse }: BasePropertyState,
): Promise<Workspace> {
  return changeSettings(services, workspace, (settings, current) => {
    const { disabledBaseProperties: before = [] } = settings;
    const disabled = BASE_PROPERTY_NAMES.filter((one) => (one === name ? !enabled : before.includes(one)));
    const needed = findNeeded(current, disabled);
    if (needed) throw refuse(needed);
    return { ...settings, disabledBaseProperties: disabled };
  });
}
