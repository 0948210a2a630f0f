import assert from 'node:assert/strict';
import { tmpdir } from 'node:os';
import { pino } from 'pino';
import type { Clock } from '../../src/core/clock.ts';
import type { DedupeKey } from '../../src/core/dedupe/dedupe.ts';
import type { DialectName } from '../../src/core/dialect-name.ts';
import { ErasureKeyFile } from '../../src/core/erasure/erasure-key.ts';
import type { AttributeChanges } from '../../src/core/profile/attributes.ts';
import { createWorkspace, type NewWorkspace } from '../../src/core/workspace/create-workspace.ts';
import type { WorkspaceId } from '../../src/core/workspace/workspace.ts';
import { WorkspaceCache } from '../../src/core/workspace/workspace-cache.ts';
import { dialects, projections, workspaceParts } from '../../src/dialects/registry.ts';
import { Ingest, type IngestLimits } from '../../src/ingest/ingest.ts';
import type { EditItem, EventItem, EventPart, KeyedSubject, Prepared } from '../../src/ingest/item.ts';
import type { Outcome, SubmissionOutcome } from '../../src/ingest/outcome.ts';
import type { Submission } from '../../src/ingest/submission.ts';
import { connectDatabase, type OpenDatabase } from '../../src/store/database.ts';
import type { ConnectionTarget } from '../../src/store/driver.ts';
import { createTestDatabase } from '../helpers/database.ts';

/** The entry nodes of a new workspace, by the number that createWorkspace gives them. */
export const nodes = { octeth: 1, webengage: 2, webmarketer: 3, signals: 4, contacthub: 5 } as const;

export const silent = pino({ level: process.env.TEST_LOG_LEVEL ?? 'silent' });

export interface Engine {
  readonly database: OpenDatabase;
  readonly target: ConnectionTarget;
  readonly workspaceId: WorkspaceId;
  readonly ingest: Ingest;
  /** What the engine takes for now; 0: the real time. */
  readonly time: { now: number };
  addWorkspace(options?: Partial<NewWorkspace>): Promise<WorkspaceId>;
  /** Another process's worth: connections, configuration and memory of its own. Closed with the engine. */
  addProcess(limits?: Partial<IngestLimits>): Promise<{ ingest: Ingest; database: OpenDatabase }>;
  close(): Promise<void>;
}

let slugs = 0;

/** An ingest on a database of its own, with one workspace, and no HTTP before it. */
export async function startEngine(
  options: Partial<NewWorkspace> = {},
  limits?: Partial<IngestLimits>,
): Promise<Engine> {
  const own = await createTestDatabase();
  const time = { now: 0 };
  const clock: Clock = () => time.now || Date.now();
  const closing: (() => Promise<void>)[] = [];
  const addWorkspace = async (settings: Partial<NewWorkspace> = {}) => {
    const slug = `engine-${++slugs}`;
    const workspace = { slug, name: slug, timezone: 'Europe/Paris', currency: 'EUR', ...settings };
    return (await createWorkspace(own.database, workspace, new Date(clock()), dialects)).id;
  };
  return {
    database: own.database,
    target: own.target,
    workspaceId: await addWorkspace(options),
    ingest: makeIngest(own.database, clock, limits),
    time,
    addWorkspace,
    async addProcess(otherLimits) {
      const database = await connectDatabase(own.target, 3);
      closing.push(() => database.close());
      return { ingest: makeIngest(database, clock, otherLimits), database };
    },
    async close() {
      await Promise.all(closing.map((close) => close()));
      await own.drop();
    },
  };
}

export function makeIngest(
  database: OpenDatabase,
  clock: Clock = () => Date.now(),
  limits: Partial<IngestLimits> = {},
  erasure = blindToErasure,
) {
  const observer = { committed: () => {} };
  return new Ingest(
    database,
    new WorkspaceCache(database, workspaceParts),
    clock,
    silent,
    observer,
    projections,
    {
      queueBytes: 64 * 1024 * 1024,
      ...limits,
    },
    erasure,
  );
}

/** For tests that forget nobody. */
export const blindToErasure = { key: new ErasureKeyFile(tmpdir()), rules: new Map() };

export function subjectOf(part: Partial<KeyedSubject> = {}): KeyedSubject {
  return { keys: [], contacts: [], anonymous: false, expects: 'any', ...part };
}

export function userOf(user: string, part: Partial<KeyedSubject> = {}): KeyedSubject {
  return subjectOf({ keys: [{ kind: 'user', value: user }], ...part });
}

export function eventPart(part: Partial<EventPart> = {}): EventPart {
  return {
    type: 'page-viewed',
    typeVersion: null,
    occurredAt: Date.UTC(2026, 2, 1, 12),
    sourceId: null,
    context: null,
    properties: {},
    detail: null,
    metrics: [],
    ...part,
  };
}

/** An event of a user; what is given takes the place of what is usual. */
export function eventOf(
  who: string | KeyedSubject,
  part: Partial<EventPart> = {},
  more: Partial<EventItem> = {},
): EventItem {
  const subject = typeof who === 'string' ? userOf(who) : who;
  return { kind: 'event', nodeId: nodes.webengage, subject, event: eventPart(part), ...more };
}

/** A change to a user, without an event. */
export function editOf(user: string, changes: AttributeChanges): EditItem {
  return {
    kind: 'edit',
    nodeId: nodes.webengage,
    subject: userOf(user),
    edit: () => ({ kind: 'edited', changes }),
  };
}

export function submissionOf(
  items: Prepared | readonly Prepared[],
  part: Partial<Submission> = {},
): Submission {
  const list = Array.isArray(items) ? (items as readonly Prepared[]) : [items as Prepared];
  return {
    dialect: 'webengage' satisfies DialectName,
    source: null,
    receivedAt: Date.now(),
    carriesEvents: true,
    bytes: 200 * list.length,
    size: list.length,
    prepare: () => [...list],
    raw: (index) => JSON.stringify({ item: index }),
    request: {},
    ...part,
  };
}

export function foreverKey(hash: number, retryHash?: number): DedupeKey {
  const key = { scope: 'webmarketer-nonce', hash: hex(hash), window: 'forever' } as const;
  return retryHash === undefined ? key : { ...key, retryHash: hex(retryHash) };
}

export function windowKey(hash: number): DedupeKey {
  return { scope: 'webengage-events', hash: hex(hash), window: 'four-hours' };
}

function hex(number: number): string {
  return number.toString(16).padStart(32, '0');
}

/** The outcomes of what has to have been committed. */
export function committed(outcome: SubmissionOutcome): readonly Outcome[] {
  if (outcome.kind !== 'committed') throw new Error(`not committed: ${JSON.stringify(outcome)}`);
  return outcome.outcomes;
}

export async function countRows(
  database: OpenDatabase,
  workspaceId: WorkspaceId,
  table: string,
): Promise<number> {
  const [row] = await database.query<{ count: number }>(
    `select count(*) as count from ${table} where workspace_id = $1`,
    [workspaceId],
  );
  return row!.count;
}

export interface Totals {
  received: number;
  stored: number;
  duplicate: number;
  quarantined: number;
  dropped: number;
  [other: string]: number;
}

/** The workspace's counters, over all hours and reasons. */
export async function readTotals(database: OpenDatabase, workspaceId: WorkspaceId): Promise<Totals> {
  const rows = await database.query<{ outcome: string; total: number }>(
    'select outcome, sum(total)::bigint as total from accounting where workspace_id = $1 group by outcome',
    [workspaceId],
  );
  const totals: Totals = { received: 0, stored: 0, duplicate: 0, quarantined: 0, dropped: 0 };
  for (const row of rows) totals[row.outcome] = row.total;
  return totals;
}

/** Ends a connection that is at work, at random, unless its query is like `spared`. Answers how many were ended. */
export async function cutConnection(database: OpenDatabase, spared: string): Promise<number> {
  const rows = await database.query(
    `select pg_terminate_backend(pid) from pg_stat_activity
      where datname = current_database() and pid <> pg_backend_pid() and state <> 'idle' and query not like $1
      order by random() limit 1`,
    [spared],
  );
  return rows.length;
}

/** Events and changes have every seq from 1 on, each once. Answers them. */
export async function assertGapless(database: OpenDatabase, workspaceId: WorkspaceId): Promise<number[]> {
  const seqs = await readSeqs(database, workspaceId);
  assert.deepEqual(
    seqs,
    seqs.map((_, index) => index + 1),
  );
  return seqs;
}

/** Every seq of a workspace, of events and of changes, in order. */
export async function readSeqs(database: OpenDatabase, workspaceId: WorkspaceId): Promise<number[]> {
  const rows = await database.query<{ seq: number }>(
    `select seq from event where workspace_id = $1 union all select seq from change where workspace_id = $1 order by seq`,
    [workspaceId],
  );
  return rows.map((row) => row.seq);
}
