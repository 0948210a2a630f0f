import type { Queryable } from '../../store/queryable.ts';
import type { DialectName } from '../dialect-name.ts';
import type { WorkspaceId } from './workspace.ts';

/** What a workspace is called in a dialect. A name maps to one workspace of the installation. */
export interface Binding {
  readonly dialect: DialectName;
  readonly kind: string;
  readonly externalId: string;
}

/** The names that can be given to a workspace, by dialect, and their forms. A WhatsApp app's comes with its source. */
export const bindingKinds = {
  webengage: { license: /^[~A-Za-z0-9_-]{1,64}$/ },
  webmarketer: { project: /^[A-Za-z0-9_-]{1,64}$/ },
  signals: { partner: /^[A-Za-z0-9_-]{1,64}$/, client: /^[A-Za-z0-9_-]{1,64}$/ },
} as const satisfies Partial<Record<DialectName, Record<string, RegExp>>>;

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

/** The clients of a workspace that belong to this partner, by id. */
export async function listClientIds(
  connection: Queryable,
  workspaceId: WorkspaceId,
  partnerId: string,
): Promise<string[]> {
  const rows = await connection.query<{ external_id: string }>(
    `select external_id from dialect_binding
      where workspace_id = $1 and dialect = 'signals' and kind = 'client'
        and settings ->> 'partnerId' = $2::text
      order by external_id`,
    [workspaceId, partnerId],
  );
  return rows.map((row) => row.external_id);
}
