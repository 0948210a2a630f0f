import type { WorkspaceId } from '../../../core/workspace/workspace.ts';
import type { WorkspacePart } from '../../../core/workspace/workspace-part.ts';
import type { Queryable } from '../../../store/queryable.ts';
import type { CustomField, CustomFieldType, ValidationMethod } from './custom-field.ts';

interface CustomFieldRow {
  id: number;
  source_id: number | null;
  name: string;
  type: CustomFieldType;
  alias: string | null;
  identifies: boolean;
  is_unique: boolean;
  is_required: boolean;
  default_value: string;
  validation: ValidationMethod;
  detail: Record<string, unknown>;
  created_at: Date;
}

/** All custom fields of a workspace, by id. */
export async function readCustomFields(
  connection: Queryable,
  workspaceId: WorkspaceId,
): Promise<CustomField[]> {
  const rows = await connection.query<CustomFieldRow>(
    `select id, source_id, name, type, alias, identifies, is_unique, is_required, default_value, validation, detail, created_at
       from custom_field where workspace_id = $1 order by id`,
    [workspaceId],
  );
  return rows.map((row) => ({
    id: row.id,
    sourceId: row.source_id,
    name: row.name,
    type: row.type,
    alias: row.alias,
    identifies: row.identifies,
    isUnique: row.is_unique,
    isRequired: row.is_required,
    defaultValue: row.default_value,
    validation: row.validation,
    detail: row.detail,
    createdAt: row.created_at,
  }));
}

/** Loaded with the workspace. */
export const customFields: WorkspacePart<readonly CustomField[]> = { read: readCustomFields };

export async function insertCustomField(
  connection: Queryable,
  workspaceId: WorkspaceId,
  field: CustomField,
): Promise<void> {
  await connection.query(
    `insert into custom_field (workspace_id, id, source_id, name, type, alias, identifies, is_unique, is_required,
                               default_value, validation, detail, created_at)
     select h.workspace_id, $2::integer, $3::integer, $4::text, $5::text, $6::text, $7::boolean, $8::boolean, $9::boolean,
            $10::text, $11::text, $12::text::json, $13::timestamptz
       from workspace_head h where h.workspace_id = $1`,
    [
      workspaceId,
      field.id,
      field.sourceId,
      field.name,
      field.type,
      field.alias,
      field.identifies,
      field.isUnique,
      field.isRequired,
      field.defaultValue,
      field.validation,
      JSON.stringify(field.detail),
      field.createdAt,
    ],
  );
}
