import { arrayLiteral } from '../../store/parameters.ts';
import type { Queryable } from '../../store/queryable.ts';
import type { WorkspaceId } from '../workspace/workspace.ts';
import {
  type DedupeKey,
  type DedupeScope,
  dedupeKeyText,
  dedupeScopes,
  type FirstOutcome,
  firstOutcomes,
  type KeyRange,
  type KnownKey,
  splitNumbered,
  windowMilliseconds,
} from './dedupe.ts';

const outcomeNames = new Map(
  Object.entries(firstOutcomes).map(([name, number]) => [number as number, name as FirstOutcome]),
);

interface KeyRow {
  scope: number;
  key: string;
  event_id: string | null;
  outcome: number;
}

function toKnownKeys(rows: readonly KeyRow[]): Map<string, KnownKey> {
  const known = new Map<string, KnownKey>();
  for (const row of rows) {
    known.set(`${row.scope}:${row.key}`, {
      eventId: row.event_id,
      outcome: outcomeNames.get(row.outcome)!,
    });
  }
  return known;
}

function scopesAndHashes(keys: readonly DedupeKey[]): [string, string] {
  return [
    arrayLiteral(keys.map((key) => dedupeScopes[key.scope])),
    arrayLiteral(keys.map((key) => `\\x${key.hash}`)),
  ];
}

/** Those of the keys that were answered before, by dedupeKeyText; where keys are numbered, others of their range may be among them. */
export async function readForeverKeys(
  connection: Queryable,
  workspaceId: WorkspaceId,
  keys: readonly DedupeKey[],
): Promise<Map<string, KnownKey>> {
  const { range, others } = splitNumbered(keys);
  const [numbered, known] = await Promise.all([
    range ? readKeysBetween(connection, workspaceId, range) : new Map<string, KnownKey>(),
    others.length > 0 ? readKeys(connection, workspaceId, others) : new Map<string, KnownKey>(),
  ]);
  return range ? new Map([...numbered, ...known]) : known;
}

/** Each is looked for by itself. */
async function readKeys(
  connection: Queryable,
  workspaceId: WorkspaceId,
  keys: readonly DedupeKey[],
): Promise<Map<string, KnownKey>> {
  const rows = await connection.query<KeyRow>(
    `select d.scope, encode(d.key, 'hex') as key, d.event_id, d.outcome
       from unnest($2::text::smallint[], $3::text::bytea[]) as k (scope, key)
       join dedupe_forever d on d.workspace_id = $1 and d.scope = k.scope and d.key = k.key`,
    [workspaceId, ...scopesAndHashes(keys)],
  );
  return toKnownKeys(rows);
}

/** Numbered keys of one file lie together: most often nothing is there, which a look at their place in the index shows. */
async function readKeysBetween(
  connection: Queryable,
  workspaceId: WorkspaceId,
  { scope, first, last }: KeyRange,
): Promise<Map<string, KnownKey>> {
  const rows = await connection.query<KeyRow>(
    `select scope, encode(key, 'hex') as key, event_id, outcome from dedupe_forever
      where workspace_id = $1 and scope = $2 and key between decode($3, 'hex') and decode($4, 'hex')`,
    [workspaceId, dedupeScopes[scope], first, last],
  );
  return toKnownKeys(rows);
}

/** Those of the keys whose window is still open at `now`; also when the clock of the process that spent them is ahead of ours. */
export async function readWindowKeys(
  connection: Queryable,
  workspaceId: WorkspaceId,
  keys: readonly DedupeKey[],
  now: number,
): Promise<Map<string, KnownKey>> {
  const rows = await connection.query<KeyRow>(
    `select d.scope, encode(d.key, 'hex') as key, d.event_id, d.outcome
       from unnest($2::text::smallint[], $3::text::bytea[]) as k (scope, key)
       join dedupe_window d on d.workspace_id = $1 and d.scope = k.scope and d.key = k.key
      where d.workspace_id = $1 and d.first_at > $4`,
    [workspaceId, ...scopesAndHashes(keys), new Date(now - windowMilliseconds)],
  );
  return toKnownKeys(rows);
}

export interface SpentKey {
  readonly key: DedupeKey;
  readonly eventId: string | null;
  readonly outcome: FirstOutcome;
  readonly firstAt: number;
}

/** Spends keys for good. What a replay came to takes the place of the quarantined event, in this list too. */
export async function upsertForeverKeys(
  connection: Queryable,
  workspaceId: WorkspaceId,
  attempts: readonly SpentKey[],
): Promise<void> {
  const spent = [...new Map(attempts.map((attempt) => [dedupeKeyText(attempt.key), attempt])).values()];
  await connection.query(
    `insert into dedupe_forever (workspace_id, scope, key, event_id, outcome)
     select h.workspace_id, k.* from workspace_head h,
            unnest($2::text::smallint[], $3::text::bytea[], $4::text::uuid[], $5::text::smallint[]) as k
      where h.workspace_id = $1
     on conflict (workspace_id, scope, key) do update
       set event_id = excluded.event_id, outcome = excluded.outcome`,
    [
      workspaceId,
      ...scopesAndHashes(spent.map((entry) => entry.key)),
      arrayLiteral(spent.map((entry) => entry.eventId)),
      arrayLiteral(spent.map((entry) => firstOutcomes[entry.outcome])),
    ],
  );
}

/** Forgets the keys of a scope from `first` to `last` (hashes, both inclusive), once nothing can come again under them. */
export async function deleteForeverKeys(
  connection: Queryable,
  workspaceId: WorkspaceId,
  scope: DedupeScope,
  [first, last]: readonly [string, string],
): Promise<void> {
  await connection.query(
    `delete from dedupe_forever
      where workspace_id = $1 and scope = $2 and key between decode($3, 'hex') and decode($4, 'hex')`,
    [workspaceId, dedupeScopes[scope], first, last],
  );
}

export async function insertWindowKeys(
  connection: Queryable,
  workspaceId: WorkspaceId,
  spent: readonly SpentKey[],
): Promise<void> {
  await connection.query(
    `insert into dedupe_window (workspace_id, scope, key, event_id, outcome, first_at)
     select h.workspace_id, k.scope, k.key, k.event_id, k.outcome, to_timestamp(k.first_at / 1000.0)
       from workspace_head h,
            unnest($2::text::smallint[], $3::text::bytea[], $4::text::uuid[], $5::text::smallint[], $6::text::float8[])
              as k (scope, key, event_id, outcome, first_at)
      where h.workspace_id = $1
     on conflict do nothing`,
    [
      workspaceId,
      ...scopesAndHashes(spent.map((entry) => entry.key)),
      arrayLiteral(spent.map((entry) => entry.eventId)),
      arrayLiteral(spent.map((entry) => firstOutcomes[entry.outcome])),
      arrayLiteral(spent.map((entry) => entry.firstAt)),
    ],
  );
}
