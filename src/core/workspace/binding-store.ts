import type { Queryable } from '../../store/queryable.ts';
import type { DialectName } from '../dialect-name.ts';
import type { WorkspaceId } from './workspace.ts';

/** What a workspace is called in a dialect. A name maps to one workspace of the installation. */
export interface Binding {
  readonly dialect: DialectName;
  readonly kind: string;
  readonly externalId: string;
}

export async function readBindings(connection: Queryable, workspaceId: WorkspaceId): Promise<Binding[]> {
  const rows = await connection.query<{ dialect: DialectName; kind: string; external_id: string }>(
    `select dialect, kind, external_id from dialect_binding where workspace_id = $1
      order by dialect, kind, external_id`,
    [workspaceId],
  );
  return rows.map((row) => ({ dialect: row.dialect, kind: row.kind, externalId: row.external_id }));
}

/** False when the name is taken, by whichever workspace. */
export async function insertBinding(
  connection: Queryable,
  workspaceId: WorkspaceId,
  binding: Binding & { readonly settings: Record<string, unknown> },
): Promise<boolean> {
  const rows = await connection.query<{ external_id: string }>(
    `insert into dialect_binding (dialect, kind, external_id, workspace_id, settings)
     values ($1, $2, $3, $4, $5::text::jsonb)
     on conflict do nothing returning external_id`,
    [binding.dialect, binding.kind, binding.externalId, workspaceId, JSON.stringify(binding.settings)],
  );
  return rows.length > 0;
}

/** Takes a name from the workspace. */
export async function deleteBinding(
  connection: Queryable,
  workspaceId: WorkspaceId,
  { dialect, kind, externalId }: Binding,
): Promise<void> {
  await connection.query(
    'delete from dialect_binding where dialect = $1 and kind = $2 and external_id = $3 and workspace_id = $4',
    [dialect, kind, externalId, workspaceId],
  );
}

/** One of a kind with its settings: the one of this id, or of all the first. */
export async function findBinding(
  connection: Queryable,
  workspaceId: WorkspaceId,
  { dialect, kind, externalId }: Omit<Binding, 'externalId'> & { readonly externalId: string | null },
): Promise<{ externalId: string; settings: Record<string, unknown> } | undefined> {
  const [row] = await connection.query<{ external_id: string; settings: Record<string, unknown> }>(
    `select external_id, settings from dialect_binding
      where workspace_id = $1 and dialect = $2 and kind = $3 and external_id = coalesce($4::text, external_id)
      order by external_id limit 1`,
    [workspaceId, dialect, kind, externalId],
  );
  return row && { externalId: row.external_id, settings: row.settings };
}

/** The ids of those of a kind whose setting names this one: a partner's clients. */
export async function listBelonging(
  connection: Queryable,
  workspaceId: WorkspaceId,
  {
    dialect,
    kind,
    setting,
  }: { readonly dialect: DialectName; readonly kind: string; readonly setting: string },
  owner: string,
): Promise<string[]> {
  const rows = await connection.query<{ external_id: string }>(
    `select external_id from dialect_binding
      where workspace_id = $1 and dialect = $2 and kind = $3 and settings ->> $4::text = $5::text
      order by external_id`,
    [workspaceId, dialect, kind, setting, owner],
  );
  return rows.map((row) => row.external_id);
}
