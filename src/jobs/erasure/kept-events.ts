import type { DialectName } from '../../core/dialect-name.ts';
import { findCandidates } from '../../core/erasure/candidate-keys.ts';
import type { ErasureSlice } from '../../core/erasure/erasure.ts';
import { lowestId } from '../../core/id.ts';
import type { Workspace, WorkspaceId } from '../../core/workspace/workspace.ts';
import type { ErasureRules } from '../../ingest/erased.ts';
import type { Queryable } from '../../store/queryable.ts';

/** A bad event, as far as it is looked through. */
export interface KeptEvent {
  readonly id: string;
  readonly dialect: DialectName;
  readonly detail: Readonly<Record<string, unknown>>;
  readonly request: Readonly<Record<string, unknown>>;
  readonly raw: Uint8Array;
  readonly receivedAt: Date;
  readonly replayed: boolean;
}

const keptPerLook = 100;
const keptBytesPerLook = 4 * 1024 * 1024;

export interface KeptLook {
  readonly theirs: readonly KeptEvent[];
  /** From where on to look next; undefined: there are no more. */
  readonly next: string | undefined;
}

/** Looks through the next bad events by id for those that speak of a person, by what is the person's and nobody else's. */
export async function findKept(
  connection: Queryable,
  workspace: Workspace,
  rules: ErasureRules,
  isOfPerson: ErasureSlice['isOfPerson'],
  after: string | null,
): Promise<KeptLook> {
  const kept = await readKept(connection, workspace.id, after ?? lowestId, keptPerLook, keptBytesPerLook);
  const theirs = kept.filter(({ dialect, raw, request, detail }) =>
    findCandidates(raw, [request, detail], workspace, rules.get(dialect)).some(isOfPerson),
  );
  return { theirs, next: kept.at(-1)?.id };
}

/** The next bad events by id, as many as fit into so many bytes, but one at least. */
async function readKept(
  connection: Queryable,
  workspaceId: WorkspaceId,
  after: string,
  limit: number,
  bytes: number,
): Promise<KeptEvent[]> {
  const rows = await connection.query<{
    id: string;
    dialect: DialectName;
    detail: Record<string, unknown>;
    request: Record<string, unknown>;
    raw: Uint8Array;
    received_at: Date;
    replayed: boolean;
  }>(
    `select q.id, q.dialect, q.detail, q.request, q.raw, q.received_at, q.replayed_at is not null as replayed
       from (select id, sum(octet_length(raw)) over (order by id) as bytes, row_number() over (order by id) as place
               from (select id, raw from quarantine where workspace_id = $1 and id > $2 order by id limit $3) next) sized
       join quarantine q on q.workspace_id = $1 and q.id = sized.id
      where sized.bytes <= $4 or sized.place = 1
      order by q.id`,
    [workspaceId, after, limit, bytes],
  );
  return rows.map(({ received_at: receivedAt, ...row }) => ({ ...row, receivedAt }));
}
