import { randomBytes } from 'node:crypto';
import type { Queryable } from '../../store/queryable.ts';
import { insertAccount } from '../credential/account-store.ts';
import type { HeldKind } from '../credential/credential.ts';
import { type Issued, issueCredential } from '../credential/issue-credential.ts';
import { newRecordId } from '../id.ts';
import { type CredentialsFile, type FoundCredentials, findMissing, isWhole } from './credentials-file.ts';
import type { Place, PlacedWorkspace } from './place.ts';
import {
  type KeyOwner,
  nativeKeys,
  type Provided,
  type Provision,
  type Shown,
  type ShownServiceAccount,
} from './provision.ts';
import type { WorkspaceId } from './workspace.ts';

/** Makes one key of a workspace. The secret is in the answer and nowhere else. */
export function issueKey(
  connection: Queryable,
  { dialect, keys }: KeyOwner,
  key: { readonly workspaceId: WorkspaceId; readonly role: string; readonly name: string },
  now: Date,
): Promise<Issued> {
  return issueCredential(connection, { kind: 'key', dialect, ...key }, now, keys.make);
}

/** The key above workspaces. */
export function issueAdministratorKey(connection: Queryable, name: string, now: Date): Promise<Issued> {
  const grant = { workspaceId: null, dialect: 'native', kind: 'key', role: 'admin', name } as const;
  return issueCredential(connection, grant, now);
}

/** By what the requests of a source are signed, or set up. */
export async function issueSourceSecret(
  connection: Queryable,
  workspaceId: WorkspaceId,
  { dialect, source }: Pick<Provision, 'dialect' | 'source'>,
  kind: HeldKind,
  externalId: string,
  now: Date,
): Promise<string> {
  const holder = { role: 'webhook', name: `${source?.kind} ${externalId}`, subject: externalId };
  return (await issueCredential(connection, { workspaceId, dialect, kind, ...holder }, now)).secret;
}

export interface KeyOptions {
  /** What `admin.token` may do: everything (the default), or all of this one workspace. */
  readonly admin?: 'installation' | 'workspace';
  /** Sets the accounts' names apart from those that the workspace has already. */
  readonly accountSuffix?: string;
}

/** Keys, tokens and accounts of every dialect for a workspace; the secrets are in the answer and nowhere else. */
export async function issueKeys(
  connection: Queryable,
  dialects: readonly Provided[],
  workspace: PlacedWorkspace,
  now: Date,
  { admin = 'installation', accountSuffix = '' }: KeyOptions = {},
): Promise<CredentialsFile> {
  const { id: workspaceId, publicId: id, slug } = workspace;
  const native = { workspaceId, role: nativeKeys.keys.roles[0], name: `${slug} ${nativeKeys.keys.roles[0]}` };
  const { secret: token } =
    admin === 'workspace'
      ? await issueKey(connection, nativeKeys, native, now)
      : await issueAdministratorKey(connection, 'administrator', now);
  const shared = { baseUrl: '', workspace: { id, slug }, admin: { token } };
  return issueMissing(connection, dialects, workspace, shared, now, accountSuffix);
}

/** The file with all that it lacks made anew: what has come since it was written. */
export async function issueMissing(
  connection: Queryable,
  dialects: readonly Provided[],
  workspace: PlacedWorkspace,
  found: FoundCredentials,
  now: Date,
  accountSuffix: string,
): Promise<CredentialsFile> {
  const file: FoundCredentials = { ...found };
  for (const { provision } of dialects) {
    const issuer = new Issuer(connection, provision, workspace, now, accountSuffix);
    Object.assign(file, { [provision.dialect]: await issuer.complete(file[provision.dialect] ?? {}) });
  }
  if (!isWhole(file, dialects)) throw new Error('a dialect shows what its provision does not say');
  return file;
}

/** Makes what a dialect shows of a workspace. */
class Issuer {
  readonly #connection: Queryable;
  readonly #provision: Provision;
  readonly #workspace: PlacedWorkspace;
  readonly #place: Place;
  readonly #now: Date;
  /** What its accounts are named after. */
  readonly #accountName: string;
  #user: { readonly username: string; readonly password: string } | undefined;

  constructor(
    connection: Queryable,
    provision: Provision,
    workspace: PlacedWorkspace,
    now: Date,
    accountSuffix: string,
  ) {
    const place = workspace.places.get(provision.dialect);
    if (!place) throw new Error(`workspace ${workspace.slug} has no place in ${provision.dialect}`);
    this.#connection = connection;
    this.#provision = provision;
    this.#workspace = workspace;
    this.#place = place;
    this.#now = now;
    this.#accountName = `${workspace.slug}${accountSuffix}`;
  }

  /** In the order in which the provision has the members. */
  async complete(part: Readonly<Record<string, unknown>>): Promise<Readonly<Record<string, unknown>>> {
    const missing = new Map(findMissing(part, this.#provision));
    const whole: Record<string, unknown> = {};
    for (const [member, shown] of Object.entries(this.#provision.credentials))
      whole[member] = missing.has(member) ? await this.#make(shown) : part[member];
    return { ...part, ...whole };
  }

  async #make(shown: Shown): Promise<string | ShownServiceAccount> {
    const { nodeId, names, source } = this.#place;
    switch (shown.is) {
      case 'workspace-id':
        return this.#workspace.publicId;
      case 'node-id':
        return nodeId;
      case 'name':
        return textOf(names[shown.kind], shown.kind);
      case 'source-id':
        return textOf(source?.externalId, 'source');
      case 'source-setting':
        return textOf(source?.settings[shown.name], shown.name);
      case 'source-secret':
        return this.#issueSourceSecret(shown.kind);
      case 'key':
        return this.#issueKey(shown.role);
      case 'username':
      case 'password':
        this.#user ??= await this.#issueUser();
        return this.#user[shown.is];
      case 'service-account':
        return this.#issueServiceAccount();
    }
  }

  async #issueKey(role: string): Promise<string> {
    const { id: workspaceId, slug } = this.#workspace;
    const key = { workspaceId, role, name: `${slug} ${role}` };
    return (await issueKey(this.#connection, this.#provision, key, this.#now)).secret;
  }

  #issueSourceSecret(kind: HeldKind): Promise<string> {
    const externalId = textOf(this.#place.source?.externalId, 'source');
    return issueSourceSecret(
      this.#connection,
      this.#workspace.id,
      this.#provision,
      kind,
      externalId,
      this.#now,
    );
  }

  async #issueUser(): Promise<{ username: string; password: string }> {
    const username = `${this.#accountName}-${this.#provision.dialect}`;
    await this.#addAccount(username, {});
    return { username, password: (await this.#issueHeld('password', username)).secret };
  }

  async #issueServiceAccount(): Promise<ShownServiceAccount> {
    const clientId = randomBytes(12).toString('hex');
    const serviceAccountEmail = `${this.#accountName}@service-account.throughline.local`;
    await this.#addAccount(clientId, { serviceAccountEmail });
    const { credential, secret: privateKey } = await this.#issueHeld('service-account-key', clientId);
    const privateKeyId = String(credential.settings.privateKeyId);
    return { clientId, privateKey, privateKeyId, serviceAccountEmail };
  }

  async #addAccount(name: string, settings: Readonly<Record<string, unknown>>): Promise<void> {
    const { dialect } = this.#provision;
    const id = newRecordId(this.#now.getTime());
    const { id: workspaceId } = this.#workspace;
    await insertAccount(this.#connection, {
      dialect,
      name,
      id,
      workspaceId,
      settings,
      createdAt: this.#now,
    });
  }

  #issueHeld(kind: HeldKind, subject: string): Promise<Issued> {
    const { dialect, keys } = this.#provision;
    const { id: workspaceId } = this.#workspace;
    const grant = { workspaceId, dialect, kind, role: keys.roles[0], name: subject, subject };
    return issueCredential(this.#connection, grant, this.#now);
  }
}

function textOf(value: unknown, what: string): string {
  if (typeof value === 'string') return value;
  throw new Error(`a workspace has no ${what} to show`);
}
