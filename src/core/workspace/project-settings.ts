import type { Workspace } from './workspace.ts';

const projectModes = ['e-commerce', 'simple', 'long-sales-cycle'] as const;

/** The longest time, in days, that a retention policy can name: a hundred years. */
export const maximumRetentionDays = 36_500;

/** What Webmarketer alone knows of a project (spec/webmarketer.md ruling 2). */
export interface ProjectSettings {
  readonly mode: (typeof projectModes)[number];
  /** Null: kept for good. */
  readonly retentionDurationInDays: number | null;
  readonly picture: string | null;
  readonly domain: string | null;
}

/**
 * The workspace's `settings.dialects.webmarketer`. They are set through the native API, which does not know their forms: what has
 * not the right one is as unset.
 */
export function projectSettingsOf(workspace: Pick<Workspace, 'settings'>): ProjectSettings {
  const { mode, retentionDurationInDays, picture, domain } = workspace.settings.dialects.webmarketer ?? {};
  return {
    mode: projectModes.find((known) => known === mode) ?? 'simple',
    retentionDurationInDays: isRetention(retentionDurationInDays) ? retentionDurationInDays : null,
    picture: typeof picture === 'string' ? picture : null,
    domain: typeof domain === 'string' ? domain : null,
  };
}

/** How many days a website event of Octeth's is kept, `settings.dialects.octeth.eventRetentionDays`; null: for good. */
export function eventRetentionDaysOf(workspace: Pick<Workspace, 'settings'>): number | null {
  const days = workspace.settings.dialects.octeth?.eventRetentionDays;
  return isRetention(days) ? days : null;
}

/** Whether a value is a number of days that a retention policy can name. */
export function isRetention(days: unknown): days is number {
  return typeof days === 'number' && Number.isInteger(days) && days > 0 && days <= maximumRetentionDays;
}
