import type postgres from 'postgres';
import { errorCode, StartupError } from '../startup-error.ts';
import type { BackendKind } from './capabilities.ts';

/** PostgreSQL 15, as `server_version_num` counts. */
const OLDEST_SERVER = 150_000;

/** What to hand the driver for a DATABASE_URL. Beside the usual forms, `?host=/folder` names a Unix socket, as in libpq. */
export function externalConnection(databaseUrl: string): {
  url: string;
  options: { host?: string; port?: number };
} {
  const url = new URL(databaseUrl);
  const host = url.searchParams.get('host');
  const port = url.searchParams.get('port');
  url.searchParams.delete('host');
  url.searchParams.delete('port');
  return { url: url.href, options: { ...(host && { host }), ...(port && { port: Number(port) }) } };
}

/**
 * Looks at the server behind a connection and says which backend it is.
 * @throws StartupError when it can't be reached or is too old
 */
export async function inspectServer(
  sql: postgres.Sql,
  name: string,
  oldest = OLDEST_SERVER,
): Promise<BackendKind> {
  try {
    const [server] = await sql<{ number: number; version: string; distributed: boolean }[]>`
      select current_setting('server_version_num')::integer as number, current_setting('server_version') as version,
             exists (select from pg_extension where extname = 'citus') as distributed`;
    if (!server || server.number < oldest) {
      throw new StartupError(
        `database too old: ${name} is PostgreSQL ${server?.version}, and ${Math.floor(oldest / 10_000)} or newer is needed`,
      );
    }
    if (!server.distributed) return 'external';
    const [local] = await sql<{ groupid: number }[]>`select groupid from pg_dist_local_group`;
    if (local?.groupid !== 0)
      throw new StartupError(`${name} is a worker of a Citus cluster: name its coordinator in DATABASE_URL`);
    return 'distributed';
  } catch (error) {
    if (error instanceof StartupError) throw error;
    throw new StartupError(`can't use the database ${name}: ${reasonOf(error)}`, { cause: error });
  }
}

function reasonOf(error: unknown): string {
  // A refused connection to a name with several addresses comes as an AggregateError with an empty message.
  const message = error instanceof Error ? error.message.split('\n')[0] : '';
  return message || errorCode(error) || 'no connection';
}
