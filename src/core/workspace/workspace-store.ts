import type { Queryable } from '../../store/queryable.ts';
import type { DialectName } from '../dialect-name.ts';
import { readErasureKeyId } from '../erasure/erasure-store.ts';
import type { EventType } from '../event-type/event-type.ts';
import { type EventTypeRow, eventTypeColumns, eventTypeFromRow } from '../event-type/event-type-store.ts';
import type { Node, NodeSettings } from '../node/node.ts';
import type { Source } from '../source/source.ts';
import { Sources } from '../source/sources.ts';
import {
  defaultSettings,
  EventTypes,
  type Workspace,
  type WorkspaceId,
  type WorkspaceSettings,
} from './workspace.ts';
import { readParts, type WorkspacePart } from './workspace-part.ts';
import type { WorkspaceStatus } from './workspace-status.ts';

/** The lock that every writing transaction takes first, alone, before it reads anything. */
export interface Head {
  seq: number;
  configVersion: number;
  lastTypeId: number;
  lastSourceId: number;
  lastNodeId: number;
  lastConsentId: number;
  /** The batch, or the change, that wrote last: how a commit whose answer was lost is recognised. */
  lastBatch: string | null;
  /** The database's own number of the transaction that holds the lock. */
  readonly transactionId: string;
  /**
   * In which life of the database's server that is: since when its statistics count, which begin anew where it has crashed, and nowhere else
   * unless somebody asks for it. Null where they never did.
   */
  readonly serverLife: string | null;
}

interface HeadRow {
  seq: number;
  config_version: number;
  last_type_id: number;
  last_source_id: number;
  last_node_id: number;
  last_consent_id: number;
  last_batch: string | null;
  /** Of the function `lock_evidence`: the transaction's number, and behind a blank the server's life. */
  evidence: string;
}

/**
 * Waits for the lock. Only `changeWorkspace`, `underHeadLock` and the ingest take it. It is an update, of nothing: on Citus, `select … for
 * update` lets a workspace's shard be split in mid-batch, and the statements behind it write into the shard that is no more.
 * @throws WorkspaceGoneError
 */
export async function lockHead(connection: Queryable, workspaceId: WorkspaceId): Promise<Head> {
  const [row] = await connection.query<HeadRow>(
    `update workspace_head set seq = seq where workspace_id = $1
     returning seq, config_version, last_type_id, last_source_id, last_node_id, last_consent_id, last_batch,
               lock_evidence(seq) as evidence`,
    [workspaceId],
  );
  if (!row) throw new WorkspaceGoneError(workspaceId);
  const blank = row.evidence.indexOf(' ');
  return {
    seq: row.seq,
    configVersion: row.config_version,
    lastTypeId: row.last_type_id,
    lastSourceId: row.last_source_id,
    lastNodeId: row.last_node_id,
    lastConsentId: row.last_consent_id,
    lastBatch: row.last_batch,
    transactionId: row.evidence.slice(0, blank),
    serverLife: row.evidence.slice(blank + 1) || null,
  };
}

/** The last statement of every writing transaction: the end of the range that it used. */
export async function storeHead(connection: Queryable, workspaceId: WorkspaceId, head: Head): Promise<void> {
  await connection.query(
    `update workspace_head set seq = $2, config_version = $3, last_type_id = $4, last_source_id = $5, last_node_id = $6,
            last_consent_id = $7, last_batch = $8
      where workspace_id = $1`,
    [
      workspaceId,
      head.seq,
      head.configVersion,
      head.lastTypeId,
      head.lastSourceId,
      head.lastNodeId,
      head.lastConsentId,
      head.lastBatch,
    ],
  );
}

/** Who wrote last, where nothing else of the head has changed. */
export async function storeLastBatch(
  connection: Queryable,
  workspaceId: WorkspaceId,
  name: string,
): Promise<void> {
  await connection.query('update workspace_head set last_batch = $2 where workspace_id = $1', [
    workspaceId,
    name,
  ]);
}

/** The last seq that was given, of an event or a change. */
export async function readLastSeq(connection: Queryable, workspaceId: WorkspaceId): Promise<number> {
  const [head] = await connection.query<{ seq: number }>(
    'select seq from workspace_head where workspace_id = $1',
    [workspaceId],
  );
  return head?.seq ?? 0;
}

interface EntryRow {
  id: number;
  public_id: string;
  slug: string;
  name: string;
  timezone: string;
  currency: string;
  settings: Partial<WorkspaceSettings>;
  created_at: Date;
  status: WorkspaceStatus;
}

const entryColumns = 'id, public_id, slug, name, timezone, currency, settings, created_at, status';

/** What there is to be known of a workspace without its own rows, which may be out of reach. */
export type WorkspaceEntry = Pick<
  Workspace,
  'id' | 'publicId' | 'slug' | 'name' | 'timezone' | 'currency' | 'settings' | 'createdAt' | 'status'
>;

function entryFromRow(row: EntryRow): WorkspaceEntry {
  return {
    id: row.id as WorkspaceId,
    publicId: row.public_id,
    slug: row.slug,
    name: row.name,
    timezone: row.timezone,
    currency: row.currency,
    settings: { ...defaultSettings, ...row.settings },
    createdAt: row.created_at,
    status: row.status,
  };
}

/** But those that are being imported or deleted. */
export async function listWorkspaceEntries(connection: Queryable): Promise<WorkspaceEntry[]> {
  const rows = await connection.query<EntryRow>(
    `select ${entryColumns} from workspace where status not in ('importing', 'deleting') order by id`,
  );
  return rows.map(entryFromRow);
}

/** Whatever becomes of it. */
export async function findWorkspaceEntry(
  connection: Queryable,
  slug: string,
): Promise<WorkspaceEntry | undefined> {
  const [row] = await connection.query<EntryRow>(`select ${entryColumns} from workspace where slug = $1`, [
    slug,
  ]);
  return row && entryFromRow(row);
}

/** The workspace of a public id or a slug. */
export async function findWorkspaceId(
  connection: Queryable,
  publicIdOrSlug: string,
): Promise<WorkspaceId | undefined> {
  const [row] = await connection.query<{ id: number }>(
    'select id from workspace where public_id::text = $1 or slug = $1',
    [publicIdOrSlug],
  );
  return row && (row.id as WorkspaceId);
}

/** The workspace that a dialect calls by this name. */
export async function findBoundWorkspaceId(
  connection: Queryable,
  dialect: DialectName,
  kind: string,
  externalId: string,
): Promise<WorkspaceId | undefined> {
  const [row] = await connection.query<{ workspace_id: number }>(
    'select workspace_id from dialect_binding where dialect = $1 and kind = $2 and external_id = $3',
    [dialect, kind, externalId],
  );
  return row && (row.workspace_id as WorkspaceId);
}

/** But those that are being imported or deleted. */
export async function listWorkspaceIds(connection: Queryable): Promise<WorkspaceId[]> {
  const rows = await connection.query<{ id: number }>(
    `select id from workspace where status not in ('importing', 'deleting') order by id`,
  );
  return rows.map((row) => row.id as WorkspaceId);
}

/** A workspace that somebody knew is deleted. */
export class WorkspaceGoneError extends Error {
  override readonly name = 'WorkspaceGoneError';

  constructor(id: WorkspaceId) {
    super(`workspace ${id} does not exist`);
  }
}

/** The whole configuration of a workspace, with the parts of its dialects. @throws WorkspaceGoneError when there is none */
export async function loadWorkspace(
  connection: Queryable,
  id: WorkspaceId,
  parts: readonly WorkspacePart<unknown>[],
): Promise<Workspace> {
  // The version is read first: what is read behind it may be newer, and is then read again, but never older.
  const [row] = await connection.query<EntryRow & { config_version: number }>(
    `select w.id, w.public_id, w.slug, w.name, w.timezone, w.currency, w.settings, w.created_at, w.status, h.config_version
       from workspace w, workspace_head h where w.id = $1 and h.workspace_id = $1`,
    [id],
  );
  if (!row) throw new WorkspaceGoneError(id);
  const entry = entryFromRow(row);
  const [nodes, sources, types, erasureKeyId, values] = await Promise.all([
    readNodes(connection, id),
    readSources(connection, id),
    readEventTypes(connection, id),
    readErasureKeyId(connection, id),
    readParts(connection, id, entry.settings, parts),
  ]);
  return {
    ...entry,
    version: row.config_version,
    nodes: new Map(nodes.map((node) => [node.id, node])),
    sources: new Sources(sources),
    eventTypes: new EventTypes(types),
    erasureKeyId,
    parts: values,
  };
}

interface NodeRow {
  id: number;
  public_id: string;
  dialect: DialectName;
  kind: Node['kind'];
  name: string;
  is_default: boolean;
  settings: NodeSettings;
  created_at: Date;
  archived_at: Date | null;
}

async function readNodes(connection: Queryable, id: WorkspaceId): Promise<Node[]> {
  const rows = await connection.query<NodeRow>(
    `select id, public_id, dialect, kind, name, is_default, settings, created_at, archived_at
       from node where workspace_id = $1 order by id`,
    [id],
  );
  return rows.map((row) => ({
    id: row.id,
    publicId: row.public_id,
    dialect: row.dialect,
    kind: row.kind,
    name: row.name,
    isDefault: row.is_default,
    settings: row.settings,
    createdAt: row.created_at,
    archivedAt: row.archived_at,
  }));
}

interface SourceRow {
  id: number;
  public_id: string;
  dialect: DialectName;
  kind: string;
  external_id: string;
  name: string;
  node_id: number;
  settings: Record<string, unknown>;
  created_at: Date;
  archived_at: Date | null;
}

async function readSources(connection: Queryable, id: WorkspaceId): Promise<Source[]> {
  const rows = await connection.query<SourceRow>(
    `select id, public_id, dialect, kind, external_id, name, node_id, settings, created_at, archived_at
       from source where workspace_id = $1 order by id`,
    [id],
  );
  return rows.map((row) => ({
    id: row.id,
    publicId: row.public_id,
    dialect: row.dialect,
    kind: row.kind,
    externalId: row.external_id,
    name: row.name,
    nodeId: row.node_id,
    settings: row.settings,
    createdAt: row.created_at,
    archivedAt: row.archived_at,
  }));
}

async function readEventTypes(connection: Queryable, id: WorkspaceId): Promise<EventType[]> {
  const rows = await connection.query<EventTypeRow>(
    `select ${eventTypeColumns} from event_type where workspace_id = $1 order by id`,
    [id],
  );
  return rows.map(eventTypeFromRow);
}
