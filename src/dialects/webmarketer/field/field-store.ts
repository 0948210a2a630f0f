import type { WorkspaceId } from '../../../core/workspace/workspace.ts';
import type { Queryable } from '../../../store/queryable.ts';
import type { FieldEntity } from '../definition/definition.ts';
import type { FieldTypeName } from '../field-type/field-type.ts';
import type { CreatedField } from './field.ts';

interface FieldRow {
  entity: FieldEntity;
  key: string;
  type: FieldTypeName;
  label: string;
  is_pii: boolean;
  discriminant: boolean;
  metadata: Record<string, unknown>;
  created_at: Date;
  archived_at: Date | null;
}

/** The fields that were created by themselves, archived ones included. */
export async function readCreatedFields(
  connection: Queryable,
  workspaceId: WorkspaceId,
): Promise<CreatedField[]> {
  const rows = await connection.query<FieldRow>(
    `select entity, key, type, label, is_pii, discriminant, metadata, created_at, archived_at
       from field where workspace_id = $1`,
    [workspaceId],
  );
  return rows.map((row) => ({
    entity: row.entity,
    key: row.key,
    type: row.type,
    label: row.label,
    isPii: row.is_pii,
    discriminant: row.discriminant,
    metadata: row.metadata,
    createdAt: row.created_at,
    archivedAt: row.archived_at,
  }));
}

/** A new field, in place of an archived one of its name. */
export async function writeCreatedField(
  connection: Queryable,
  workspaceId: WorkspaceId,
  field: CreatedField,
): Promise<void> {
  await connection.query(
    `insert into field (workspace_id, entity, key, type, label, is_pii, discriminant, metadata, created_at, archived_at)
     select h.workspace_id, $2::text, $3::text, $4::text, $5::text, $6::boolean, $7::boolean, $8::text::jsonb,
            $9::timestamptz, $10::timestamptz
       from workspace_head h where h.workspace_id = $1
         on conflict (workspace_id, entity, key) do update
            set type = excluded.type, label = excluded.label, is_pii = excluded.is_pii,
                discriminant = excluded.discriminant, metadata = excluded.metadata, created_at = excluded.created_at,
                archived_at = excluded.archived_at`,
    [
      workspaceId,
      field.entity,
      field.key,
      field.type,
      field.label,
      field.isPii,
      field.discriminant,
      JSON.stringify(field.metadata),
      field.createdAt,
      field.archivedAt,
    ],
  );
}

export async function archiveCreatedField(
  connection: Queryable,
  workspaceId: WorkspaceId,
  { entity, key }: Pick<CreatedField, 'entity' | 'key'>,
  now: Date,
): Promise<void> {
  await connection.query(
    'update field set archived_at = $4 where workspace_id = $1 and entity = $2 and key = $3',
    [workspaceId, entity, key, now],
  );
}
