import type { Queryable } from '../../store/queryable.ts';
import type { DialectName } from '../dialect-name.ts';
import type { Source } from '../source/source.ts';
import { findBinding } from './binding-store.ts';
import type { Belonging, Provided, Provision } from './provision.ts';
import { defaultNode, type Workspace, type WorkspaceId } from './workspace.ts';

/** What a workspace has in a dialect: its entry node, a name of each kind there, and a source. */
export interface Place {
  readonly nodeId: string;
  readonly names: Readonly<Record<string, string>>;
  readonly source: Pick<Source, 'externalId' | 'settings'> | undefined;
}

/** A workspace with its place in each dialect. */
export interface PlacedWorkspace {
  readonly id: WorkspaceId;
  readonly publicId: string;
  readonly slug: string;
  readonly places: ReadonlyMap<DialectName, Place>;
}

/** The places of a workspace, read back. Where it has several names of a kind or sources, those that belong together. */
export async function readPlaces(
  connection: Queryable,
  workspace: Workspace,
  dialects: readonly Provided[],
): Promise<PlacedWorkspace> {
  const { id, publicId, slug } = workspace;
  const places = dialects.map(
    async ({ provision }) => [provision.dialect, await readPlace(connection, workspace, provision)] as const,
  );
  return { id, publicId, slug, places: new Map(await Promise.all(places)) };
}

async function readPlace(
  connection: Queryable,
  workspace: Workspace,
  { dialect, names: kinds = {}, source: sourceKind }: Provision,
): Promise<Place> {
  const source = sourceKind && requireSource(workspace, dialect, sourceKind.kind);
  const names: Record<string, string> = {};
  let belonging = nameThat(source, sourceKind?.belongsTo);
  // What belongs to another stands behind it, so from the last one on each says whose it is.
  for (const [kind, { belongsTo }] of Object.entries(kinds).toReversed()) {
    const owner = belonging?.kind === kind ? belonging.externalId : null;
    const find = (externalId: string | null) =>
      findBinding(connection, workspace.id, { dialect, kind, externalId });
    // A source may have been set up with a name that the workspace has not: any that it has will do.
    const found = (owner === null ? undefined : await find(owner)) ?? (await find(null));
    if (!found) throw new Error(`workspace ${workspace.slug} has no ${kind} of ${dialect}`);
    names[kind] = found.externalId;
    belonging = nameThat(found, belongsTo) ?? belonging;
  }
  return { nodeId: defaultNode(workspace, dialect).publicId, names, source };
}

function requireSource(workspace: Workspace, dialect: DialectName, kind: string): Source {
  for (const source of workspace.sources.values())
    if (source.dialect === dialect && source.kind === kind && !source.archivedAt) return source;
  throw new Error(`workspace ${workspace.slug} has no ${kind} of ${dialect}`);
}

function nameThat(
  owned: { readonly settings: Readonly<Record<string, unknown>> } | undefined,
  belongsTo: Belonging | undefined,
): { kind: string; externalId: string } | undefined {
  if (!owned || !belongsTo) return undefined;
  const externalId = owned.settings[belongsTo.setting];
  return typeof externalId === 'string' ? { kind: belongsTo.kind, externalId } : undefined;
}
