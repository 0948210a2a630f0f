import { arrayLiteral } from '../../store/parameters.ts';
import type { Queryable } from '../../store/queryable.ts';
import type { WorkspaceId } from '../workspace/workspace.ts';
import type { Consent, ConsentAct, NewConsent } from './consent.ts';

/** Nothing here changes a row: the log is evidence. */
export async function insertConsents(
  connection: Queryable,
  workspaceId: WorkspaceId,
  consents: readonly NewConsent[],
  now: Date,
): Promise<void> {
  await connection.query(
    `insert into consent_log (workspace_id, logged_at, id, profile_id, node_id, act, property, value, source_id, user_id)
     select h.workspace_id, $2::timestamptz, c.* from workspace_head h,
            unnest($3::text::bigint[], $4::text::uuid[], $5::text::integer[], $6::text::text[], $7::text::text[],
                   $8::text::text[], $9::text::uuid[], $10::text::uuid[]) as c
      where h.workspace_id = $1`,
    [
      workspaceId,
      now,
      arrayLiteral(consents.map((consent) => consent.id)),
      arrayLiteral(consents.map((consent) => consent.profileId)),
      arrayLiteral(consents.map((consent) => consent.nodeId)),
      arrayLiteral(consents.map((consent) => consent.act)),
      arrayLiteral(consents.map((consent) => consent.property)),
      arrayLiteral(consents.map((consent) => consent.value)),
      arrayLiteral(consents.map((consent) => consent.author.sourceId)),
      arrayLiteral(consents.map((consent) => consent.author.userId)),
    ],
  );
}

export interface ConsentRow {
  id: number;
  profile_id: string;
  node_id: number;
  act: ConsentAct;
  property: string | null;
  value: string | null;
  source_id: string | null;
  user_id: string | null;
  logged_at: Date;
}

export const consentColumns = 'id, profile_id, node_id, act, property, value, source_id, user_id, logged_at';

export function consentFromRow(row: ConsentRow): Consent {
  return {
    id: row.id,
    profileId: row.profile_id,
    nodeId: row.node_id,
    act: row.act,
    property: row.property,
    value: row.value,
    author: { sourceId: row.source_id, userId: row.user_id },
    loggedAt: row.logged_at,
  };
}
