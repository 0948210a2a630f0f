import type { Database } from '../../store/database.ts';
import type { Transaction } from '../../store/transaction.ts';
import { newRecordId } from '../id.ts';
import { insertNode } from '../node/node-store.ts';
import type { Source } from '../source/source.ts';
import { upsertSource } from '../source/source-store.ts';
import { insertBinding } from './binding-store.ts';
import { changeConfiguration } from './change-configuration.ts';
import type { Place } from './place.ts';
import type { Belonging, Provided, Provision } from './provision.ts';
import type { Workspace, WorkspaceId } from './workspace.ts';
import type { WorkspaceCache } from './workspace-cache.ts';
import type { Head } from './workspace-store.ts';

type ProvidedWorkspace = Pick<Workspace, 'id' | 'slug' | 'timezone' | 'currency'>;

/** A dialect, as who makes a workspace knows it. */
export interface ProvidedDialect extends Provided {
  /** Makes what else of its own a workspace has from the start, in the transaction that makes the workspace. */
  readonly setUp?: (tx: Transaction, workspace: ProvidedWorkspace, place: Place, now: Date) => Promise<void>;
}

/** A name that a new workspace would have, such as one made of its slug, is another one's. */
export class NameTakenError extends Error {
  override readonly name = 'NameTakenError';
}

/**
 * Makes a workspace's place in a dialect: entry node, names, source, and what the dialect sets up besides. Nodes and sources get the
 * next of `numbers`, which are advanced.
 * @throws NameTakenError
 */
export async function provideDialect(
  tx: Transaction,
  workspace: ProvidedWorkspace,
  { provision, setUp }: ProvidedDialect,
  numbers: Pick<Head, 'lastNodeId' | 'lastSourceId'>,
  now: Date,
): Promise<Place> {
  const { id } = workspace;
  const { dialect, nodeSettings: settings = {} } = provision;
  const nodeId = ++numbers.lastNodeId;
  const publicId = newRecordId(now.getTime());
  const node = { dialect, kind: 'entry', name: dialect, isDefault: true, settings, createdAt: now } as const;
  await insertNode(tx, id, { ...node, id: nodeId, publicId });
  const names = await giveNames(tx, workspace, provision);
  const source = makeFirstSource(provision, names, nodeId, now);
  if (source) {
    await upsertSource(tx, id, { ...source, id: ++numbers.lastSourceId });
    if (provision.source?.isName) await giveName(tx, id, { ...source, settings: {} });
  }
  const place: Place = { nodeId: publicId, names, source };
  await setUp?.(tx, workspace, place, now);
  return place;
}

async function giveNames(
  tx: Transaction,
  { id, slug }: ProvidedWorkspace,
  { dialect, names: kinds = {} }: Provision,
): Promise<Readonly<Record<string, string>>> {
  const names: Record<string, string> = {};
  for (const [kind, { make, belongsTo }] of Object.entries(kinds)) {
    const externalId = make(slug);
    await giveName(tx, id, { dialect, kind, externalId, settings: settingOf(belongsTo, names) });
    names[kind] = externalId;
  }
  return names;
}

async function giveName(
  tx: Transaction,
  workspaceId: WorkspaceId,
  { dialect, kind, externalId, settings }: Parameters<typeof insertBinding>[2],
): Promise<void> {
  if (await insertBinding(tx, workspaceId, { dialect, kind, externalId, settings })) return;
  throw new NameTakenError(`a workspace is the ${kind} ${externalId} of ${dialect} already`);
}

function makeFirstSource(
  { dialect, source }: Provision,
  names: Readonly<Record<string, string>>,
  nodeId: number,
  now: Date,
): Omit<Source, 'id'> | undefined {
  if (!source) return undefined;
  const { kind, first, makeId, belongsTo } = source;
  const settings = { ...settingOf(belongsTo, names), ...first.makeSettings?.() };
  return {
    publicId: newRecordId(now.getTime()),
    dialect,
    kind,
    externalId: makeId([]),
    name: first.name,
    nodeId,
    settings,
    createdAt: now,
    archivedAt: null,
  };
}

function settingOf(
  belongsTo: Belonging | undefined,
  names: Readonly<Record<string, string>>,
): Record<string, unknown> {
  return belongsTo ? { [belongsTo.setting]: names[belongsTo.kind] } : {};
}

/** Gives a workspace that was made before there was one of these dialects its place in it; before its requests are taken. */
export async function provideLaterDialects(
  services: { readonly database: Database; readonly workspaces: WorkspaceCache },
  dialects: readonly ProvidedDialect[],
  workspaceId: WorkspaceId,
  now: Date,
): Promise<void> {
  const missing = dialectsWithout(await services.workspaces.get(workspaceId), dialects);
  if (missing.length === 0) return;
  await changeConfiguration(services, workspaceId, now, async ({ tx, head }) => {
    // Another process that starts on the same database may have been faster.
    const workspace = await services.workspaces.reload(workspaceId, tx);
    for (const dialect of dialectsWithout(workspace, missing))
      await provideDialect(tx, workspace, dialect, head, now);
  });
}

function dialectsWithout(
  { nodes }: Workspace,
  dialects: readonly ProvidedDialect[],
): readonly ProvidedDialect[] {
  const known = new Set([...nodes.values()].map(({ dialect }) => dialect));
  return dialects.filter(({ provision }) => !known.has(provision.dialect));
}
