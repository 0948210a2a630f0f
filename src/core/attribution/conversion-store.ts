import type { Queryable } from '../../store/queryable.ts';
import type { WorkspaceId } from '../workspace/workspace.ts';
import type { WorkspacePart } from '../workspace/workspace-part.ts';
import { type ConversionSettings, defaultRules } from './conversion.ts';

/** A conversion that a workspace keeps: its sums are kept up with what comes in. */
export interface Conversion {
  /** What rows name it by. */
  readonly number: number;
  readonly id: string;
  /** Unique within the workspace. */
  readonly name: string;
  readonly settings: ConversionSettings;
  /** `counting`: its sums are being made, or made anew. */
  readonly state: 'counting' | 'kept';
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

interface Row {
  number: number;
  id: string;
  name: string;
  settings: ConversionSettings;
  state: Conversion['state'];
  created_at: Date;
  updated_at: Date;
}

/** The conversions of a workspace are part of its configuration, the oldest first: whoever writes knows what may count. */
export const conversions: WorkspacePart<readonly Conversion[]> = { read: readConversions };

export async function readConversions(
  connection: Queryable,
  workspaceId: WorkspaceId,
): Promise<readonly Conversion[]> {
  const rows = await connection.query<Row>(
    `select number, id, name, settings, state, created_at, updated_at from attribution_conversion
      where workspace_id = $1 and state <> 'deleted' order by number`,
    [workspaceId],
  );
  return rows.map(({ created_at: createdAt, updated_at: updatedAt, settings, ...row }) => ({
    ...row,
    settings: { ...defaultRules, ...settings },
    createdAt,
    updatedAt,
  }));
}

/**
 * Under the head lock. A number is given again only when no row has it any more. The lock of who settles is looked for, not inserted on a
 * conflict: that would wait for who holds it, who waits for the head lock.
 */
export async function insertConversion(
  connection: Queryable,
  workspaceId: WorkspaceId,
  { id, name, settings }: Pick<Conversion, 'id' | 'name' | 'settings'>,
  now: Date,
): Promise<void> {
  await connection.query(
    `insert into attribution_head (workspace_id, last_origin, last_step)
     select h.workspace_id, 0, 0 from workspace_head h
      where h.workspace_id = $1 and not exists (select from attribution_head a where a.workspace_id = $1)`,
    [workspaceId],
  );
  await connection.query(
    `insert into attribution_conversion (workspace_id, number, id, name, settings, state, created_at, updated_at)
     select h.workspace_id,
            coalesce((select max(c.number) from attribution_conversion c where c.workspace_id = $1), 0) + 1,
            $2::uuid, $3::text, $4::text::json, 'counting', $5::timestamptz, $5::timestamptz
       from workspace_head h where h.workspace_id = $1`,
    [workspaceId, id, name, JSON.stringify(settings), now],
  );
}

export async function updateConversion(
  connection: Queryable,
  workspaceId: WorkspaceId,
  { id, name, settings, state }: Pick<Conversion, 'id' | 'name' | 'settings' | 'state'>,
  now: Date,
): Promise<void> {
  await connection.query(
    `update attribution_conversion set name = $3, settings = $4::text::json, state = $5, updated_at = $6
      where workspace_id = $1 and id = $2 and state <> 'deleted'`,
    [workspaceId, id, name, JSON.stringify(settings), state, now],
  );
}

/** Its sums are right from now on. Nobody has changed it: `updated_at` stays. Answers whether they were not before. */
export async function markConversionKept(
  connection: Queryable,
  workspaceId: WorkspaceId,
  id: string,
): Promise<boolean> {
  const rows = await connection.query(
    `update attribution_conversion set state = 'kept' where workspace_id = $1 and id = $2 and state = 'counting' returning 1`,
    [workspaceId, id],
  );
  return rows.length > 0;
}

/** Takes a conversion out of the configuration; its rows go slice by slice (jobs/count-conversion.ts), and itself with the last. */
export async function markConversionDeleted(
  connection: Queryable,
  workspaceId: WorkspaceId,
  id: string,
): Promise<void> {
  await connection.query(
    `update attribution_conversion set state = 'deleted' where workspace_id = $1 and id = $2`,
    [workspaceId, id],
  );
}

/** By another time zone or currency all have to be counted anew. */
export async function markConversionsCounting(
  connection: Queryable,
  workspaceId: WorkspaceId,
): Promise<string[]> {
  const rows = await connection.query<{ id: string }>(
    `update attribution_conversion set state = 'counting' where workspace_id = $1 and state <> 'deleted' returning id`,
    [workspaceId],
  );
  return rows.map(({ id }) => id);
}
