import type { Database } from '../../store/database.ts';
import type { Transaction } from '../../store/transaction.ts';
import type { Authenticator } from '../credential/authenticator.ts';
import { revokeHeldCredentials } from '../credential/credential-store.ts';
import { archiveSource } from '../source/source-store.ts';
import { type Binding, deleteBinding, insertBinding, listBelonging, readBindings } from './binding-store.ts';
import { changeConfiguration } from './change-configuration.ts';
import { findProvision, type Provided, type Provision } from './provision.ts';
import { findSource, type Workspace, type WorkspaceId } from './workspace.ts';
import type { WorkspaceCache } from './workspace-cache.ts';

/** A name to be given; `owners`: the names of the workspace that it belongs to, by the settings under which they stand. */
export interface NewBinding extends Binding {
  readonly owners: Readonly<Record<string, string>>;
}

export interface BindingProblem {
  /** What of the name is wrong: a member, or the setting of an owner. */
  readonly path: string;
  readonly message: string;
}

/** What is wrong with the form of a name, in one sentence without its end; undefined when nothing is. */
export function findBindingProblem(
  dialects: readonly Provided[],
  { dialect, kind, externalId, owners }: NewBinding,
): BindingProblem | undefined {
  const kinds = findProvision(dialects, dialect)?.names;
  if (!kinds)
    return {
      path: 'dialect',
      message: `names are given in ${namingDialectsOf(dialects).join(', ')}, not in ${dialect}`,
    };
  const known = Object.hasOwn(kinds, kind) ? kinds[kind] : undefined;
  if (!known)
    return {
      path: 'kind',
      message: `${dialect} has no ${kind}; choose from ${Object.keys(kinds).join(', ')}`,
    };
  const { form, belongsTo } = known;
  if (!form.test(externalId))
    return {
      path: 'externalId',
      message: `"${externalId}" is no ${kind} of ${dialect}: it is of the form ${form.source}`,
    };
  if (belongsTo && owners[belongsTo.setting] === undefined)
    return {
      path: belongsTo.setting,
      message: `a ${kind} belongs to a ${belongsTo.kind}: name one of the workspace’s`,
    };
  const idle = Object.keys(owners).find((setting) => setting !== belongsTo?.setting);
  if (idle !== undefined) return { path: idle, message: `a ${kind} of ${dialect} has none: leave it out` };
  return undefined;
}

/** The dialects in which names are given. */
export function namingDialectsOf(dialects: readonly Provided[]) {
  return dialects.flatMap(({ provision }) => (provision.names ? [provision.dialect] : []));
}

/** The settings under which names say what they belong to, with the kinds of what that is. */
export function nameOwnersOf(dialects: readonly Provided[]): ReadonlyMap<string, string> {
  const kinds = dialects.flatMap(({ provision }) => Object.values(provision.names ?? {}));
  return new Map(
    kinds.flatMap(({ belongsTo }) => (belongsTo ? [[belongsTo.setting, belongsTo.kind] as const] : [])),
  );
}

/**
 * Gives a workspace a name whose form `findBindingProblem` has passed. It holds in all of the installation, so an administrator decides
 * on it. The answer is what is wrong, `taken` when a workspace has the name, and undefined when it was given.
 */
export async function addBinding(
  database: Database,
  dialects: readonly Provided[],
  workspaceId: WorkspaceId,
  { owners, ...binding }: NewBinding,
): Promise<BindingProblem | 'taken' | undefined> {
  const bindings = await readBindings(database, workspaceId);
  const kindsOfOwners = nameOwnersOf(dialects);
  for (const [setting, owner] of Object.entries(owners)) {
    const kind = kindsOfOwners.get(setting);
    const ids = bindings
      .filter((known) => known.dialect === binding.dialect && known.kind === kind)
      .map(({ externalId }) => externalId);
    if (!ids.includes(owner))
      return { path: setting, message: `the workspace has no ${kind} ${owner}; it has ${ids.join(', ')}` };
  }
  return (await insertBinding(database, workspaceId, { ...binding, settings: owners })) ? undefined : 'taken';
}

export type Removal =
  | { readonly kind: 'removed' }
  | { readonly kind: 'unknown' }
  /** Something hangs on the name; in words, what to do first. */
  | { readonly kind: 'needed'; readonly why: string };

/**
 * Takes a dialect's name from a workspace, so that another one can have it: the processes of this start go by it at once, other
 * servers on the database within two seconds. With the name of a source its secrets end, and it is archived; what came in by it stays.
 */
export async function removeBinding(
  services: {
    readonly database: Database;
    readonly workspaces: WorkspaceCache;
    readonly authenticator: Authenticator;
  },
  dialects: readonly Provided[],
  workspaceId: WorkspaceId,
  binding: Binding,
  now: Date,
): Promise<Removal> {
  const removal = await changeConfiguration(services, workspaceId, now, async ({ tx }): Promise<Removal> => {
    const workspace = await services.workspaces.reload(workspaceId, tx);
    const bindings = await readBindings(tx, workspaceId);
    if (!bindings.some((known) => isSame(known, binding))) return { kind: 'unknown' };
    const provision = findProvision(dialects, binding.dialect);
    const why = await findNeed(tx, workspace, provision, bindings, binding);
    if (why !== undefined) return { kind: 'needed', why };
    await deleteBinding(tx, workspaceId, binding);
    if (provision?.source?.kind === binding.kind) await endSource(tx, workspace, binding, now);
    return { kind: 'removed' };
  });
  await services.workspaces.forgetBindings();
  await services.authenticator.forget();
  return removal;
}

/** Every workspace has a name of each kind: credentials.json names one, and what belongs to a name must not be left without. */
async function findNeed(
  tx: Transaction,
  workspace: Workspace,
  provision: Provision | undefined,
  bindings: readonly Binding[],
  { dialect, kind, externalId }: Binding,
): Promise<string | undefined> {
  // By an archived source nothing comes in: it is as if it were not there.
  const isLeft = (known: Binding) =>
    known.dialect === dialect &&
    known.kind === kind &&
    known.externalId !== externalId &&
    !(provision?.source?.kind === kind && findSource(workspace, dialect, kind, known.externalId)?.archivedAt);
  if (!bindings.some(isLeft))
    return `${externalId} is the workspace's only ${kind} of ${dialect}: give it another one first`;
  for (const [name, { belongsTo }] of Object.entries(provision?.names ?? {})) {
    if (belongsTo?.kind !== kind) continue;
    const belonging = { dialect, kind: name, setting: belongsTo.setting };
    const ids = await listBelonging(tx, workspace.id, belonging, externalId);
    if (ids.length > 0) return `the ${name}s ${ids.join(', ')} belong to it: remove them first`;
  }
  const owner = provision?.source?.belongsTo;
  if (owner?.kind !== kind) return undefined;
  const source = [...workspace.sources.values()].find(
    ({ dialect: of, settings, archivedAt }) =>
      of === dialect && archivedAt === null && settings[owner.setting] === externalId,
  );
  return source && `the ${source.kind} ${source.externalId} belongs to it: remove that first`;
}

async function endSource(
  tx: Transaction,
  workspace: Workspace,
  { dialect, kind, externalId }: Binding,
  now: Date,
): Promise<void> {
  await revokeHeldCredentials(tx, workspace.id, dialect, externalId, now);
  const source = findSource(workspace, dialect, kind, externalId);
  if (source) await archiveSource(tx, workspace.id, source.id, now);
}

function isSame(known: Binding, { dialect, kind, externalId }: Binding): boolean {
  return known.dialect === dialect && known.kind === kind && known.externalId === externalId;
}
