import type { Database } from '../../store/database.ts';
import { readBindings } from '../workspace/binding-store.ts';
import { changeConfiguration } from '../workspace/change-configuration.ts';
import { findProvision, type Provided, type SourceKind } from '../workspace/provision.ts';
import type { Workspace, WorkspaceId } from '../workspace/workspace.ts';
import type { WorkspaceCache } from '../workspace/workspace-cache.ts';
import type { Source } from './source.ts';
import { updateSource } from './source-store.ts';

/** What is left out stays. */
export interface SourceChange {
  readonly name?: string;
  /** True: nothing comes in by it any more. False: it is taken back into use. */
  readonly archived?: boolean;
}

export type ChangedSource =
  | { readonly kind: 'changed'; readonly source: Source }
  | { readonly kind: 'unknown' }
  /** Something hangs on it, or is missing; in words, what to do first. */
  | { readonly kind: 'needed'; readonly why: string };

/**
 * Renames a source of whichever dialect, archives it, or takes it back. What came in by it stays, under its name; its keys and secrets
 * are not ended. Of an archived source the engine takes nothing in, from this commit on (ingest/queued.ts).
 */
export async function changeSource(
  services: { readonly database: Database; readonly workspaces: WorkspaceCache },
  dialects: readonly Provided[],
  workspaceId: WorkspaceId,
  publicId: string,
  { name, archived }: SourceChange,
  now: Date,
): Promise<ChangedSource> {
  return changeConfiguration(services, workspaceId, now, async ({ tx }): Promise<ChangedSource> => {
    const workspace = await services.workspaces.reload(workspaceId, tx);
    const source = workspace.sources.byPublicId(publicId);
    if (!source) return { kind: 'unknown' };
    const isArchived = source.archivedAt !== null;
    const kind = findProvision(dialects, source.dialect)?.source;
    if (kind && archived === true && !isArchived && isLast(workspace, source))
      return {
        kind: 'needed',
        why: `${source.externalId} is the workspace's only ${source.kind} of ${source.dialect}: add another one first`,
      };
    if (kind && archived === false && isArchived) {
      const names = (await readBindings(tx, workspaceId)).filter(({ dialect }) => dialect === source.dialect);
      const why = findLack(kind, source, names);
      if (why !== undefined) return { kind: 'needed', why };
    }
    const changed = { ...source, name: name ?? source.name, archivedAt: archivedFrom(source, archived, now) };
    await updateSource(tx, workspaceId, changed);
    return { kind: 'changed', source: changed };
  });
}

/** Every workspace has one in use in each dialect that has sources: credentials.json names one, and clients are set up with it. */
function isLast({ sources }: Workspace, { id, dialect, kind }: Source): boolean {
  for (const other of sources.values())
    if (other.id !== id && other.dialect === dialect && other.kind === kind && other.archivedAt === null)
      return false;
  return true;
}

/** What a source would be taken back without: its own name, which was taken from the workspace, or that of what it belongs to. */
function findLack(
  { kind, isName, belongsTo }: SourceKind,
  { externalId, settings }: Source,
  names: readonly { readonly kind: string; readonly externalId: string }[],
): string | undefined {
  const isThere = (wanted: string, id: unknown) =>
    names.some((name) => name.kind === wanted && name.externalId === id);
  if (isName && !isThere(kind, externalId))
    return `the ${kind} ${externalId} was removed from the workspace, and its secrets ended: add it anew`;
  const owner = belongsTo && settings[belongsTo.setting];
  if (belongsTo && owner !== undefined && !isThere(belongsTo.kind, owner))
    return `it belongs to the ${belongsTo.kind} ${owner}, which the workspace has no more: give that first`;
  return undefined;
}

/** One that was archived stays so since it was. */
function archivedFrom({ archivedAt }: Source, archived: boolean | undefined, now: Date): Date | null {
  if (archived === undefined) return archivedAt;
  return archived ? (archivedAt ?? now) : null;
}
