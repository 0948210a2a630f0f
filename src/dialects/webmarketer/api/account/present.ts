import { createHash } from 'node:crypto';
import type { Account } from '../../../../core/credential/account-store.ts';
import type { Credential } from '../../../../core/credential/credential.ts';
import { toObjectId } from '../../../../core/id.ts';
import type { Workspace } from '../../../../core/workspace/workspace.ts';
import { readProjectSettings } from '../../settings.ts';

/** docs/spec/webmarketer.md A2. A workspace keeps no date of its last change. */
export function presentProject(projectId: string, workspace: Workspace) {
  const {
    mode = 'simple',
    retentionDurationInDays = null,
    picture = null,
    domain = null,
  } = readProjectSettings(workspace.settings.dialects.webmarketer);
  return {
    id: projectId,
    name: workspace.name,
    workspaceId: toObjectId(workspace.publicId),
    mode,
    retentionDurationInDays,
    picture,
    domain,
    currency: workspace.currency,
    phoneParsingConfig: workspace.settings.phoneCountries.map((countryCode, index) => ({
      order: index + 1,
      countryCode,
    })),
    createdAt: workspace.createdAt,
    updatedAt: workspace.createdAt,
  };
}

/** Who calls: a service account, or the permanent token, which belongs to none. */
export function presentAgent(credential: Credential, account: Account | undefined) {
  const email = account?.settings.serviceAccountEmail;
  return {
    id: (account && toObjectId(account.id)) ?? hashId(credential.id),
    email: typeof email === 'string' ? email : null,
    firstname: null,
    lastname: null,
    phone: null,
    picture: null,
  };
}

export function presentWorkspace(workspace: Workspace, account: Account | undefined) {
  return {
    id: toObjectId(workspace.publicId),
    slug: workspace.slug,
    name: workspace.name,
    billingId: null,
    clientId: account?.name ?? null,
    createdAt: workspace.createdAt,
    updatedAt: workspace.createdAt,
  };
}

/** Ids of credentials have no form of 24 digits. */
function hashId(id: string): string {
  return createHash('sha256').update(id).digest('hex').slice(0, 24);
}
