import type { WorkspaceId } from '../../../core/workspace/workspace.ts';
import {
  disconnectAdAccounts,
  listAdAccounts,
  readAdAccount,
  scheduleAdAccounts,
  upsertAdAccount,
  upsertDiscoveredAdAccounts,
  type WantedAdAccount,
} from './ad-account-store.ts';
import type { PlatformLimits } from './ad-platform.ts';
import type { AdAccount, FacebookAccount } from './advertising.ts';
import { type AdvertisingServices, writeAdvertising } from './advertising-services.ts';
import { noteFailure, openConnection } from './connection.ts';
import {
  deleteFacebookAccountRow,
  listFacebookAccounts,
  readFacebookAccount,
  upsertFacebookAccount,
  type WantedFacebookAccount,
} from './facebook-account-store.ts';
import type { RefreshOutcome } from './refresh-outcome.ts';

type ManageServices = Pick<AdvertisingServices, 'database' | 'clock'>;

/** More are no client's; every list of them is answered whole. */
export const maximumAccounts = 1_000;

/** Adds a Facebook account or changes what is given of it; with a token its ad accounts are refreshed next. */
export function putFacebookAccount(
  services: ManageServices,
  workspaceId: WorkspaceId,
  wanted: WantedFacebookAccount,
): Promise<FacebookAccount | 'too-many'> {
  return writeAdvertising(services, workspaceId, async (tx) => {
    const now = new Date(services.clock());
    const before = await listFacebookAccounts(tx, workspaceId);
    if (before.length >= maximumAccounts && !before.some(({ id }) => id === wanted.id)) return 'too-many';
    await upsertFacebookAccount(tx, workspaceId, wanted, now);
    if (wanted.accessToken !== undefined) await scheduleAdAccounts(tx, workspaceId, wanted.id, now);
    return (await readFacebookAccount(tx, workspaceId, wanted.id))!;
  });
}

/** Forgets a Facebook account and its token. Its ad accounts, their ads and numbers stay, without connection. */
export function deleteFacebookAccount(
  services: ManageServices,
  workspaceId: WorkspaceId,
  id: string,
): Promise<boolean> {
  return writeAdvertising(services, workspaceId, async (tx) => {
    await disconnectAdAccounts(tx, workspaceId, id, new Date(services.clock()));
    return deleteFacebookAccountRow(tx, workspaceId, id);
  });
}

/** Adds an ad account or changes what is given of it. */
export function putAdAccount(
  services: ManageServices,
  workspaceId: WorkspaceId,
  wanted: WantedAdAccount,
): Promise<AdAccount | 'no-such-facebook-account' | 'too-many'> {
  return writeAdvertising(services, workspaceId, async (tx) => {
    const { id, facebookAccountId } = wanted;
    if (typeof facebookAccountId === 'string') {
      if (!(await readFacebookAccount(tx, workspaceId, facebookAccountId))) return 'no-such-facebook-account';
    }
    const before = await listAdAccounts(tx, workspaceId);
    if (before.length >= maximumAccounts && !before.some((known) => known.id === id)) return 'too-many';
    await upsertAdAccount(tx, workspaceId, wanted, new Date(services.clock()));
    return (await readAdAccount(tx, workspaceId, id))!;
  });
}

/**
 * Reads which ad accounts a Facebook account's token opens, and adds them. One that is read by another Facebook account, whose
 * token is good, stays with that one.
 */
export async function discoverAdAccounts(
  services: AdvertisingServices,
  workspaceId: WorkspaceId,
  facebookAccountId: string,
  limits: PlatformLimits,
): Promise<RefreshOutcome> {
  if (!(await readFacebookAccount(services.database, workspaceId, facebookAccountId)))
    return { kind: 'unknown' };
  const connection = await openConnection(services, workspaceId, facebookAccountId, limits);
  if (!('platform' in connection)) return connection;
  const found = await connection.platform.listAdAccounts();
  if (found.kind !== 'answer') {
    await noteFailure(services, workspaceId, connection, found);
    return found;
  }
  if (found.value.length > maximumAccounts)
    return { kind: 'refused', reason: `the token opens more than ${maximumAccounts} ad accounts` };
  await writeAdvertising(services, workspaceId, async (tx) => {
    const valid = (await listFacebookAccounts(tx, workspaceId)).filter(
      ({ tokenState }) => tokenState === 'valid',
    );
    const owners = new Map(
      (await listAdAccounts(tx, workspaceId)).map((account) => [account.id, account.facebookAccountId]),
    );
    const accounts = new Map(found.value.map((account) => [account.id, account]));
    const owned = [...accounts.values()].map((account) => {
      const owner = valid.find(({ id }) => id === owners.get(account.id));
      return { ...account, facebookAccountId: owner?.id ?? facebookAccountId };
    });
    await upsertDiscoveredAdAccounts(tx, workspaceId, owned, new Date(services.clock()));
  });
  return { kind: 'refreshed' };
}
