import type { Database } from '../../store/database.ts';
import { onlyRow, type Queryable } from '../../store/queryable.ts';
import type { WorkspaceId } from '../workspace/workspace.ts';

/** What a Citus cluster says of itself: its nodes, and where the tables are. Asked of the coordinator's own catalogue, so that no worker has to answer. */
export interface Cluster {
  readonly nodes: readonly ClusterNode[];
  /** Shards of each table that is distributed. */
  readonly shards: number;
  readonly distributed: number;
  readonly onEveryNode: number;
  /** The coordinator's alone. */
  readonly onCoordinator: number;
  /** Tables whose rows can't be told apart where a shard is moved while it is written. */
  readonly unidentified: readonly string[];
}

export interface ClusterNode {
  readonly host: string;
  readonly port: number;
  readonly isCoordinator: boolean;
  readonly holdsShards: boolean;
}

export async function readCluster(connection: Queryable): Promise<Cluster> {
  const [nodes, tables, unidentified] = await Promise.all([
    connection.query<ClusterNode>(
      `select nodename as host, nodeport as port, groupid = 0 as "isCoordinator", shouldhaveshards as "holdsShards"
         from pg_dist_node where noderole = 'primary' and isactive order by nodeid`,
    ),
    connection.query<{ distributed: number; on_every_node: number; on_coordinator: number; shards: number }>(
      `select count(*) filter (where partmethod = 'h') as distributed, count(*) filter (where partmethod = 'n' and repmodel = 't') as on_every_node,
              count(*) filter (where partmethod = 'n' and repmodel <> 't') as on_coordinator,
              (select count(*) from pg_dist_shard where logicalrelid = 'workspace_head'::regclass) as shards
         from pg_dist_partition`,
    ),
    connection.query<{ name: string }>(
      `select c.relname::text as name from pg_dist_partition p join pg_class c on c.oid = p.logicalrelid
        where p.partmethod = 'h' and c.relkind = 'r' and not c.relispartition and c.relreplident not in ('i', 'f')
          and not exists (select from pg_index i where i.indrelid = c.oid and i.indisprimary)
        order by name`,
    ),
  ]);
  const { on_every_node: onEveryNode, on_coordinator: onCoordinator, ...counts } = onlyRow(tables);
  return {
    nodes,
    ...counts,
    onEveryNode,
    onCoordinator,
    unidentified: unidentified.map(({ name }) => name),
  };
}

/** Where a workspace is. */
export interface WorkspacePlace {
  readonly workspaceId: WorkspaceId;
  readonly slug: string;
  /** Of the table workspace_head; those of the other tables go along with it. */
  readonly shardId: number;
  readonly host: string;
  readonly port: number;
  /** Of all tables, what they take for all workspaces of the shard; null where the node does not say. */
  readonly bytes: number | null;
}

/** Of all workspaces, by node and shard. */
export async function listWorkspacePlaces(connection: Queryable): Promise<WorkspacePlace[]> {
  return connection.query<WorkspacePlace>(
    `with place as materialized (
       select id, slug, get_shard_id_for_distribution_column('workspace_head', id) as shard_id from workspace),
     size as materialized (
       select d.shardminvalue as lowest, sum(s.shard_size)::bigint as bytes
         from citus_shards s
         join pg_dist_shard d on d.shardid = s.shardid
         join pg_dist_partition p on p.logicalrelid = d.logicalrelid
         join pg_dist_partition h on h.logicalrelid = 'workspace_head'::regclass and h.colocationid = p.colocationid
        group by d.shardminvalue)
     select w.id as "workspaceId", w.slug, w.shard_id as "shardId", n.nodename as host, n.nodeport as port, size.bytes
       from place w
       join pg_dist_placement p on p.shardid = w.shard_id
       join pg_dist_node n on n.groupid = p.groupid and n.noderole = 'primary'
       join pg_dist_shard d on d.shardid = w.shard_id
       left join size on size.lowest = d.shardminvalue
      order by host, port, "shardId", w.slug`,
  );
}

/**
 * Gives a workspace a shard of its own, with all tables. Blocks writes of all workspaces meanwhile: the way that does not was tried on Citus 13.2,
 * and never ended under load (docs/citus.md).
 */
export async function isolateWorkspace(
  database: Pick<Database, 'query'>,
  workspaceId: WorkspaceId,
): Promise<void> {
  await database.query(
    `select isolate_tenant_to_new_shard('workspace_head', $1::integer, 'CASCADE', shard_transfer_mode := 'block_writes')`,
    [workspaceId],
    { once: true },
  );
}

/** Moves a shard, with those of all tables, while it is written. */
export async function moveShard(
  database: Pick<Database, 'query'>,
  { shardId, host, port }: Pick<WorkspacePlace, 'shardId' | 'host' | 'port'>,
  to: ClusterNode,
): Promise<void> {
  await database.query(
    'select citus_move_shard_placement($1::bigint, $2::text, $3::integer, $4::text, $5::integer)',
    [shardId, host, port, to.host, to.port],
    { once: true },
  );
}
