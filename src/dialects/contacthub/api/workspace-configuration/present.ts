import type { Workspace } from '../../../../core/workspace/workspace.ts';
import { rateGroup } from '../../access.ts';
import { readHubSettings } from '../../settings.ts';

/** Get workspace configuration. A `tier` no workspace here has; MERGE is the only policy of this wire (ruling 4). */
export function presentConfiguration({ name, timezone, currency, settings }: Workspace) {
  const { industry = 'NotDefined', logo = null } = readHubSettings(settings.dialects.contacthub);
  return { name, industry, logo, timezone, currency, customerUniquenessPolicy: 'MERGE', tier: null };
}

export function presentThrottling({ settings: { rateLimits } }: Workspace) {
  return { maxRequestsPerMinute: rateLimits[rateGroup] ?? 0 };
}
