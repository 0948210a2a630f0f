import { inTransaction } from '../../src/store/transaction.ts';
import type { TestDatabase } from './database.ts';

/**
 * Makes a database look like a Citus cluster's coordinator with two workers: what Throughline asks of Citus is there under the same names, as plain tables
 * and functions that note what they are told, and the rows stay where they are. So it shows that the calls are made, and what is made of the answers;
 * that Citus does as its documentation says is shown by a cluster alone (docs/citus.md). Connections of later find it.
 */
export async function standInForCitus({ database, target }: TestDatabase): Promise<{ readonly url: string }> {
  await inTransaction(database, async (tx) => {
    const [here] = await tx.query<{ name: string }>('select quote_ident(current_database()) as name');
    await tx.query(`
      -- What is in public comes before the catalogue of the server.
      alter database ${here?.name} set search_path = public, pg_catalog;
      create table public.pg_extension (extname text);
      insert into public.pg_extension values ('citus');
      create table pg_dist_local_group (groupid integer);
      insert into pg_dist_local_group values (0);
      create table pg_dist_node (nodeid integer, groupid integer, nodename text, nodeport integer, noderole text, isactive boolean,
                                 shouldhaveshards boolean);
      insert into pg_dist_node values (1, 0, 'localhost', 5432, 'primary', true, false), (2, 1, 'one', 5433, 'primary', true, true),
                                      (3, 2, 'two', 5434, 'primary', true, true);
      create table pg_dist_partition (logicalrelid regclass, partmethod "char", colocationid integer, repmodel "char");
      create table pg_dist_shard (logicalrelid regclass, shardid bigint, shardminvalue text);
      create table pg_dist_placement (shardid bigint, groupid integer);
      create table told (what text);
      create sequence shard_number start 102000;
      create function create_reference_table(regclass) returns void language sql as
        $$ insert into pg_dist_partition values ($1, 'n', 2, 't') $$;
      create function create_distributed_table(regclass, text, colocate_with text default null) returns void language sql as $$
        insert into pg_dist_partition values ($1, 'h', 1, 's');
        insert into pg_dist_shard select $1, nextval('shard_number'), n::text from generate_series(0, 1) as n;
        insert into pg_dist_placement select shardid, 1 + shardminvalue::integer from pg_dist_shard where logicalrelid = $1 $$;
      create function undistribute_table(regclass) returns void language sql as
        $$ delete from pg_dist_partition where logicalrelid = $1 $$;
      create function citus_add_local_table_to_metadata(regclass) returns void language sql as
        $$ insert into pg_dist_partition values ($1, 'n', 0, 's') $$;
      create function get_shard_id_for_distribution_column(regclass, integer) returns bigint stable language sql as $$
        select shardid from pg_dist_shard where logicalrelid = $1 and shardminvalue in (($2 % 2)::text, 'own ' || $2)
         order by shardminvalue desc limit 1 $$;
      create view citus_shards as
        select s.logicalrelid as table_name, s.shardid, n.nodename, n.nodeport, 1000::bigint as shard_size
          from pg_dist_shard s join pg_dist_placement p using (shardid) join pg_dist_node n using (groupid);
      create function citus_move_shard_placement(bigint, text, integer, text, integer, shard_transfer_mode text default 'auto')
        returns void language sql as $$
        insert into told values (concat_ws(' ', 'move', $1, $2, $3, $4, $5, $6));
        update pg_dist_placement set groupid = (select groupid from pg_dist_node where nodename = $4 and nodeport = $5)
         where shardid in (select b.shardid from pg_dist_shard a join pg_dist_shard b using (shardminvalue) where a.shardid = $1) $$;
      create function isolate_tenant_to_new_shard(regclass, integer, text, shard_transfer_mode text default 'auto')
        returns bigint language plpgsql as $$
        begin
          insert into told values (concat_ws(' ', 'isolate', $1, $2, $3, $4));
          if exists (select from pg_dist_shard where shardminvalue = 'own ' || $2) then
            raise 'table % has already been isolated for the given value', $1 using errcode = '22023';
          end if;
          insert into pg_dist_shard select logicalrelid, nextval('shard_number'), 'own ' || $2 from pg_dist_partition where partmethod = 'h';
          insert into pg_dist_placement select shardid, 1 from pg_dist_shard where shardminvalue = 'own ' || $2;
          return 1;
        end $$;
      create function truncate_local_data_after_distributing_table(regclass) returns void language sql as
        $$ insert into told values ('empty ' || $1::text) $$;
      create function citus_check_connection_to_node(text, integer) returns boolean language sql as $$ select $1 <> 'two' $$;
    `);
  });
  return { url: addressOf(target) };
}

/** Takes away the nodes of those workspaces whose numbers are in the table `away` from now on: who asks for their rows hears what Citus says. */
export async function letNodesGo({ database }: TestDatabase): Promise<void> {
  await inTransaction(database, (tx) =>
    tx.query(`
      create table away (workspace_id integer);
      create function is_reached(integer) returns boolean language plpgsql as $$
        begin
          if exists (select from away where workspace_id = $1) then
            raise 'connection to the remote node postgres@two:5434 failed' using errcode = '08006';
          end if;
          return true;
        end $$;
      alter table workspace_head rename to workspace_head_rows;
      create view workspace_head as select * from workspace_head_rows where is_reached(workspace_id);
    `),
  );
}

function addressOf({ url, options }: TestDatabase['target']): string {
  if (url !== undefined) return url;
  const { host, port, database, user } = options;
  const query = new URLSearchParams({ host: String(host), port: String(port) });
  return `postgres://${user}@localhost/${database}?${query}`;
}
