import type { Database } from '../../store/database.ts';
import type { Transaction } from '../../store/transaction.ts';
import type { Authenticator } from '../credential/authenticator.ts';
import { revokeHeldCredentials } from '../credential/credential-store.ts';
import { archiveSource } from '../source/source-store.ts';
import {
  type Binding,
  bindingKinds,
  deleteBinding,
  insertBinding,
  listClientIds,
  readBindings,
} from './binding-store.ts';
import { changeConfiguration } from './change-configuration.ts';
import { findSource, type Workspace, type WorkspaceId } from './workspace.ts';
import type { WorkspaceCache } from './workspace-cache.ts';

/** A name to be given; `partnerId`: the partner that a client of Signals belongs to. */
export interface NewBinding extends Binding {
  readonly partnerId?: string;
}

export interface BindingProblem {
  /** The member of `NewBinding` that is wrong. */
  readonly path: 'dialect' | 'kind' | 'externalId' | 'partnerId';
  readonly message: string;
}

/** What is wrong with the form of a name, in one sentence without its end; undefined when nothing is. */
export function findBindingProblem({
  dialect,
  kind,
  externalId,
  partnerId,
}: NewBinding): BindingProblem | undefined {
  const forms = Object.entries(bindingKinds).find(([known]) => known === dialect)?.[1];
  if (!forms)
    return {
      path: 'dialect',
      message: `names are given in ${Object.keys(bindingKinds).join(', ')}, not in ${dialect}`,
    };
  const form = Object.entries<RegExp>(forms).find(([known]) => known === kind)?.[1];
  if (!form)
    return {
      path: 'kind',
      message: `${dialect} has no ${kind}; choose from ${Object.keys(forms).join(', ')}`,
    };
  if (!form.test(externalId))
    return {
      path: 'externalId',
      message: `"${externalId}" is no ${kind} of ${dialect}: it is of the form ${form.source}`,
    };
  if (kind === 'client' && partnerId === undefined)
    return { path: 'partnerId', message: 'a client belongs to a partner: name one of the workspace’s' };
  if (kind !== 'client' && partnerId !== undefined)
    return { path: 'partnerId', message: `a ${kind} belongs to no partner: leave it out` };
  return undefined;
}

/**
 * Gives a workspace a name whose form `findBindingProblem` has passed. It holds in all of the installation, so an administrator decides
 * on it. The answer is what is wrong, `taken` when a workspace has the name, and undefined when it was given.
 */
export async function addBinding(
  database: Database,
  workspaceId: WorkspaceId,
  { partnerId, ...binding }: NewBinding,
): Promise<BindingProblem | 'taken' | undefined> {
  if (partnerId !== undefined) {
    const partners = (await readBindings(database, workspaceId)).filter(({ kind }) => kind === 'partner');
    const ids = partners.map(({ externalId }) => externalId);
    if (!ids.includes(partnerId))
      return {
        path: 'partnerId',
        message: `the workspace has no partner ${partnerId}; it has ${ids.join(', ')}`,
      };
  }
  const settings = partnerId === undefined ? {} : { partnerId };
  return (await insertBinding(database, workspaceId, { ...binding, settings })) ? undefined : 'taken';
}

export type Removal =
  | { readonly kind: 'removed' }
  | { readonly kind: 'unknown' }
  /** Something hangs on the name; in words, what to do first. */
  | { readonly kind: 'needed'; readonly why: string };

/**
 * Takes a dialect's name from a workspace, so that another one can have it: this process goes by it at once, others within two
 * seconds. With an app's name its secrets end, and its source is archived; what came in by it stays.
 */
export async function removeBinding(
  services: {
    readonly database: Database;
    readonly workspaces: WorkspaceCache;
    readonly authenticator: Authenticator;
  },
  workspaceId: WorkspaceId,
  binding: Binding,
  now: Date,
): Promise<Removal> {
  const removal = await changeConfiguration(services, workspaceId, now, async ({ tx }): Promise<Removal> => {
    const workspace = await services.workspaces.reload(workspaceId, tx);
    const bindings = await readBindings(tx, workspaceId);
    if (!bindings.some((known) => isSame(known, binding))) return { kind: 'unknown' };
    const why = await findNeed(tx, workspace, bindings, binding);
    if (why !== undefined) return { kind: 'needed', why };
    await deleteBinding(tx, workspaceId, binding);
    if (binding.kind === 'app') await endApp(tx, workspace, binding.externalId, now);
    return { kind: 'removed' };
  });
  services.workspaces.forgetBindings();
  services.authenticator.forget();
  return removal;
}

/** Every workspace has a name of each kind: credentials.json names one, and what belongs to a name must not be left without. */
async function findNeed(
  tx: Transaction,
  workspace: Workspace,
  bindings: readonly Binding[],
  { dialect, kind, externalId }: Binding,
): Promise<string | undefined> {
  if (bindings.filter((known) => known.dialect === dialect && known.kind === kind).length === 1)
    return `${externalId} is the workspace's only ${kind} of ${dialect}: give it another one first`;
  if (kind === 'partner') {
    const clients = await listClientIds(tx, workspace.id, externalId);
    if (clients.length > 0) return `the clients ${clients.join(', ')} belong to it: remove them first`;
  }
  if (kind === 'client') {
    const app = [...workspace.sources.values()].find(
      ({ kind: of, settings, archivedAt }) =>
        of === 'app' && archivedAt === null && settings.clientId === externalId,
    );
    if (app) return `the app ${app.externalId} belongs to it: remove that first`;
  }
  return undefined;
}

async function endApp(tx: Transaction, workspace: Workspace, appId: string, now: Date): Promise<void> {
  await revokeHeldCredentials(tx, workspace.id, 'signals', appId, now);
  const app = findSource(workspace, 'signals', 'app', appId);
  if (app) await archiveSource(tx, workspace.id, app.id, now);
}

function isSame(known: Binding, { dialect, kind, externalId }: Binding): boolean {
  return known.dialect === dialect && known.kind === kind && known.externalId === externalId;
}
