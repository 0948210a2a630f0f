/** Opens the data folder given as argument, stores one row, prints the server's process id and waits for SIGTERM. */
import { pino } from 'pino';
import { openDatabase } from '../../src/store/database.ts';

const database = await openDatabase(
  { dataDir: process.argv[2] as string, databaseUrl: undefined, databasePoolSize: 2 },
  pino({ level: 'silent' }),
);
await database.query('create table if not exists held (id integer)');
await database.query('insert into held values (1)');
process.stdout.write(`${database.serverPid}\n`);
const keepAlive = setInterval(() => {}, 1000);
process.once('SIGTERM', async () => {
  clearInterval(keepAlive);
  await database.close();
});
