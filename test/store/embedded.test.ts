import assert from 'node:assert/strict';
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, lstatSync, readFileSync, statSync } from 'node:fs';
import { appendFile, chmod, cp, mkdir, mkdtemp, readlink, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, before, beforeEach, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { pino } from 'pino';
import { readPostmasterFile } from '../../src/store/backends/embedded/postmaster-file.ts';
import {
  type EmbeddedServer,
  findRunningEmbedded,
  startEmbedded,
} from '../../src/store/backends/embedded.ts';
import { type OpenDatabase, openDatabase } from '../../src/store/database.ts';
import { openProbe } from '../../src/store/driver.ts';
import { StartupError } from '../../src/store/startup-error.ts';
import { CommitInDoubtError, inTransaction, isConnectionError } from '../../src/store/transaction.ts';
import { useFolder } from '../helpers/folder.ts';
import { leaveServerBehind, makeFormerDataFolder } from './former-cluster.ts';

const logger = pino({ level: 'silent' });
const isRoot = process.getuid?.() === 0;
const holder = new URL('../helpers/hold-database.ts', import.meta.url).pathname;

let folder: string;
let dataDir: string;
let children: ChildProcess[];
let opened: OpenDatabase[];

/** A data folder as a first start leaves it. */
const initialised = await useFolder();
before(async () => {
  dataDir = initialised;
  await (await openDatabase({ dataDir, databaseUrl: undefined, databasePoolSize: 2 }, logger)).close();
});

/** Begins with a data folder that was initialised before, which takes a second. */
function beginInitialised(): void {
  execFileSync('cp', ['-a', initialised, dataDir]);
}

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tl-embedded-'));
  await chmod(folder, 0o755);
  dataDir = join(folder, 'data');
  children = [];
  opened = [];
});
afterEach(async () => {
  for (const database of opened) await database.close();
  for (const child of children) child.kill('SIGKILL');
  await rm(folder, { recursive: true, force: true });
});

async function open(): Promise<OpenDatabase> {
  const database = await openDatabase({ dataDir, databaseUrl: undefined, databasePoolSize: 2 }, logger);
  opened.push(database);
  return database;
}

/** A process of its own that holds the data folder; answers its server's process id once it runs. */
async function startHolder(): Promise<{ child: ChildProcess; serverPid: number }> {
  const child = spawn(process.execPath, [holder, dataDir], { stdio: ['ignore', 'pipe', 'inherit'] });
  children.push(child);
  const [line] = await once(child.stdout!, 'data');
  return { child, serverPid: Number(String(line)) };
}

function isOneLine(error: unknown, expected: RegExp): boolean {
  return error instanceof StartupError && expected.test(error.message) && !error.message.includes('\n');
}

async function untilGone(pid: number): Promise<void> {
  for (let round = 0; round < 400; round++) {
    try {
      process.kill(pid, 0);
      await delay(5);
    } catch {
      return;
    }
  }
  assert.fail(`process ${pid} lives on`);
}

test('the first start initialises, the second finds what was stored, quickly', async () => {
  const first = await open();
  await first.query('create table kept (id integer)');
  const serverPid = first.serverPid as number;
  await first.close();
  await untilGone(serverPid);
  const started = performance.now();
  const second = await open();
  assert.deepEqual([...(await second.query('select count(*) as n from kept'))], [{ n: 0 }]);
  assert.ok(performance.now() - started < 1500, `took ${performance.now() - started} ms`);
  await second.close();
});

test('the server keeps what it acknowledged, listens on no port and lets in nobody else', async () => {
  const server = await startEmbedded({ dataDir, logger });
  try {
    const database = await openDatabase(
      { dataDir, databaseUrl: undefined, databasePoolSize: 2 },
      logger,
      'attach',
    );
    const [settings] = await database.query<Record<string, string>>(
      `select current_setting('fsync') as fsync, current_setting('synchronous_commit') as synchronous_commit,
              current_setting('listen_addresses') as addresses`,
    );
    assert.deepEqual({ ...settings }, { fsync: 'on', synchronous_commit: 'on', addresses: '' });
    await database.close();
    assert.equal(statSync(server.connection.host).mode & 0o777, 0o700);
    assert.equal(statSync(join(dataDir, 'postgres')).mode & 0o777, 0o700);
    assert.equal(database.serverPid, undefined);
    assert.ok(server.pid);
  } finally {
    await server.stop();
  }
  assert.equal(existsSync(server.connection.host), false);
});

test('its log holds no values of a failed statement', async () => {
  beginInitialised();
  const database = await open();
  await assert.rejects(database.query('select $1::text::integer', ['ada@example.org']));
  await database.close();
  assert.doesNotMatch(readFileSync(join(dataDir, 'postgres.log'), 'utf8'), /ada@example/);
});

test('a data folder that a live process holds is refused in one line, by whatever name', async () => {
  beginInitialised();
  const { child } = await startHolder();
  // Each waits a while for whoever may be about to end.
  const own = assert.rejects(open(), (error) => isOneLine(error, /in use by another running process/));
  dataDir = join(folder, '.', 'data', '..', 'data');
  const another = assert.rejects(open(), (error) => isOneLine(error, /in use/));
  await Promise.all([own, another]);
  const connection = await findRunningEmbedded(dataDir);
  assert.ok(connection);
  child.kill('SIGTERM');
  await once(child, 'exit');
  assert.equal(await findRunningEmbedded(dataDir), undefined);
});

test('after kill -9 of the parent the next start stops its server and keeps what was committed', async () => {
  beginInitialised();
  const { child, serverPid } = await startHolder();
  child.kill('SIGKILL');
  await once(child, 'exit');
  process.kill(serverPid, 0);
  const next = await open();
  assert.notEqual(next.serverPid, serverPid);
  await untilGone(serverPid);
  assert.equal((await next.query('select from held')).length, 1);
  await next.close();
});

test('after kill -9 of parent and server the next start recovers', async () => {
  beginInitialised();
  const { child, serverPid } = await startHolder();
  process.kill(serverPid, 'SIGKILL');
  child.kill('SIGKILL');
  await once(child, 'exit');
  const next = await open();
  assert.equal((await next.query('select from held')).length, 1);
  await next.close();
});

test('a process id in postmaster.pid that is another process by now is left alone', async () => {
  beginInitialised();
  const { child, serverPid } = await startHolder();
  child.kill('SIGKILL');
  await once(child, 'exit');
  process.kill(serverPid, 'SIGKILL');
  await untilGone(serverPid);
  const stranger = spawn('sleep', ['60']);
  children.push(stranger);
  const file = join(dataDir, 'postgres', 'postmaster.pid');
  await writeFile(file, readFileSync(file, 'utf8').replace(/^\d+/, String(stranger.pid)));
  const next = await open();
  assert.equal(stranger.exitCode ?? stranger.signalCode, null);
  await next.close();
});

test('a server that dies is started again and the same database object works on', async () => {
  beginInitialised();
  const database = await open();
  await database.query('create table survivor (id integer)');
  await Promise.all(
    [1, 2].map((id) => inTransaction(database, (tx) => tx.query('insert into survivor values ($1)', [id]))),
  );
  const before = database.serverPid as number;
  process.kill(before, 'SIGKILL');
  // Statements in every phase of the event loop, as the driver once stumbled over a connection that closed between two.
  let works = false;
  let failures = 0;
  const attempt = async () => {
    try {
      await Promise.all([database.query('select 1'), inTransaction(database, (tx) => tx.query('select 1'))]);
      works = database.serverPid !== undefined && database.serverPid !== before;
    } catch (error) {
      assert.ok(isConnectionError(error) || error instanceof CommitInDoubtError, String(error));
      failures++;
    }
  };
  const deadline = performance.now() + 15_000;
  while (!works && performance.now() < deadline) {
    await Promise.all([
      attempt(),
      new Promise<void>((resolve) => setImmediate(() => void attempt().then(resolve))),
    ]);
    await delay(1);
  }
  assert.ok(works, 'the database came back');
  assert.ok(failures > 0, 'the outage was seen');
  for (let round = 0; round < 10; round++) await database.query('select 1');
  assert.equal((await database.query('select from survivor')).length, 2);
  await database.close();
});

test('a data folder that cannot be written is one clear line', async () => {
  await writeFile(join(folder, 'file'), '');
  dataDir = join(folder, 'file', 'data');
  await assert.rejects(open(), (error) =>
    isOneLine(error, /the data folder .* can't be one: there is a file of that name/),
  );
});

test('a folder of another major version is one clear line', async () => {
  await mkdir(join(dataDir, 'postgres'), { recursive: true });
  await writeFile(join(dataDir, 'postgres', 'PG_VERSION'), '9.6\n');
  await assert.rejects(open(), (error) => isOneLine(error, /was made by PostgreSQL 9\.6/));
});

test('an initialisation that was interrupted is begun afresh', async () => {
  await mkdir(join(dataDir, 'postgres.initialising', 'base'), { recursive: true });
  const database = await open();
  assert.equal(existsSync(join(dataDir, 'postgres.initialising')), false);
  await database.close();
});

test('a data folder whose path is too long for a socket works', async () => {
  dataDir = join(folder, 'long-'.repeat(20), 'longer-'.repeat(15));
  const database = await open();
  await assert.rejects(open(), (error) => isOneLine(error, /in use/));
  await database.close();
});

test('as root, a data folder that others cannot enter has its cluster in a reachable place', {
  skip: !isRoot,
}, async () => {
  await chmod(folder, 0o700);
  const first = await open();
  await first.query('create table hidden (id integer)');
  await first.close();
  assert.ok(lstatSync(join(dataDir, 'postgres')).isSymbolicLink());
  const cluster = await readlink(join(dataDir, 'postgres'));
  try {
    assert.notEqual((await stat(cluster)).uid, 0);
    const second = await open();
    assert.equal((await second.query('select from hidden')).length, 0);
    // A copy of the data folder shares the cluster through its link, so it shares the lock.
    const original = dataDir;
    dataDir = join(folder, 'copy');
    await mkdir(dataDir);
    await cp(join(original, 'postgres'), join(dataDir, 'postgres'), { verbatimSymlinks: true });
    await assert.rejects(open(), (error) => isOneLine(error, /in use/));
    await second.close();
  } finally {
    await rm(dirname(cluster), { recursive: true, force: true });
  }
});

test('as root, the server runs as the account that the data folder belongs to', {
  skip: !isRoot,
}, async () => {
  const server: EmbeddedServer = await startEmbedded({ dataDir, logger });
  const owner = statSync(join(dataDir, 'postgres')).uid;
  assert.notEqual(owner, 0);
  assert.equal(statSync(server.connection.host).uid, owner);
  await server.stop();
});

test('the application is no superuser, and nobody enters as one, by another database or from the network', async () => {
  const server = await startEmbedded({ dataDir, logger });
  try {
    const database = await openDatabase(
      { dataDir, databaseUrl: undefined, databasePoolSize: 2 },
      logger,
      'attach',
    );
    opened.push(database);
    assert.deepEqual(
      {
        ...(
          await database.query<object>(`select current_user as role, rolsuper as super, rolcreatedb as databases, rolcreaterole as roles
        from pg_roles where rolname = current_user`)
        )[0],
      },
      { role: 'throughline', super: false, databases: false, roles: false },
    );
    for (const statement of [
      `select pg_read_file('/etc/passwd')`,
      `copy (select 1) to program 'true'`,
      `alter system set fsync = off`,
      `create role another`,
      `set role throughline_superuser`,
    ]) {
      await assert.rejects(database.query(statement), /permission denied/, statement);
    }
    for (const other of [
      { user: 'throughline_superuser' },
      { user: 'throughline_backup' },
      { user: 'postgres' },
      { database: 'postgres' },
    ]) {
      const probe = openProbe({ options: { ...server.connection, ...other } }, 10_000);
      await assert.rejects(probe.unsafe('select 1'), /pg_hba\.conf rejects connection/);
      await probe.end();
    }
    const rules = await readRules();
    assert.ok(rules.filter((line) => line.startsWith('host')).every((line) => line.endsWith('reject')));
    assert.deepEqual(
      rules.filter((line) => !line.endsWith('reject')),
      ['local replication throughline_backup trust', 'local throughline throughline trust'],
    );
    await database.close();
  } finally {
    await server.stop();
  }
});

async function readRules(): Promise<string[]> {
  const text = readFileSync(join(dataDir, 'postgres', 'pg_hba.conf'), 'utf8');
  return text.split('\n').filter((line) => line && !line.startsWith('#'));
}

test('rules of entry that somebody has changed are ours again at the next start', async () => {
  beginInitialised();
  await appendFile(join(dataDir, 'postgres', 'pg_hba.conf'), 'host all all all trust\n');
  await (await open()).close();
  assert.ok((await readRules()).every((line) => !/^host.*trust/.test(line)));
});

const formerTables = `create table kept (id serial primary key, note text, at integer generated always as identity);
  insert into kept (note) values ('before');
  create table part (day date) partition by range (day);
  create table part_1 partition of part for values from ('2026-01-01') to ('2027-01-01');
  create sequence counter; create view seen as select note from kept;
  create schema report; create table report.kept (id integer);
  create type mood as enum ('good'); create domain short as varchar(3); create type pair as (a integer, b integer);
  create function one() returns integer language sql as 'select 1';
  create statistics kept_both on id, note from kept`;

/** Everything of the application's is its role's, and works. */
async function assertOwned(database: OpenDatabase): Promise<void> {
  const foreign = await database.query(
    `select c.oid::regclass::text as name from pg_class c where c.relnamespace in ('public'::regnamespace, 'report'::regnamespace)
        and c.relowner <> 'throughline'::regrole
     union all select proname from pg_proc where pronamespace = 'public'::regnamespace and proowner <> 'throughline'::regrole
     union all select typname from pg_type where typnamespace = 'public'::regnamespace and typowner <> 'throughline'::regrole
     union all select stxname from pg_statistic_ext where stxowner <> 'throughline'::regrole
     union all select nspname from pg_namespace where nspname = 'report' and nspowner <> 'throughline'::regrole
     union all select datname from pg_database where datname = 'throughline' and datdba <> 'throughline'::regrole`,
  );
  assert.deepEqual([...foreign], []);
  await database.query("insert into kept (note) values ('after')");
  await database.query('alter table kept add column more text');
  await database.query(
    "create table part_2 partition of part for values from ('2027-01-01') to ('2028-01-01')",
  );
  await database.query('drop table part_1');
  assert.deepEqual(
    (await database.query('select id, note, at from kept order by id')).map((row) => ({ ...row })),
    [
      { id: 1, note: 'before', at: 1 },
      { id: 2, note: 'after', at: 2 },
    ],
  );
}

test('a data folder whose application was the superuser keeps all that it has and loses that', async () => {
  await makeFormerDataFolder(dataDir, formerTables);
  const first = await open();
  await assertOwned(first);
  assert.deepEqual(
    { ...(await first.query<object>(`select current_setting('is_superuser') as super`))[0] },
    { super: 'off' },
  );
  await first.close();
  const written = statSync(join(dataDir, 'postgres', 'pg_hba.conf')).mtimeMs;
  const second = await open();
  assert.equal((await second.query('select from kept')).length, 2);
  await second.close();
  assert.equal(statSync(join(dataDir, 'postgres', 'pg_hba.conf')).mtimeMs, written);
});

test('so does one whose server was left behind, and one whose upgrade was cut short before its end', async () => {
  await makeFormerDataFolder(dataDir, formerTables);
  const trusting = readFileSync(join(dataDir, 'postgres', 'pg_hba.conf'), 'utf8');
  const left = await leaveServerBehind(dataDir);
  children.push(left);
  while (!(await readPostmasterFile(join(dataDir, 'postgres')))?.ready) await delay(20);
  left.kill('SIGKILL');
  const first = await open();
  await assertOwned(first);
  await first.close();
  // The roles were changed, and the process ended before the rules were written.
  await writeFile(join(dataDir, 'postgres', 'pg_hba.conf'), trusting);
  const second = await open();
  assert.equal((await second.query('select from kept')).length, 2);
  await second.close();
  assert.ok((await readRules()).every((line) => !/^host.*trust/.test(line)));
});
