import { arrayLiteral, joinDocuments } from '../../store/parameters.ts';
import { onlyRow, type Queryable } from '../../store/queryable.ts';
import type { DialectName } from '../dialect-name.ts';
import { storableJson, storableText } from '../event/storable.ts';
import type { WorkspaceId } from '../workspace/workspace.ts';
import { countIntoGroups, takingOutOfGroups } from './group-store.ts';
import type { QuarantinedEvent, ReplayedAs } from './quarantine.ts';

interface QuarantineRow {
  id: string;
  dialect: DialectName;
  type: string | null;
  rule: string;
  path: string | null;
  detail: Record<string, unknown>;
  request: Record<string, unknown>;
  raw: Uint8Array;
  occurred_at: Date;
  received_at: Date;
  processed_at: Date;
  replayed_at: Date | null;
  replayed_as: ReplayedAs | null;
}

const listedColumns =
  'id, dialect, type, rule, path, detail, request, occurred_at, received_at, processed_at, replayed_at, replayed_as';
const columns = `${listedColumns}, raw`;

function fromRow(row: QuarantineRow): QuarantinedEvent {
  return { ...listedFromRow(row), raw: row.raw };
}

function listedFromRow(row: Omit<QuarantineRow, 'raw'>): ListedEvent {
  return {
    id: row.id,
    dialect: row.dialect,
    type: row.type,
    rule: row.rule,
    path: row.path,
    detail: row.detail,
    request: row.request,
    occurredAt: row.occurred_at,
    receivedAt: row.received_at,
    processedAt: row.processed_at,
    replayedAt: row.replayed_at,
    replayedAs: row.replayed_as,
  };
}

export async function insertQuarantined(
  connection: Queryable,
  workspaceId: WorkspaceId,
  events: readonly QuarantinedEvent[],
): Promise<void> {
  const inserting = connection.query(
    `insert into quarantine (workspace_id, id, dialect, type, rule, path, detail, request, raw, occurred_at, received_at, processed_at)
     select h.workspace_id, q.* from workspace_head h,
            unnest($2::text::uuid[], $3::text::text[], $4::text::text[], $5::text::text[], $6::text::text[],
                   string_to_array($7::text, E'\\x1e')::jsonb[], string_to_array($8::text, E'\\x1e')::jsonb[], $9::text::bytea[],
                   $10::text::timestamptz[], $11::text::timestamptz[], $12::text::timestamptz[]) as q
      where h.workspace_id = $1`,
    [
      workspaceId,
      arrayLiteral(events.map((event) => event.id)),
      arrayLiteral(events.map((event) => event.dialect)),
      arrayLiteral(events.map((event) => event.type && storableText(event.type))),
      arrayLiteral(events.map((event) => event.rule)),
      arrayLiteral(events.map((event) => event.path && storableText(event.path))),
      joinDocuments(events.map((event) => storableJson(event.detail))),
      joinDocuments(events.map((event) => storableJson(event.request))),
      arrayLiteral(events.map((event) => `\\x${Buffer.from(event.raw).toString('hex')}`)),
      arrayLiteral(events.map((event) => event.occurredAt.toISOString())),
      arrayLiteral(events.map((event) => event.receivedAt.toISOString())),
      arrayLiteral(events.map((event) => event.processedAt.toISOString())),
    ],
  );
  await Promise.all([inserting, countIntoGroups(connection, workspaceId, events)]);
}

export async function readQuarantined(
  connection: Queryable,
  workspaceId: WorkspaceId,
  id: string,
): Promise<QuarantinedEvent | undefined> {
  const [row] = await connection.query<QuarantineRow>(
    `select ${columns} from quarantine where workspace_id = $1 and id = $2`,
    [workspaceId, id],
  );
  return row && fromRow(row);
}

/** Those of the bad events that are there. */
export async function readQuarantinedOf(
  connection: Queryable,
  workspaceId: WorkspaceId,
  ids: readonly string[],
): Promise<QuarantinedEvent[]> {
  const rows = await connection.query<QuarantineRow>(
    `select ${columns} from quarantine where workspace_id = $1 and id = any($2::text::uuid[])`,
    [workspaceId, arrayLiteral(ids)],
  );
  return rows.map(fromRow);
}

export interface QuarantineFilter {
  readonly dialect: string | null;
  readonly since: Date | null;
  readonly until: Date | null;
  /** true: also those that were replayed. */
  readonly replayed: boolean;
}

/** As a list shows it: a page of whole ones could be a gigabyte. */
export type ListedEvent = Omit<QuarantinedEvent, 'raw'>;

/** A page of bad events, newest first by processing, and how many there are in all. */
export async function listQuarantined(
  connection: Queryable,
  workspaceId: WorkspaceId,
  filter: QuarantineFilter,
  page: { offset: number; limit: number },
): Promise<{ events: ListedEvent[]; total: number }> {
  const where = `workspace_id = $1 and ($2::text is null or dialect = $2)
        and ($3::timestamptz is null or processed_at >= $3) and ($4::timestamptz is null or processed_at <= $4)
        and ($5::boolean or replayed_at is null)`;
  const parameters = [workspaceId, filter.dialect, filter.since, filter.until, filter.replayed];
  const [rows, counted] = await Promise.all([
    connection.query<Omit<QuarantineRow, 'raw'>>(
      `select ${listedColumns} from quarantine where ${where} order by processed_at desc, id desc limit $6 offset $7`,
      [...parameters, page.limit, page.offset],
    ),
    connection.query<{ total: number }>(
      `select count(*) as total from quarantine where ${where}`,
      parameters,
    ),
  ]);
  return { events: rows.map(listedFromRow), total: onlyRow(counted).total };
}

/** Those of the bad events that were replayed before. To be read under the head lock, which decides who replays one. */
export async function readReplayedIds(
  connection: Queryable,
  workspaceId: WorkspaceId,
  ids: readonly string[],
): Promise<Set<string>> {
  const rows = await connection.query<{ id: string }>(
    `select id from quarantine
      where workspace_id = $1 and id = any($2::text::uuid[]) and replayed_at is not null`,
    [workspaceId, arrayLiteral(ids)],
  );
  return new Set(rows.map((row) => row.id));
}

export interface Replay {
  readonly id: string;
  readonly as: ReplayedAs;
}

const markReplays = takingOutOfGroups(
  `update quarantine set replayed_at = $2, replayed_as = r.replayed_as
     from unnest($3::text::uuid[], $4::text::text[]) as r (replayed_id, replayed_as)
    where workspace_id = $1 and id = r.replayed_id
    returning dialect, rule, type, true as waited`,
);

/** Marks bad events, which waited until now, as replayed. */
export async function markReplayed(
  connection: Queryable,
  workspaceId: WorkspaceId,
  replays: readonly Replay[],
  at: Date,
): Promise<void> {
  await connection.query(markReplays, [
    workspaceId,
    at,
    arrayLiteral(replays.map(({ id }) => id)),
    arrayLiteral(replays.map(({ as }) => as)),
  ]);
}

const deleteEvents = takingOutOfGroups(
  `delete from quarantine where workspace_id = $1 and id = any($2::text::uuid[])
   returning dialect, rule, type, replayed_at is null as waited`,
);

/** Deletes bad events; nothing is left of what a type was called of which there are no more. */
export async function deleteQuarantined(
  connection: Queryable,
  workspaceId: WorkspaceId,
  ids: readonly string[],
): Promise<void> {
  await connection.query(deleteEvents, [workspaceId, arrayLiteral(ids)]);
  await connection.query('delete from quarantine_group where workspace_id = $1 and events = 0', [
    workspaceId,
  ]);
}
