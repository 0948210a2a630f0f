import type { Workspace } from '../../../core/workspace/workspace.ts';

const projectModes = ['e-commerce', 'simple', 'long-sales-cycle'] as const;

/** What Webmarketer alone knows of a project (ruling 2). */
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
export function projectSettingsOf(workspace: Workspace): ProjectSettings {
  const {
    mode,
    retentionDurationInDays: days,
    picture,
    domain,
  } = workspace.settings.dialects.webmarketer ?? {};
  const isDuration = typeof days === 'number' && Number.isInteger(days) && days > 0 && days <= 36_500;
  return {
    mode: projectModes.find((known) => known === mode) ?? 'simple',
    retentionDurationInDays: isDuration ? days : null,
    picture: typeof picture === 'string' ? picture : null,
    domain: typeof domain === 'string' ? domain : null,
  };
}
