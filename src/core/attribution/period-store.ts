import type { Queryable } from '../../store/queryable.ts';
import type { WorkspaceId } from '../workspace/workspace.ts';
import { type ConversionSettings, defaultRules } from './conversion.ts';

/** A time, in seqs, in which a conversion's sums were kept by the same settings: as of any of it they are answered by those. */
export interface KeptPeriod {
  /** The conversion's number. */
  readonly conversion: number;
  readonly settings: ConversionSettings;
  readonly timezone: string;
  readonly currency: string;
  /** What the values were of when it ended; null: it lasts, or there were no values. */
  readonly isMoney: boolean | null;
}

/** From `since` on the sums are right. Under the head lock. */
export async function beginPeriod(
  connection: Queryable,
  workspaceId: WorkspaceId,
  since: number,
  { conversion, settings, timezone, currency }: Omit<KeptPeriod, 'isMoney'>,
): Promise<void> {
  await connection.query(
    `insert into attribution_period (workspace_id, conversion, since_seq, settings, timezone, currency)
     select h.workspace_id, $2::integer, $3::bigint, $4::text::json, $5::text, $6::text
       from workspace_head h
      where h.workspace_id = $1
        and not exists (select from attribution_period p where p.workspace_id = $1 and p.conversion = $2::integer and p.until_seq is null)
     on conflict (workspace_id, conversion, since_seq) do update
       set until_seq = null, settings = excluded.settings, timezone = excluded.timezone, currency = excluded.currency`,
    [workspaceId, conversion, since, JSON.stringify(settings), timezone, currency],
  );
}

/** Of how many conversions it is looked at what their value is of: nearly all have one, of the same kind. */
export const valuesLookedAt = 200;

/** Ends what lasts: of one conversion, or of all. The last seq that is answered by its settings is `until`. Under the head lock. */
export async function endPeriods(
  connection: Queryable,
  workspaceId: WorkspaceId,
  conversion: number | 'all',
  until: number,
): Promise<void> {
  await connection.query(
    `update attribution_period p
        set until_seq = $2::bigint,
            is_money = (select bool_or(currency is not null)
                          from (select value, currency from attribution_path where workspace_id = $1 and conversion = p.conversion
                                 order by converted_at desc limit ${valuesLookedAt}) v
                         where value is not null)
      where p.workspace_id = $1 and p.until_seq is null and ($3::integer is null or p.conversion = $3::integer)`,
    [workspaceId, until, conversion === 'all' ? null : conversion],
  );
}

/** What was kept as of a seq. */
export async function readPeriods(
  connection: Queryable,
  workspaceId: WorkspaceId,
  seq: number,
): Promise<KeptPeriod[]> {
  const rows = await connection.query<{
    conversion: number;
    settings: ConversionSettings;
    timezone: string;
    currency: string;
    is_money: boolean | null;
  }>(
    `select conversion, settings, timezone, currency, is_money from attribution_period
      where workspace_id = $1 and since_seq <= $2::bigint and coalesce(until_seq, $2::bigint) >= $2::bigint order by conversion`,
    [workspaceId, seq],
  );
  return rows.map(({ is_money: isMoney, settings, ...row }) => ({
    ...row,
    settings: { ...defaultRules, ...settings },
    isMoney,
  }));
}
