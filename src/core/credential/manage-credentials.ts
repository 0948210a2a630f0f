import type { Database } from '../../store/database.ts';
import type { Queryable } from '../../store/queryable.ts';
import { inTransaction } from '../../store/transaction.ts';
import type { KeyOwner } from '../workspace/provision.ts';
import type { Authenticator } from './authenticator.ts';
import { type Credential, type HeldKind, heldKinds, holderOf } from './credential.ts';
import {
  type CredentialScope,
  expireCredential,
  findHeldCredentials,
  readCredential,
  revokeCredential,
} from './credential-store.ts';
import { type Issued, issueCredential } from './issue-credential.ts';

/** How long the old secret is valid beside the new one, unless an instant is given: a day to bring the new one everywhere. */
export const usualOverlapHours = 24;
/** Each sign-in tries all passwords of a name, and each webhook all secrets of its app. */
export const maximumValidSecrets = 2;
export const maximumOverlapDays = 90;

export type Rotation =
  | { readonly kind: 'rotated'; readonly issued: Issued; readonly oldValidUntil: Date }
  | { readonly kind: 'unknown' }
  /** `oldValidUntil` is too far away. */
  | { readonly kind: 'too-late'; readonly why: string }
  | { readonly kind: 'refused'; readonly why: string };

interface CredentialServices {
  readonly database: Database;
  readonly authenticator: Authenticator;
}

/**
 * Ends a credential, and with it what was made from it: in the processes of this start at once, in other servers on the database within the five
 * seconds for which they know it. False when there is none, or it is revoked already.
 */
export async function endCredential(
  { database, authenticator }: CredentialServices,
  scope: CredentialScope,
  id: string,
  now: Date,
): Promise<boolean> {
  const isEnded = await revokeCredential(database, scope, id, now);
  await authenticator.forget();
  return isEnded;
}

/**
 * Issues a new secret in place of one, which stays valid until `oldValidUntil`; what was made from the old one ends with it. A revoked
 * one is replaced too, and stays revoked.
 */
export async function rotateCredential(
  services: CredentialServices,
  owners: readonly KeyOwner[],
  scope: CredentialScope,
  id: string,
  oldValidUntil: Date | undefined,
  now: Date,
): Promise<Rotation> {
  const until = oldValidUntil ?? new Date(now.getTime() + usualOverlapHours * 3600 * 1000);
  if (until.getTime() > now.getTime() + maximumOverlapDays * 24 * 3600 * 1000)
    return { kind: 'too-late', why: `the old secret can stay valid for ${maximumOverlapDays} days at most` };
  const rotation = await inTransaction(services.database, async (tx): Promise<Rotation> => {
    const old = await readCredential(tx, scope, id);
    if (!old) return { kind: 'unknown' };
    if (isMadeFromAnother(old))
      return refused(`a ${old.kind} is not rotated: revoke it, and sign in or ask for another`);
    if (!old.revokedAt && (await isFull(tx, old, now)))
      return refused(`${maximumValidSecrets} are valid already: revoke the older one first`);
    if (!(await expireCredential(tx, old.id, until)))
      return refused('it ends already, since it was rotated before: rotate the one that took its place');
    const { workspaceId, dialect, kind, role, name } = old;
    const keys = owners.find((owner) => owner.dialect === dialect)?.keys;
    const subject = keys?.keepsHolder ? holderOf(old) : old.subject;
    const grant = { workspaceId, dialect, kind, role, name, subject };
    return {
      kind: 'rotated',
      issued: await issueCredential(tx, grant, now, keys?.make),
      oldValidUntil: until,
    };
  });
  await services.authenticator.forget();
  return rotation;
}

function isMadeFromAnother({ kind }: Credential): boolean {
  return kind === 'session' || kind === 'access-token' || kind === 'refresh-token';
}

async function isFull(tx: Queryable, old: Credential, now: Date): Promise<boolean> {
  const { dialect, kind, subject } = old;
  if (!isHeld(kind) || subject === null || dialect === 'native') return false;
  return (await findHeldCredentials(tx, dialect, kind, subject, now)).length >= maximumValidSecrets;
}

function isHeld(kind: string): kind is HeldKind {
  return heldKinds.some((held) => held === kind);
}

function refused(why: string): Rotation {
  return { kind: 'refused', why };
}
