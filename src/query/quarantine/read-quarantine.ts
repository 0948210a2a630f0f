import type { DialectName } from '../../core/dialect-name.ts';
import { lowestId } from '../../core/id.ts';
import type { QuarantineScope, ReplayedAs } from '../../core/quarantine/quarantine.ts';
import type { WorkspaceId } from '../../core/workspace/workspace.ts';
import type { Queryable } from '../../store/queryable.ts';
import { decodePosition, encodePosition } from '../position.ts';
import { scopeCondition } from './scope-condition.ts';

/** A bad event without its body. */
export interface QuarantinedSummary {
  readonly id: string;
  readonly dialect: DialectName;
  readonly type: string | null;
  readonly rule: string;
  readonly path: string | null;
  readonly occurredAt: Date;
  readonly receivedAt: Date;
  readonly processedAt: Date;
  readonly replayedAt: Date | null;
  readonly replayedAs: ReplayedAs | null;
}

export interface QuarantineWanted {
  readonly scope: QuarantineScope;
  readonly since: string | undefined;
  readonly until: string | undefined;
  /** true: also those that were replayed. */
  readonly replayed: boolean;
  /** A page's `next`, checked before. */
  readonly after: string | undefined;
  readonly limit: number;
}

interface SummaryRow {
  id: string;
  dialect: DialectName;
  type: string | null;
  rule: string;
  path: string | null;
  occurred_at: Date;
  received_at: Date;
  processed_at: Date;
  replayed_at: Date | null;
  replayed_as: ReplayedAs | null;
}

/** A page of bad events, newest first by processing. `next` names the last one, so what comes in meanwhile moves nothing. */
export async function readQuarantine(
  connection: Queryable,
  workspaceId: WorkspaceId,
  wanted: QuarantineWanted,
): Promise<{ events: QuarantinedSummary[]; next: string | null }> {
  const position = wanted.after === undefined ? undefined : decodePosition(wanted.after);
  const { condition, parameters } = scopeCondition(wanted.scope, [
    workspaceId,
    wanted.since ?? '-infinity',
    wanted.until ?? 'infinity',
    position?.at ?? 'infinity',
    position?.id ?? lowestId,
    wanted.limit + 1,
  ]);
  const rows = await connection.query<SummaryRow>(
    `select id, dialect, type, rule, path, occurred_at, received_at, processed_at, replayed_at, replayed_as from quarantine
      where workspace_id = $1 and processed_at >= $2::text::timestamptz and processed_at <= $3::text::timestamptz
        and (processed_at, id) < ($4::text::timestamptz, $5::uuid) and processed_at <= $4::text::timestamptz
        ${wanted.replayed ? '' : 'and replayed_at is null'}${condition}
      order by processed_at desc, id desc limit $6`,
    parameters,
  );
  const events = rows.slice(0, wanted.limit).map(fromRow);
  const last = events.at(-1);
  return {
    events,
    next: rows.length > wanted.limit && last ? encodePosition(last.processedAt, last.id) : null,
  };
}

function fromRow(row: SummaryRow): QuarantinedSummary {
  return {
    id: row.id,
    dialect: row.dialect,
    type: row.type,
    rule: row.rule,
    path: row.path,
    occurredAt: row.occurred_at,
    receivedAt: row.received_at,
    processedAt: row.processed_at,
    replayedAt: row.replayed_at,
    replayedAs: row.replayed_as,
  };
}
