import type { LinkProps } from '@tanstack/react-router';

export interface Section {
  readonly title: string;
  readonly to: Extract<LinkProps['to'], `/$workspace/settings/${string}`>;
  /** Of the installation, and for an administrator's key alone. */
  readonly isAdministrators?: true;
}

/** In the order in which they are listed. */
export const sections: readonly Section[] = [
  { title: 'Workspace', to: '/$workspace/settings/workspace' },
  { title: 'Event types', to: '/$workspace/settings/types' },
  { title: 'Jobs', to: '/$workspace/settings/jobs' },
];
