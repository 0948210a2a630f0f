import { mkdir } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { pino } from 'pino';
import { buildApp } from '../src/app.ts';
import { loadConfig } from '../src/config.ts';
import { createWorkspace } from '../src/core/workspace/create-workspace.ts';
import { issueKeys } from '../src/core/workspace/issue-keys.ts';
import { dialects } from '../src/dialects/registry.ts';
import { EventBody } from '../src/dialects/webengage/api/events/schemas.ts';
import { QueuedReply } from '../src/dialects/webengage/api/schemas.ts';
import { startSettling } from '../src/jobs/settle-attribution.ts';
import { inBulkLoad } from '../src/store/bulk-load.ts';
import { openDatabase } from '../src/store/database.ts';
import { databaseBytes } from '../src/store/database-size.ts';
import { migrate } from '../src/store/migrate.ts';
import { inSnapshot } from '../src/store/snapshot.ts';

/**
 * The server under measurement, in a process of its own: the real app on the embedded database with its real settings, and beside
 * it a handler that does nothing, with the same schema. Arguments: the data folder. Talks to its parent over IPC.
 */
const config = loadConfig(process.env, ['--port', '0', '--data-dir', process.argv[2]!]);
const logger = pino({ level: 'error' });
await mkdir(config.dataDir, { recursive: true });
const database = await openDatabase(config, logger);
await migrate(database);
const { http, services, close } = await buildApp(config, database, logger);
// What goes on beside the requests of a server.
services.jobs.start();
const settling = startSettling({ ...services, database });
const queued = { response: { status: 'queued' as const } };
http.post('/noop', { schema: { body: EventBody, response: { 201: QueuedReply } } }, async (_request, reply) =>
  reply.code(201).send(queued),
);
const now = new Date();
const created = await createWorkspace(
  database,
  { slug: 'bench', name: 'Bench', timezone: 'Europe/Paris', currency: 'EUR' },
  now,
  dialects,
);
const credentials = await issueKeys(database, dialects, created, now);
const address = await http.listen({ host: '127.0.0.1', port: 0 });

process.on(
  'message',
  async (message: { ask: 'memory' | 'disk' | 'processor' | 'copy' | 'stop'; rows?: number }) => {
    if (message.ask === 'memory') {
      process.send!({
        peakMegabytes: process.resourceUsage().maxRSS / 1024,
        megabytes: process.memoryUsage.rss() / 2 ** 20,
      });
    } else if (message.ask === 'disk') {
      process.send!(await measureDisk());
    } else if (message.ask === 'processor') {
      const { user, system } = process.cpuUsage();
      process.send!({ milliseconds: (user + system) / 1000 });
    } else if (message.ask === 'copy') {
      process.send!({ milliseconds: await copyRows(message.rows!) });
    } else {
      await stop();
    }
  },
);
process.send!({ address, credentials });

async function measureDisk(): Promise<{ bytes: number; events: number }> {
  const [row] = await database.query<{ events: number }>('select count(*) as events from event');
  return { bytes: (await databaseBytes(database)) ?? 0, events: row?.events ?? 0 };
}

async function stop(): Promise<void> {
  await settling.stop();
  await close();
  await database.close();
  process.exit(0);
}

/**
 * COPY of rows that the bench has stored into the same table again, under a workspace number that nobody has: what PostgreSQL alone
 * can do with these rows and these indexes.
 */
async function copyRows(rows: number): Promise<number> {
  const columns =
    'type_id, seq, occurred_at, received_at, id, profile_id, source_id, type_version, version, context, updated_at, properties, detail';
  const selected = `select 0 as workspace_id, ${columns} from event order by seq limit ${Number(rows)}`;
  const chunks = await inSnapshot(database, async (snapshot) =>
    Array.fromAsync(await snapshot.copyOut(`copy (${selected}) to stdout`)),
  );
  let started = 0;
  await inBulkLoad(database, async (load) => {
    started = performance.now();
    await pipeline(chunks, await load.copyIn(`copy event (workspace_id, ${columns}) from stdin`));
  });
  return performance.now() - started;
}
