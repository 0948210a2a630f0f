import type { Queryable } from '../../store/queryable.ts';
import { issueCredential } from '../credential/issue-credential.ts';
import type { WorkspaceId } from './workspace.ts';

/** By what a WhatsApp number's webhooks are signed and set up. */
export interface AppSecrets {
  readonly appSecret: string;
  readonly verifyToken: string;
}

export async function issueAppSecrets(
  connection: Queryable,
  workspaceId: WorkspaceId,
  appId: string,
  now: Date,
): Promise<AppSecrets> {
  const issue = async (kind: 'app-secret' | 'verify-token') => {
    const holder = { role: 'webhook', name: `app ${appId}`, subject: appId };
    const grant = { workspaceId, dialect: 'signals', kind, ...holder } as const;
    return (await issueCredential(connection, grant, now)).secret;
  };
  return { appSecret: await issue('app-secret'), verifyToken: await issue('verify-token') };
}
