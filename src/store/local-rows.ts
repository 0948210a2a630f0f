import type { OpenDatabase } from './database.ts';

/**
 * Takes away the rows that tables had on the coordinator before they were distributed: Citus copies them to the shards, hides them, and leaves them on
 * the disk, where neither retention nor erasure comes to them. Does nothing where there are none. Answers the tables.
 */
export async function emptyDistributedTables(database: OpenDatabase): Promise<string[]> {
  if (!database.capabilities.distributesTables) return [];
  const tables = await database.query<{ name: string }>(
    `select p.logicalrelid::regclass::text as name from pg_dist_partition p
      where p.partmethod in ('h', 'n') and pg_relation_size(p.logicalrelid) > 0 order by name`,
  );
  for (const { name } of tables)
    await database.query('select truncate_local_data_after_distributing_table($1::text::regclass)', [name]);
  return tables.map(({ name }) => name);
}
