import { toObjectId } from '../../../../core/id.ts';
import type { Source } from '../../../../core/source/source.ts';
import { readIntegrationSettings } from '../../settings.ts';

/** docs/spec/webmarketer.md A2. Nobody visits the URL of an integration here, so its check never ends. */
export function presentIntegration(projectId: string, source: Source) {
  const {
    type = 'custom-ads',
    dataSource = null,
    credentialId = null,
  } = readIntegrationSettings(source.settings);
  return {
    _id: integrationId(source),
    projectId,
    credentialId,
    name: source.name,
    type,
    wmktId: source.externalId,
    dataSource,
    urlCheck: { lastCheck: null, status: 'pending' },
    createdAt: source.createdAt,
  };
}

/** The id that campaigns and outlays name their integration by. */
export function integrationId(source: Source): string {
  return toObjectId(source.publicId) ?? source.publicId;
}
