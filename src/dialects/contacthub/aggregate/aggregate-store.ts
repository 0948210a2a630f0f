import type { Attributes } from '../../../core/profile/attributes.ts';
import {
  type Profile,
  type ProfileRow,
  profileColumns,
  profileFromRow,
} from '../../../core/profile/profile-store.ts';
import type { WorkspaceId } from '../../../core/workspace/workspace.ts';
import { columnsOf } from '../../../store/columns.ts';
import { arrayLiteral, joinDocuments } from '../../../store/parameters.ts';
import type { Queryable } from '../../../store/queryable.ts';
import { maximumNodes } from '../node/create-node.ts';
import { lookedUpBy, namedRecords } from '../projection/shown-rules.ts';

/** A profile of an entry node as part of an aggregate, by its record. */
export interface AggregatePart {
  readonly nodeId: number;
  readonly profileId: string;
  readonly recordId: string;
  /** The record's. */
  readonly createdSeq: number;
  /** Stands for what the record has alike with others who are one customer with it; null: it is of none. */
  readonly alike: string | null;
  /** The same of what the profile would have by itself, were it linked to nobody. */
  readonly own: string | null;
  /** The id that it brings along: a customer has the oldest of those of its parts. A fact, which nothing else tells. */
  readonly customerId: string;
  /** How old the id is: the seq with which the profile was created that it came with. */
  readonly since: number;
}

/** A customer of an aggregate as it is stored. */
export interface AggregateCustomer {
  readonly id: string;
  readonly nodeId: number;
  /** What its parts have alike. */
  readonly alike: string;
  readonly createdSeq: number;
  readonly attributes: Attributes;
  readonly version: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/**
 * What a customer shows is made of so many of its parts, those with the oldest ids: one of each node that a workspace can have. More there are
 * only where nodes hold several who match, and one write would read them all.
 */
export const maximumJoined = maximumNodes;

const partColumns = 'node_id, profile_id, record_id, created_seq, alike, own, customer_id, since';

interface PartRow {
  node_id: number;
  profile_id: string;
  record_id: string;
  created_seq: number;
  alike: string | null;
  own: string | null;
  customer_id: string;
  since: number;
}

function partOf(row: PartRow): AggregatePart {
  return {
    nodeId: row.node_id,
    profileId: row.profile_id,
    recordId: row.record_id,
    createdSeq: row.created_seq,
    alike: row.alike,
    own: row.own,
    customerId: row.customer_id,
    since: row.since,
  };
}

/**
 * The known profiles of the records that profiles are part of, or have named, and what is stored of all profiles of these records, and of
 * the given ones, as parts.
 */
export async function readRecordsAndParts(
  connection: Queryable,
  workspaceId: WorkspaceId,
  profileIds: readonly string[],
): Promise<{ profiles: Profile[]; parts: AggregatePart[] }> {
  const ids = arrayLiteral(profileIds);
  const [profiles, parts] = await Promise.all([
    connection.query<ProfileRow>(
      `select m.* from (${namedRecords('$2')}) k
        cross join lateral (select ${profileColumns} from profile
                             where workspace_id = $1 and record_id = k.id and not anonymous and deleted_at is null offset 0) m
        order by (m.id = m.record_id) desc, m.created_seq`,
      [workspaceId, ids],
    ),
    connection.query<PartRow>(
      `with named as materialized (${namedRecords('$2')})
       select a.* from (select id from named
                         union
                        select m.id from named k
                         cross join lateral (select id from profile
                                              where workspace_id = $1 and record_id = k.id and not anonymous offset 0) m) k
        cross join lateral (select ${partColumns} from aggregate_part where ${lookedUpBy('profile_id', 'k.id')} offset 0) a`,
      [workspaceId, ids],
    ),
  ]);
  return { profiles: profiles.map(profileFromRow), parts: parts.map(partOf) };
}

/** Those but some that had something alike with others, by their profiles or by their records; of each the ones with the oldest ids. */
export async function readMates(
  connection: Queryable,
  workspaceId: WorkspaceId,
  alike: readonly string[],
  except: readonly AggregatePart[],
): Promise<AggregatePart[]> {
  const oldest = (condition: string) => `
          (select ${partColumns} from aggregate_part
            where workspace_id = $1 and ${condition} and not profile_id = any($3::text::uuid[]) order by since limit 1)`;
  const rows = await connection.query<PartRow>(
    `select m.* from unnest($2::text::uuid[]) as k (id)
      cross join lateral (
          ${oldest('alike = k.id')}
          union all
          ${oldest('alike = k.id and own = k.id')}
          union all
          ${oldest('own = k.id and own is distinct from alike')}) m`,
    [workspaceId, arrayLiteral(alike), arrayLiteral(except.map(({ profileId }) => profileId))],
  );
  return rows.map(partOf);
}

export async function upsertParts(
  connection: Queryable,
  workspaceId: WorkspaceId,
  parts: readonly AggregatePart[],
): Promise<void> {
  await connection.query(
    `insert into aggregate_part (workspace_id, ${partColumns})
     select h.workspace_id, n.* from workspace_head h,
            unnest($2::text::integer[], $3::text::uuid[], $4::text::uuid[], $5::text::bigint[], $6::text::uuid[], $7::text::uuid[],
                   $8::text::uuid[], $9::text::bigint[]) as n
      where h.workspace_id = $1
     on conflict (workspace_id, profile_id, node_id)
        do update set record_id = excluded.record_id, created_seq = excluded.created_seq, alike = excluded.alike, own = excluded.own,
                      customer_id = excluded.customer_id, since = excluded.since`,
    [
      workspaceId,
      arrayLiteral(parts.map((part) => part.nodeId)),
      arrayLiteral(parts.map((part) => part.profileId)),
      arrayLiteral(parts.map((part) => part.recordId)),
      arrayLiteral(parts.map((part) => part.createdSeq)),
      arrayLiteral(parts.map((part) => part.alike)),
      arrayLiteral(parts.map((part) => part.own)),
      arrayLiteral(parts.map((part) => part.customerId)),
      arrayLiteral(parts.map((part) => part.since)),
    ],
  );
}

export async function deleteParts(
  connection: Queryable,
  workspaceId: WorkspaceId,
  parts: readonly AggregatePart[],
): Promise<void> {
  await connection.query(
    `delete from aggregate_part a using unnest($2::text::integer[], $3::text::uuid[]) as n (node_id, profile_id)
      where a.workspace_id = $1 and a.node_id = n.node_id and a.profile_id = n.profile_id`,
    [
      workspaceId,
      arrayLiteral(parts.map((part) => part.nodeId)),
      arrayLiteral(parts.map((part) => part.profileId)),
    ],
  );
}

/** A known profile of a record that is part of a customer. */
export interface PartProfile {
  readonly alike: string;
  /** The customer's. */
  readonly customerId: string;
  readonly nodeId: number;
  readonly profile: Profile;
}

const allAlike = 'select k.id from unnest($2::text::uuid[]) as k (id)';
const alikeOfCustomers =
  'select alike as id from aggregate_customer where workspace_id = $1 and id = any($2::text::uuid[])';

/** The profiles that make customers, by what these have alike, the part with the oldest id first; of each no more than `maximumJoined` parts. */
export function readPartProfiles(
  connection: Queryable,
  workspaceId: WorkspaceId,
  alike: readonly string[],
): Promise<PartProfile[]> {
  return queryPartProfiles(connection, workspaceId, allAlike, alike);
}

/** The same of a customer that is there. */
export function readPartProfilesOf(
  connection: Queryable,
  workspaceId: WorkspaceId,
  customerId: string,
): Promise<PartProfile[]> {
  return queryPartProfiles(connection, workspaceId, alikeOfCustomers, [customerId]);
}

async function queryPartProfiles(
  connection: Queryable,
  workspaceId: WorkspaceId,
  named: string,
  ids: readonly string[],
): Promise<PartProfile[]> {
  const rows = await connection.query<
    ProfileRow & { alike: string; customer_id: string; aggregate_id: number; since: number }
  >(
    `select k.id as alike, a.customer_id, a.node_id as aggregate_id, a.since, ${columnsOf('m', profileColumns)}
       from (${named}) k
      cross join lateral (
        select distinct on (record_id) record_id, node_id, customer_id, since
          from (select record_id, node_id, customer_id, since from aggregate_part
                 where workspace_id = $1 and alike = k.id order by since limit ${maximumJoined}) b
         order by record_id, since) a
      cross join lateral (select ${profileColumns} from profile
                           where workspace_id = $1 and record_id = a.record_id and not anonymous and deleted_at is null offset 0) m
      order by a.since, (m.id = m.record_id) desc, m.created_seq`,
    [workspaceId, arrayLiteral(ids)],
  );
  return rows.map((row) => ({
    alike: row.alike,
    customerId: row.customer_id,
    nodeId: row.aggregate_id,
    profile: profileFromRow(row),
  }));
}

const customerColumns = 'id, node_id, alike, created_seq, version, created_at, updated_at, attributes';

interface CustomerRow {
  id: string;
  node_id: number;
  alike: string;
  created_seq: number;
  attributes: Attributes;
  version: number;
  created_at: Date;
  updated_at: Date;
}

/** Those that are stored with one of these ids, or as having one of these alike. */
export async function readCustomers(
  connection: Queryable,
  workspaceId: WorkspaceId,
  names: readonly string[],
): Promise<AggregateCustomer[]> {
  const rows = await connection.query<CustomerRow>(
    `select ${customerColumns} from aggregate_customer where workspace_id = $1 and id = any($2::text::uuid[])
      union all
     select ${customerColumns} from aggregate_customer
      where workspace_id = $1 and alike = any($2::text::uuid[]) and not id = any($2::text::uuid[])`,
    [workspaceId, arrayLiteral(names)],
  );
  return rows.map((row) => ({
    id: row.id,
    nodeId: row.node_id,
    alike: row.alike,
    createdSeq: row.created_seq,
    attributes: row.attributes,
    version: row.version,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  }));
}

/** The ids of those that are stored as having these alike. */
export async function readCustomerIds(
  connection: Queryable,
  workspaceId: WorkspaceId,
  alike: readonly string[],
): Promise<string[]> {
  const rows = await connection.query<{ id: string }>(
    'select id from aggregate_customer where workspace_id = $1 and alike = any($2::text::uuid[])',
    [workspaceId, arrayLiteral(alike)],
  );
  return rows.map(({ id }) => id);
}

export async function upsertCustomers(
  connection: Queryable,
  workspaceId: WorkspaceId,
  customers: readonly AggregateCustomer[],
): Promise<void> {
  await connection.query(
    `insert into aggregate_customer (workspace_id, ${customerColumns})
     select h.workspace_id, n.* from workspace_head h,
            unnest($2::text::uuid[], $3::text::integer[], $4::text::uuid[], $5::text::bigint[], $6::text::bigint[],
                   $7::text::timestamptz[], $8::text::timestamptz[], string_to_array($9::text, E'\\x1e')::jsonb[]) as n
      where h.workspace_id = $1
     on conflict (workspace_id, id)
        do update set node_id = excluded.node_id, alike = excluded.alike, created_seq = excluded.created_seq, version = excluded.version,
                      created_at = excluded.created_at, updated_at = excluded.updated_at, attributes = excluded.attributes`,
    [
      workspaceId,
      arrayLiteral(customers.map(({ id }) => id)),
      arrayLiteral(customers.map(({ nodeId }) => nodeId)),
      arrayLiteral(customers.map(({ alike }) => alike)),
      arrayLiteral(customers.map(({ createdSeq }) => createdSeq)),
      arrayLiteral(customers.map(({ version }) => version)),
      arrayLiteral(customers.map(({ createdAt }) => createdAt.toISOString())),
      arrayLiteral(customers.map(({ updatedAt }) => updatedAt.toISOString())),
      joinDocuments(customers.map(({ attributes }) => JSON.stringify(attributes))),
    ],
  );
}

export async function deleteCustomers(
  connection: Queryable,
  workspaceId: WorkspaceId,
  ids: readonly string[],
): Promise<void> {
  await connection.query(
    'delete from aggregate_customer where workspace_id = $1 and id = any($2::text::uuid[])',
    [workspaceId, arrayLiteral(ids)],
  );
}

/** Deletes some parts of an aggregate; answers how many. */
export async function deletePartsOfAggregate(
  connection: Queryable,
  workspaceId: WorkspaceId,
  nodeId: number,
  limit: number,
): Promise<number> {
  const rows = await connection.query(
    `delete from aggregate_part
      where workspace_id = $1 and node_id = $2
        and profile_id = any(array(select profile_id from aggregate_part where workspace_id = $1 and node_id = $2 limit $3::bigint))
      returning profile_id`,
    [workspaceId, nodeId, limit],
  );
  return rows.length;
}

/** Ids of some customers of an aggregate. */
export async function listCustomersOfAggregate(
  connection: Queryable,
  workspaceId: WorkspaceId,
  nodeId: number,
  limit: number,
): Promise<string[]> {
  const rows = await connection.query<{ id: string }>(
    'select id from aggregate_customer where workspace_id = $1 and node_id = $2 order by id limit $3',
    [workspaceId, nodeId, limit],
  );
  return rows.map(({ id }) => id);
}

/** Names of records of nodes, in order, from behind `after`. */
export async function listRecordsOfNodes(
  connection: Queryable,
  workspaceId: WorkspaceId,
  nodeIds: readonly number[],
  after: string | null,
  limit: number,
): Promise<string[]> {
  const rows = await connection.query<{ id: string }>(
    `select id from profile
      where workspace_id = $1 and record_id = id and not anonymous and deleted_at is null and node_id = any($2::text::integer[])
        and ($3::text is null or id > $3::text::uuid)
      order by id limit $4`,
    [workspaceId, arrayLiteral(nodeIds), after, limit],
  );
  return rows.map(({ id }) => id);
}

/** How many customers nodes have together, as of their last changes. */
export async function countCustomersOf(
  connection: Queryable,
  workspaceId: WorkspaceId,
  nodeIds: readonly number[],
): Promise<number> {
  const rows = await connection.query<{ total: number | null }>(
    `select sum(total)::bigint as total from customer_count
      where workspace_id = $1 and node_id = any($2::text::integer[])`,
    [workspaceId, arrayLiteral(nodeIds)],
  );
  return rows[0]?.total ?? 0;
}
