import type { Static } from 'typebox';
import type { WorkspaceChanges } from '../../../../core/workspace/manage-workspaces.ts';
import type { Workspace } from '../../../../core/workspace/workspace.ts';
import { compileForm } from '../../documents/compile.ts';
import { readHubSettings } from '../../settings.ts';
import { checkBody, invalidBody } from '../body.ts';
import { ConfigurationBody, ThrottlingBody } from './schemas.ts';

/** "Default timezone of workspace." The first is the vendor's default, which null stands for. */
const timezones = ['Europe/Rome', 'Europe/Paris', 'Europe/London'] as const;
const currencies: readonly string[] = ['EUR', 'USD', 'JPY'];

const checks = { configuration: compileForm(ConfigurationBody), throttling: compileForm(ThrottlingBody) };

/**
 * What a body changes of the workspace as it is once it is locked. Besides the vendor's time zones and currencies, what the workspace has
 * is taken: who sends back what he was shown changes nothing. @throws RequestError `invalid-request`
 */
export function parseConfiguration(body: unknown): (workspace: Workspace) => WorkspaceChanges {
  const wanted = checkBody<Static<typeof ConfigurationBody>>('configuration', checks.configuration, body);
  const { name, timezone, currency, industry, logo } = wanted;
  if (name?.trim() === '')
    throw invalidBody('configuration', [{ path: '/name', message: 'must not be blank' }]);
  return (workspace) => {
    const zone = timezone === null ? timezones[0] : timezone;
    refuseUnknown('timezone', zone, [...timezones, workspace.timezone]);
    refuseUnknown('currency', currency, [...currencies, workspace.currency]);
    const known = readHubSettings(workspace.settings.dialects.contacthub);
    const facts = {
      ...(industry === undefined ? {} : { industry }),
      ...(logo === undefined ? {} : { logo }),
    };
    return {
      ...(name === undefined ? {} : { name }),
      ...(zone === undefined ? {} : { timezone: zone }),
      ...(currency === undefined ? {} : { currency }),
      ...(Object.keys(facts).length > 0 ? { dialects: { contacthub: { ...known, ...facts } } } : {}),
    };
  };
}

function refuseUnknown(name: string, value: string | undefined, taken: readonly string[]): void {
  if (value === undefined || taken.includes(value)) return;
  const message = `must be one of ${[...new Set(taken)].join(', ')}`;
  throw invalidBody('configuration', [{ path: `/${name}`, message }]);
}

/** Requests a minute; 0: as many as come. @throws RequestError `invalid-request` */
export function parseThrottling(body: unknown): number {
  type Throttling = Static<typeof ThrottlingBody>;
  return checkBody<Throttling>('throttling', checks.throttling, body).maxRequestsPerMinute;
}
