import type { WorkspaceId } from '../../../core/workspace/workspace.ts';
import type { AdPlatform, PlatformFailure, PlatformLimits } from './ad-platform.ts';
import type { AdvertisingServices } from './advertising-services.ts';
import {
  listFacebookAccounts,
  readAccessToken,
  readFacebookAccount,
  rejectAccessToken,
} from './facebook-account-store.ts';

/** A platform under the token of a Facebook account. */
export interface Connection {
  readonly facebookAccountId: string;
  readonly accessToken: string;
  readonly platform: AdPlatform;
}

export type ConnectionFailure =
  /** No Facebook account with a token opens it. */
  { readonly kind: 'not-connected' } | Extract<PlatformFailure, { readonly kind: 'token-rejected' }>;

/** Opens the platform under a Facebook account's token, if it has one that Meta has not refused. */
export async function openConnection(
  services: AdvertisingServices,
  workspaceId: WorkspaceId,
  facebookAccountId: string | null,
  limits: PlatformLimits,
): Promise<Connection | ConnectionFailure> {
  if (facebookAccountId === null) return { kind: 'not-connected' };
  const accessToken = await readAccessToken(services.database, workspaceId, facebookAccountId);
  if (accessToken !== undefined) {
    const platform = services.connectPlatform(accessToken, limits);
    return { facebookAccountId, accessToken, platform };
  }
  const account = await readFacebookAccount(services.database, workspaceId, facebookAccountId);
  if (account?.tokenState !== 'rejected') return { kind: 'not-connected' };
  return { kind: 'token-rejected', reason: 'refused before' };
}

/** Every connection of a workspace, for what may belong to any; at most `maximum`. */
export async function openAllConnections(
  services: AdvertisingServices,
  workspaceId: WorkspaceId,
  limits: PlatformLimits,
  maximum: number,
): Promise<Connection[]> {
  const connections: Connection[] = [];
  for (const { id, tokenState } of await listFacebookAccounts(services.database, workspaceId)) {
    if (tokenState !== 'valid' || connections.length === maximum) continue;
    const connection = await openConnection(services, workspaceId, id, limits);
    if ('platform' in connection) connections.push(connection);
  }
  return connections;
}

/** Keeps in mind that Meta refused a token, so that it is not asked by it again, and says so in the log. */
export async function noteFailure(
  { database, clock, logger }: AdvertisingServices,
  workspaceId: WorkspaceId,
  { facebookAccountId, accessToken }: Connection,
  failure: PlatformFailure,
): Promise<void> {
  const about = {
    workspaceId,
    facebookAccountId,
    reason: 'reason' in failure ? failure.reason : failure.kind,
  };
  if (failure.kind !== 'token-rejected') {
    logger.info(about, 'ads could not be refreshed');
    return;
  }
  await rejectAccessToken(database, workspaceId, facebookAccountId, accessToken, new Date(clock()));
  logger.warn(about, 'Meta refused the token of a Facebook account: it needs a new one');
}
