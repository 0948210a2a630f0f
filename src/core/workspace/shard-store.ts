import { onlyRow, type Queryable } from '../../store/queryable.ts';
import type { WorkspaceId } from './workspace.ts';

/** A database server that holds workspaces. */
export interface Shard {
  readonly id: string;
  readonly name: string;
}

/** Where nothing is distributed, all workspaces are in the one database. */
export const onlyShard: Shard = { id: 'main', name: 'main' };

/** What decides where workspaces are. */
export interface ShardedDatabase extends Queryable {
  readonly capabilities: { readonly distributesTables: boolean };
}

const nameOfNode = `n.nodename || ':' || n.nodeport`;
const nodeOfWorkspace = (
  id: string,
) => `select ${nameOfNode} from pg_dist_placement p join pg_dist_node n on n.groupid = p.groupid
   where p.shardid = get_shard_id_for_distribution_column('workspace_head', ${id}) and n.noderole = 'primary' limit 1`;

/** The servers that hold workspaces. */
export async function listShards(database: ShardedDatabase): Promise<Shard[]> {
  if (!database.capabilities.distributesTables) return [onlyShard];
  const rows = await database.query<{ name: string }>(
    `select ${nameOfNode} as name from pg_dist_node n
      where n.noderole = 'primary' and n.isactive and n.shouldhaveshards order by n.nodeid`,
  );
  return rows.map(({ name }) => ({ id: name, name }));
}

/** The id of the server that a workspace is on. */
export async function shardOf(database: ShardedDatabase, workspaceId: WorkspaceId): Promise<string> {
  if (!database.capabilities.distributesTables) return onlyShard.id;
  const rows = await database.query<{ name: string }>(`select (${nodeOfWorkspace('$1::integer')}) as name`, [
    workspaceId,
  ]);
  return onlyRow(rows).name;
}

/** Numbers go to servers by their hash, so that one in so many is on each. */
const numbersTried = 10_000;

/** The next number of a workspace behind `last` that is on a server. Of a server that has none, undefined. */
export async function nextNumberOn(
  connection: Queryable,
  shardId: string,
  last: number,
): Promise<number | undefined> {
  const [row] = await connection.query<{ id: number }>(
    `select c.id from generate_series($1::integer + 1, $1::integer + ${numbersTried}) as c (id)
      where (${nodeOfWorkspace('c.id')}) = $2 order by c.id limit 1`,
    [last, shardId],
  );
  return row?.id;
}
