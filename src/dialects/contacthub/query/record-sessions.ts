import { identityKinds } from '../../../core/identity/identity.ts';
import type { WorkspaceId } from '../../../core/workspace/workspace.ts';
import { arrayLiteral } from '../../../store/parameters.ts';
import type { Queryable } from '../../../store/queryable.ts';

/** A session that a record has: the link that binds it, and what the session is called. */
export interface RecordSession {
  readonly linkId: string;
  readonly value: string;
}

/** A page of this many is all that there is: a record with more sessions has a fault of its own. */
export const maximumSessions = 1000;

/** The sessions that are bound to records, the first bound first. A session that follows another record is not among them. */
export async function listRecordSessions(
  connection: Queryable,
  workspaceId: WorkspaceId,
  recordIds: readonly string[],
): Promise<RecordSession[]> {
  const rows = await connection.query<{ id: string; value: string }>(
    `select l.id, i.value
       from profile p
       join link l on l.workspace_id = $1 and l.second_profile = p.id
        and l.origin = 'binding' and l.evidence = 'session' and l.undone_at is null
       join profile s on s.workspace_id = $1 and s.id = l.first_profile and s.record_id = p.record_id
       join identity i on i.workspace_id = $1 and i.profile_id = s.id and i.kind = ${identityKinds.session}
      where p.workspace_id = $1 and p.record_id = any($2::text::uuid[])
      order by l.created_seq
      limit ${maximumSessions}`,
    [workspaceId, arrayLiteral(recordIds)],
  );
  return rows.map((row) => ({ linkId: row.id, value: row.value }));
}

/** The session of a binding to one of the records, whether it counts now or waits for an earlier one to be undone. */
export async function readRecordSession(
  connection: Queryable,
  workspaceId: WorkspaceId,
  recordIds: readonly string[],
  linkId: string,
): Promise<RecordSession | undefined> {
  const [row] = await connection.query<{ id: string; value: string }>(
    `select l.id, i.value
       from link l
       join profile p on p.workspace_id = $1 and p.id = l.second_profile
       join identity i on i.workspace_id = $1 and i.profile_id = l.first_profile and i.kind = ${identityKinds.session}
      where l.workspace_id = $1 and l.id = $3 and p.record_id = any($2::text::uuid[])
        and l.origin = 'binding' and l.evidence = 'session' and l.undone_at is null`,
    [workspaceId, arrayLiteral(recordIds), linkId],
  );
  return row && { linkId: row.id, value: row.value };
}
