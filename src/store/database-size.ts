import type { Queryable } from './queryable.ts';

/** What the database of this connection takes on its server's disk. */
export async function databaseBytes(connection: Queryable): Promise<number | undefined> {
  const [row] = await connection.query<{ bytes: number }>(
    'select pg_database_size(current_database()) as bytes',
  );
  return row?.bytes;
}
