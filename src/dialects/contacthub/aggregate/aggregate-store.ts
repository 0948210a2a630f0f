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
import { namedRecords } from '../projection/shown-rules.ts';

/** A record of an entry node as part of an aggregate's customer. */
export interface AggregatePart {
  readonly nodeId: number;
  readonly recordId: string;
  readonly customerId: string;
  /** The record's. */
  readonly createdSeq: number;
}

/** A customer of an aggregate as it is stored. */
export interface AggregateCustomer {
  readonly id: string;
  readonly nodeId: number;
  readonly createdSeq: number;
  readonly attributes: Attributes;
  readonly version: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/**
 * What a customer shows is made of so many of its parts, the oldest: one of each node that a workspace can have. More there are only where nodes
 * hold several who match, and one write would read them all.
 */
export const maximumJoined = maximumNodes;

interface PartRow {
  node_id: number;
  record_id: string;
  customer_id: string;
  created_seq: number;
}

function partOf(row: PartRow): AggregatePart {
  return {
    nodeId: row.node_id,
    recordId: row.record_id,
    customerId: row.customer_id,
    createdSeq: row.created_seq,
  };
}

/**
 * The known profiles of the records that profiles are part of, or have named, and what is stored of which customers these records are
 * parts of.
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
      `select a.* from (${namedRecords('$2')}) k
        cross join lateral (select node_id, record_id, customer_id, created_seq from aggregate_part
                             where workspace_id = $1 and record_id = k.id offset 0) a`,
      [workspaceId, ids],
    ),
  ]);
  return { profiles: profiles.map(profileFromRow), parts: parts.map(partOf) };
}

export async function upsertParts(
  connection: Queryable,
  workspaceId: WorkspaceId,
  parts: readonly AggregatePart[],
): Promise<void> {
  await connection.query(
    `insert into aggregate_part (workspace_id, node_id, record_id, customer_id, created_seq)
     select h.workspace_id, n.* from workspace_head h,
            unnest($2::text::integer[], $3::text::uuid[], $4::text::uuid[], $5::text::bigint[]) as n
      where h.workspace_id = $1
     on conflict (workspace_id, record_id, node_id)
        do update set customer_id = excluded.customer_id, created_seq = excluded.created_seq`,
    [
      workspaceId,
      arrayLiteral(parts.map((part) => part.nodeId)),
      arrayLiteral(parts.map((part) => part.recordId)),
      arrayLiteral(parts.map((part) => part.customerId)),
      arrayLiteral(parts.map((part) => part.createdSeq)),
    ],
  );
}

export async function deleteParts(
  connection: Queryable,
  workspaceId: WorkspaceId,
  parts: readonly AggregatePart[],
): Promise<void> {
  await connection.query(
    `delete from aggregate_part a using unnest($2::text::integer[], $3::text::uuid[]) as n (node_id, record_id)
      where a.workspace_id = $1 and a.node_id = n.node_id and a.record_id = n.record_id`,
    [
      workspaceId,
      arrayLiteral(parts.map((part) => part.nodeId)),
      arrayLiteral(parts.map((part) => part.recordId)),
    ],
  );
}

/** A known profile of a record that is part of a customer. */
export interface PartProfile {
  readonly customerId: string;
  readonly nodeId: number;
  readonly profile: Profile;
}

/** The profiles that customers are made of, the oldest part first; of each customer no more than `maximumJoined` parts. */
export async function readPartProfiles(
  connection: Queryable,
  workspaceId: WorkspaceId,
  customerIds: readonly string[],
): Promise<PartProfile[]> {
  const rows = await connection.query<
    ProfileRow & { customer_id: string; aggregate_id: number; part_seq: number }
  >(
    `select a.customer_id, a.node_id as aggregate_id, a.created_seq as part_seq, ${columnsOf('m', profileColumns)}
       from unnest($2::text::uuid[]) as k (id)
      cross join lateral (select customer_id, node_id, record_id, created_seq from aggregate_part
                           where workspace_id = $1 and customer_id = k.id order by created_seq limit ${maximumJoined}) a
      cross join lateral (select ${profileColumns} from profile
                           where workspace_id = $1 and record_id = a.record_id and not anonymous and deleted_at is null offset 0) m
      order by a.created_seq, (m.id = m.record_id) desc, m.created_seq`,
    [workspaceId, arrayLiteral(customerIds)],
  );
  return rows.map((row) => ({
    customerId: row.customer_id,
    nodeId: row.aggregate_id,
    profile: profileFromRow(row),
  }));
}

interface CustomerRow {
  id: string;
  node_id: number;
  created_seq: number;
  attributes: Attributes;
  version: number;
  created_at: Date;
  updated_at: Date;
}

/** Those of the ids that customers of aggregates have. */
export async function readCustomers(
  connection: Queryable,
  workspaceId: WorkspaceId,
  ids: readonly string[],
): Promise<AggregateCustomer[]> {
  const rows = await connection.query<CustomerRow>(
    `select id, node_id, created_seq, attributes, version, created_at, updated_at from aggregate_customer
      where workspace_id = $1 and id = any($2::text::uuid[])`,
    [workspaceId, arrayLiteral(ids)],
  );
  return rows.map((row) => ({
    id: row.id,
    nodeId: row.node_id,
    createdSeq: row.created_seq,
    attributes: row.attributes,
    version: row.version,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  }));
}

export async function upsertCustomers(
  connection: Queryable,
  workspaceId: WorkspaceId,
  customers: readonly AggregateCustomer[],
): Promise<void> {
  await connection.query(
    `insert into aggregate_customer (workspace_id, id, node_id, created_seq, version, created_at, updated_at, attributes)
     select h.workspace_id, n.* from workspace_head h,
            unnest($2::text::uuid[], $3::text::integer[], $4::text::bigint[], $5::text::bigint[], $6::text::timestamptz[],
                   $7::text::timestamptz[], string_to_array($8::text, E'\\x1e')::jsonb[]) as n
      where h.workspace_id = $1
     on conflict (workspace_id, id)
        do update set node_id = excluded.node_id, created_seq = excluded.created_seq, version = excluded.version,
                      created_at = excluded.created_at, updated_at = excluded.updated_at, attributes = excluded.attributes`,
    [
      workspaceId,
      arrayLiteral(customers.map(({ id }) => id)),
      arrayLiteral(customers.map(({ nodeId }) => nodeId)),
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

export async function deletePartsOfCustomers(
  connection: Queryable,
  workspaceId: WorkspaceId,
  customerIds: readonly string[],
): Promise<void> {
  await connection.query(
    'delete from aggregate_part where workspace_id = $1 and customer_id = any($2::text::uuid[])',
    [workspaceId, arrayLiteral(customerIds)],
  );
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
