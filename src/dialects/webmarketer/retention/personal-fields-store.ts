import type { DialectName } from '../../../core/dialect-name.ts';
import type { WorkspaceId } from '../../../core/workspace/workspace.ts';
import type { Queryable } from '../../../store/queryable.ts';
import type { FieldEntity } from '../definition/definition.ts';
import type { PersonalField } from './personal-fields.ts';

/**
 * The personal fields of the dialect's event types, archived types too. The newest version that declares a field says what it is,
 * so one that was left out of later versions is as it was last; one that was created as personal is it in every type.
 */
export async function readPersonalFields(
  connection: Queryable,
  workspaceId: WorkspaceId,
  dialect: DialectName,
): Promise<PersonalField[]> {
  const rows = await connection.query<{
    type_id: number;
    entity: FieldEntity;
    storage_key: string;
    data_keys: (string | null)[];
  }>(
    `select v.type_id, d.entity, d."storageKey" as storage_key,
            json_agg(distinct coalesce(d."ingestionKey", case when d.entity in ('user', 'event') then d."storageKey" end))
              as data_keys
       from event_type t
       join event_type_version v on v.workspace_id = $1 and v.type_id = t.id
      cross join lateral jsonb_to_recordset(v.definition -> 'fields')
              as d (entity text, "storageKey" text, "ingestionKey" text, "isPii" boolean)
       left join field f on f.workspace_id = $1 and f.entity = d.entity and f.key = d."storageKey"
      where t.workspace_id = $1 and t.dialect = $2
      group by v.type_id, d.entity, d."storageKey"
     having (array_agg(d."isPii" order by v.version desc))[1] or coalesce(bool_or(f.is_pii), false)`,
    [workspaceId, dialect],
  );
  return rows.map((row) => ({
    typeId: row.type_id,
    entity: row.entity,
    storageKey: row.storage_key,
    dataKeys: row.data_keys.filter((key) => key !== null),
  }));
}

/** The storage keys of user fields that were created as personal, by themselves. */
export async function readPersonalUserFields(
  connection: Queryable,
  workspaceId: WorkspaceId,
): Promise<string[]> {
  const rows = await connection.query<{ key: string }>(
    `select key from field where workspace_id = $1 and entity = 'user' and is_pii order by key`,
    [workspaceId],
  );
  return rows.map((row) => row.key);
}
