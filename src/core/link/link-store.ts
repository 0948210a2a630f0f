import { arrayLiteral } from '../../store/parameters.ts';
import type { Queryable } from '../../store/queryable.ts';
import type { WorkspaceId } from '../workspace/workspace.ts';
import type { Link, LinkOrigin, LinkScope } from './link.ts';

export interface StoredLink extends Link {
  readonly createdAt: Date;
  readonly undoneAt: Date | null;
}

interface LinkRow {
  id: string;
  first_profile: string;
  second_profile: string;
  scope: LinkScope;
  origin: LinkOrigin;
  evidence: string;
  exclusive: boolean;
  /** Joined by commas. */
  rivals: string;
  created_seq: number;
  created_at: Date;
  undone_at: Date | null;
}

const columns =
  "id, first_profile, second_profile, scope, origin, evidence, exclusive, array_to_string(rivals, ',') as rivals, created_seq, created_at, undone_at";

function fromRow(row: LinkRow): StoredLink {
  return {
    id: row.id,
    firstProfile: row.first_profile,
    secondProfile: row.second_profile,
    scope: row.scope,
    origin: row.origin,
    evidence: row.evidence,
    exclusive: row.exclusive,
    rivals: row.rivals === '' ? [] : row.rivals.split(','),
    createdSeq: row.created_seq,
    createdAt: row.created_at,
    undoneAt: row.undone_at,
  };
}

/** All links, undone ones too, whose first profile is one of these. */
export async function readLinksByFirst(
  connection: Queryable,
  workspaceId: WorkspaceId,
  profileIds: readonly string[],
): Promise<StoredLink[]> {
  const rows = await connection.query<LinkRow>(
    `select ${columns} from link where workspace_id = $1 and first_profile = any($2::text::uuid[])`,
    [workspaceId, arrayLiteral(profileIds)],
  );
  return rows.map(fromRow);
}

/** How many claims were ever made on each profile, undone ones too, counted no further than `most`. */
export async function countClaimsOn(
  connection: Queryable,
  workspaceId: WorkspaceId,
  profileIds: readonly string[],
  most: number,
): Promise<Map<string, number>> {
  const rows = await connection.query<{ id: string; total: number }>(
    `select k.id, count(*) as total
       from unnest($2::text::uuid[]) as k (id)
      cross join lateral (select from link
                           where workspace_id = $1 and second_profile = k.id and origin = 'claim' limit $3) l
      group by k.id`,
    [workspaceId, arrayLiteral(profileIds), most],
  );
  return new Map(rows.map((row) => [row.id, row.total]));
}

/** The links at either end of these profiles, undone ones too, oldest first. */
export async function readLinksOfProfiles(
  connection: Queryable,
  workspaceId: WorkspaceId,
  profileIds: readonly string[],
): Promise<StoredLink[]> {
  const rows = await connection.query<LinkRow>(
    `select ${columns} from link
      where workspace_id = $1
        and (first_profile = any($2::text::uuid[]) or second_profile = any($2::text::uuid[]))
      order by created_seq`,
    [workspaceId, arrayLiteral(profileIds)],
  );
  return rows.map(fromRow);
}

/** Undefined, too, when its profiles are deleted: what a record that is gone was made of says whose its events are, and stays. */
export async function readLink(
  connection: Queryable,
  workspaceId: WorkspaceId,
  id: string,
): Promise<StoredLink | undefined> {
  const [row] = await connection.query<LinkRow>(
    `select ${columns} from link l
      where workspace_id = $1 and id = $2
        and not exists (select from profile where workspace_id = $1 and id = l.first_profile and deleted_at is not null)`,
    [workspaceId, id],
  );
  return row && fromRow(row);
}

export async function insertLinks(
  connection: Queryable,
  workspaceId: WorkspaceId,
  links: readonly Link[],
  now: Date,
): Promise<void> {
  await connection.query(
    `insert into link (workspace_id, created_at, id, first_profile, second_profile, scope, origin, evidence, exclusive, created_seq, rivals)
     select h.workspace_id, $2::timestamptz, l.id, l.first_profile, l.second_profile, l.scope, l.origin, l.evidence, l.exclusive,
            l.created_seq, l.rivals::uuid[]
       from workspace_head h,
            unnest($3::text::uuid[], $4::text::uuid[], $5::text::uuid[], $6::text::text[], $7::text::text[], $8::text::text[],
                   $9::text::boolean[], $10::text::bigint[], $11::text::text[])
              as l (id, first_profile, second_profile, scope, origin, evidence, exclusive, created_seq, rivals)
      where h.workspace_id = $1`,
    [
      workspaceId,
      now,
      arrayLiteral(links.map((link) => link.id)),
      arrayLiteral(links.map((link) => link.firstProfile)),
      arrayLiteral(links.map((link) => link.secondProfile)),
      arrayLiteral(links.map((link) => link.scope)),
      arrayLiteral(links.map((link) => link.origin)),
      arrayLiteral(links.map((link) => link.evidence)),
      arrayLiteral(links.map((link) => String(link.exclusive))),
      arrayLiteral(links.map((link) => link.createdSeq)),
      arrayLiteral(links.map((link) => arrayLiteral(link.rivals))),
    ],
  );
}

/** Takes links out for good, as if they had never been made. */
export async function deleteLinks(
  connection: Queryable,
  workspaceId: WorkspaceId,
  ids: readonly string[],
): Promise<void> {
  await connection.query('delete from link where workspace_id = $1 and id = any($2::text::uuid[])', [
    workspaceId,
    arrayLiteral(ids),
  ]);
}

/** Takes out every link of these profiles, undone ones too. Answers which those were. */
export async function deleteLinksOfProfiles(
  connection: Queryable,
  workspaceId: WorkspaceId,
  profileIds: readonly string[],
): Promise<{ id: string; undone: boolean }[]> {
  return connection.query<{ id: string; undone: boolean }>(
    `delete from link
      where workspace_id = $1 and (first_profile = any($2::text::uuid[]) or second_profile = any($2::text::uuid[]))
      returning id, undone_at is not null as undone`,
    [workspaceId, arrayLiteral(profileIds)],
  );
}

/** Marks a link undone (with the seq of that change) or, with nulls, active again. */
export async function setLinkUndone(
  connection: Queryable,
  workspaceId: WorkspaceId,
  id: string,
  undone: { seq: number; at: Date } | null,
): Promise<void> {
  await connection.query(
    'update link set undone_seq = $3, undone_at = $4 where workspace_id = $1 and id = $2',
    [workspaceId, id, undone?.seq ?? null, undone?.at ?? null],
  );
}
