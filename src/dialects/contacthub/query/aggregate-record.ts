import { type ProfileRow, profileColumns, profileFromRow } from '../../../core/profile/profile-store.ts';
import type { WorkspaceId } from '../../../core/workspace/workspace.ts';
import type { Queryable } from '../../../store/queryable.ts';
import { recordOf, type ShownRecord } from './record.ts';
import { aggregateRecords } from './record-source.ts';

/** A customer of an aggregate, as records are shown; undefined where no aggregate has one of this id. */
export async function readAggregateRecord(
  connection: Queryable,
  workspaceId: WorkspaceId,
  customerId: string,
): Promise<ShownRecord | undefined> {
  const rows = await connection.query<ProfileRow>(
    `select ${profileColumns} from ${aggregateRecords.profiles} p where id = $2`,
    [workspaceId, customerId],
  );
  return recordOf(rows.map(profileFromRow));
}

/** Names of the records that are parts of a customer of an aggregate, the oldest first. */
export async function listPartsOf(
  connection: Queryable,
  workspaceId: WorkspaceId,
  customerId: string,
  { offset, limit }: { readonly offset: number; readonly limit: number },
): Promise<{ readonly recordIds: readonly string[]; readonly total: number }> {
  const rows = await connection.query<{ total: number; record_id: string | null }>(
    `with part as not materialized (
       select a.record_id, a.created_seq from aggregate_customer s
         join aggregate_part a on a.workspace_id = $1 and a.alike = s.alike and a.profile_id = a.record_id
        where s.workspace_id = $1 and s.id = $2)
     select t.total, a.record_id
       from (select count(*) as total from part) t
       left join (select record_id, created_seq from part order by created_seq offset $3::bigint limit $4::bigint) a on true
      order by a.created_seq`,
    [workspaceId, customerId, offset, limit],
  );
  return { recordIds: rows.flatMap((row) => row.record_id ?? []), total: rows[0]?.total ?? 0 };
}
