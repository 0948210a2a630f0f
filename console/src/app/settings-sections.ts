import type { LinkProps } from '@tanstack/react-router';

export interface SettingsSection {
  readonly title: string;
  readonly to: Extract<LinkProps['to'], `/$workspace/settings/${string}`>;
  /** Of the installation, and for an administrator's key alone. */
  readonly isAdministrators?: true;
}

/** The sections of the settings, in the order in which they are listed; the palette finds them too. */
export const settingsSections: readonly SettingsSection[] = [
  { title: 'Workspace', to: '/$workspace/settings/workspace' },
  { title: 'APIs', to: '/$workspace/settings/apis' },
  { title: 'Browser tracker', to: '/$workspace/settings/tracker' },
  { title: 'Sources and lists', to: '/$workspace/settings/sources' },
  { title: 'Nodes', to: '/$workspace/settings/nodes' },
  { title: 'Event types', to: '/$workspace/settings/types' },
  { title: 'Keys', to: '/$workspace/settings/keys' },
  { title: 'Exchange rates', to: '/$workspace/settings/exchange-rates' },
  { title: 'Retention', to: '/$workspace/settings/retention' },
  { title: 'Request rates', to: '/$workspace/settings/limits' },
  { title: 'Jobs', to: '/$workspace/settings/jobs' },
  { title: 'Workspaces', to: '/$workspace/settings/workspaces', isAdministrators: true },
];
