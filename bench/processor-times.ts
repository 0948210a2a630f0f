import { readFile } from 'node:fs/promises';
import type { BenchServer } from './bench-server.ts';

const millisecondsPerTick = 10;

/** Milliseconds that the connections of the database, and the server, have worked so far. As Linux tells it, in hundredths of seconds. */
export async function readProcessorTimes(server: BenchServer): Promise<{ database: number; node: number }> {
  const connections = await server.database.query<{ pid: number }>('select pid from pg_stat_activity');
  const each = await Promise.all(
    connections.map(async ({ pid }) => {
      const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
      const [user = 0, system = 0] =
        text?.slice(text.lastIndexOf(')')).split(' ').slice(12, 14).map(Number) ?? [];
      return (user + system) * millisecondsPerTick;
    }),
  );
  const { milliseconds } = await server.ask<{ milliseconds: number }>({ ask: 'processor' });
  return { database: each.reduce((sum, one) => sum + one, 0), node: milliseconds };
}
