import { configureWorkspace } from '../../../../core/workspace/manage-workspaces.ts';
import { type Operation, operation } from '../../../../http/operation.ts';
import { finishRecounts } from '../../../../jobs/finish-recounts.ts';
import type { Services } from '../../../dialect.ts';
import { at, atUnthrottled, rateGroup } from '../../access.ts';
import { requireUnlimited } from '../../rights/seen-workspace.ts';
import { settingsOwner } from '../../settings/change-settings.ts';
import { payloadLimit, WorkspaceParameters } from '../schemas.ts';
import { parseConfiguration, parseThrottling } from './parse.ts';
import { presentConfiguration, presentThrottling } from './present.ts';
import { ConfigurationBody, ThrottlingBody } from './schemas.ts';

/** Name, zone, currency and rate are the workspace's own, which the native API shows and sets, too. */
export const workspaceConfigurationOperations: readonly Operation<Services>[] = [
  operation({
    ...at('readConfiguration'),
    summary: 'Get workspace configuration',
    checks: { path: WorkspaceParameters },
    handle: ({ access: { workspace } }) => presentConfiguration(workspace),
  }),
  operation({
    ...at('replaceConfiguration'),
    summary: 'Modify workspace configuration',
    checks: { path: WorkspaceParameters },
    documents: { body: ConfigurationBody },
    example: { name: 'Shop', timezone: 'Europe/Rome', currency: 'EUR' },
    bodyLimit: payloadLimit,
    handle: async ({ services, access: { workspace: before }, body }) => {
      requireUnlimited(before);
      const changes = parseConfiguration(body);
      const now = new Date(services.clock());
      const after = await configureWorkspace(services, [settingsOwner], before.id, changes, now);
      void services.jobs.look();
      await finishRecounts(services.jobs, before, after);
      return presentConfiguration(after);
    },
  }),
  operation({
    ...at('readThrottling'),
    summary: 'Get the workspace throttling',
    checks: { path: WorkspaceParameters },
    handle: ({ access: { workspace } }) => presentThrottling(workspace),
  }),
  operation({
    // Ruling 12: else a rate that was set too low could not be taken back.
    ...atUnthrottled('replaceThrottling'),
    summary: 'Modify the workspace throttling',
    checks: { path: WorkspaceParameters },
    documents: { body: ThrottlingBody },
    example: { maxRequestsPerMinute: 6000 },
    bodyLimit: payloadLimit,
    handle: async ({ services, access: { workspace }, body }) => {
      requireUnlimited(workspace);
      const changes = { rateLimits: { [rateGroup]: parseThrottling(body) } };
      const now = new Date(services.clock());
      return presentThrottling(await configureWorkspace(services, [], workspace.id, changes, now));
    },
  }),
];
