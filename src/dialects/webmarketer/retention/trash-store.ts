import type { DialectName } from '../../../core/dialect-name.ts';
import { lowestId } from '../../../core/id.ts';
import type { WorkspaceId } from '../../../core/workspace/workspace.ts';
import { arrayLiteral } from '../../../store/parameters.ts';
import type { Queryable } from '../../../store/queryable.ts';

export interface DueTrash {
  /** Oldest first, at most as many as asked for. */
  readonly ids: readonly string[];
  /** Where the next look begins; undefined: this was all. */
  readonly next: string | undefined;
}

/** When bad events are due (ms; undefined: never): by the name of their type; `others`: of types that there are not. */
export interface TrashDueDates {
  readonly byType: ReadonlyMap<string, number | undefined>;
  readonly others: number | undefined;
}

/**
 * Looks through the next `window` bad events by id for those of the dialect that are due and not anonymized yet; replayed ones too.
 */
export async function readDueTrash(
  connection: Queryable,
  workspaceId: WorkspaceId,
  dialect: DialectName,
  due: TrashDueDates,
  after: string | null,
  window: number,
  limit: number,
): Promise<DueTrash> {
  const textOf = (before: number | undefined) =>
    before === undefined ? '-infinity' : new Date(before).toISOString();
  const rows = await connection.query<{ id: string; is_due: boolean }>(
    `select q.id, (q.dialect = $4 and not q.detail ? 'anonymizedAt'
                   and q.occurred_at < coalesce(t.before, $5::text::timestamptz)) as is_due
       from (select id, dialect, type, detail, occurred_at from quarantine
              where workspace_id = $1 and id > $2 order by id limit $3) q
       left join unnest($6::text::text[], $7::text::timestamptz[]) as t (name, before) on t.name = q.type
      order by q.id`,
    [
      workspaceId,
      after ?? lowestId,
      window,
      dialect,
      textOf(due.others),
      arrayLiteral([...due.byType.keys()]),
      arrayLiteral([...due.byType.values()].map((before) => textOf(before))),
    ],
  );
  const ids = rows.filter((row) => row.is_due).map((row) => row.id);
  if (ids.length > limit) return { ids: ids.slice(0, limit), next: ids[limit - 1] };
  return { ids, next: rows.length === window ? rows.at(-1)!.id : undefined };
}

/** Puts another text and other violations in place of a bad event's. */
export async function replaceTrash(
  connection: Queryable,
  workspaceId: WorkspaceId,
  id: string,
  raw: string,
  detail: Record<string, unknown>,
): Promise<void> {
  await connection.query(
    'update quarantine set raw = $3::bytea, detail = $4::text::jsonb where workspace_id = $1 and id = $2',
    [workspaceId, id, Buffer.from(raw), JSON.stringify(detail)],
  );
}
