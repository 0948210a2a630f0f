import assert from 'node:assert/strict';
import { chownSync, existsSync, globSync, mkdirSync, readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { it } from 'node:test';
import { pino } from 'pino';
import { createAccess } from '../../src/store/backends/embedded/access.ts';
import { chooseAccount } from '../../src/store/backends/embedded/account.ts';
import { type BinarySource, locateBinaries } from '../../src/store/backends/embedded/binaries.ts';
import { runProgram } from '../../src/store/backends/embedded/run.ts';
import { startEmbedded } from '../../src/store/backends/embedded.ts';
import { connectDatabase, embeddedTarget } from '../../src/store/database.ts';
import { migrate } from '../../src/store/migrate.ts';
import { WebengageClient } from '../dialects/webengage/client.ts';
import { startTestApp, type TestApp } from '../helpers/app.ts';
import { useFolder } from '../helpers/folder.ts';
import { ask } from '../helpers/native-client.ts';
import { runHere } from './server-process.ts';

/** Debian's PostgreSQL, of an earlier major version than the one that is brought. */
const programsIn = globSync('/usr/lib/postgresql/*/bin')
  .filter((folder) => Number(folder.split('/')[4]) < 18 && existsSync(`${folder}/initdb`))
  .sort()[0];
const logger = pino({ level: 'silent' });

it('makes a database of this PostgreSQL of an earlier one’s, which a start refuses and names the command for', {
  // In CI a backend that is missing is a failure: nobody reads what was skipped.
  skip: programsIn === undefined && !process.env.CI ? "Debian's PostgreSQL is not installed" : false,
  timeout: 180_000,
}, async () => {
  assert.ok(programsIn);
  const version = programsIn.split('/')[4]!;
  const dataDir = join(await useFolder(), 'data');
  await makeFormerCluster(dataDir, { programsIn });
  const kept = await fill(dataDir, { programsIn });
  const run = (...args: string[]) => runHere([...args, '--data-dir', dataDir]);

  const refused = await run('verify');
  assert.equal(refused.code, 1);
  assert.match(refused.stderr, new RegExp(`was made by PostgreSQL ${version}.*throughline upgrade-database`));

  const without = await run('upgrade-database', '--binaries', dataDir);
  assert.match(without.stderr, /has no programs of PostgreSQL that run here/);
  assert.equal(readFileSync(join(dataDir, 'postgres', 'PG_VERSION'), 'utf8').trim(), version);

  const upgraded = await run('upgrade-database', '--binaries', programsIn);
  assert.equal(upgraded.code, 0, upgraded.stderr + upgraded.stdout);
  assert.match(upgraded.stdout, /^event +1$/m);
  assert.doesNotMatch(upgraded.stdout, /FAILED/);
  assert.equal(readFileSync(join(dataDir, `postgres-${version}`, 'PG_VERSION'), 'utf8').trim(), version);
  assert.equal((await run('verify')).code, 0);
  const told = await withApp(dataDir, 'later', undefined, (test) => tell(test, kept.key));
  assert.equal(told, kept.told, 'by the key of then');

  const again = await run('upgrade-database');
  assert.match(again.stdout, /nothing to do/);
  await finishesWhatWasCutShort(dataDir, run);
});

/** As a kill between the two renamings leaves it. */
async function finishesWhatWasCutShort(
  dataDir: string,
  run: (...args: string[]) => ReturnType<typeof runHere>,
) {
  mkdirSync(join(dataDir, 'upgraded'));
  renameSync(join(dataDir, 'postgres'), join(dataDir, 'upgraded', 'postgres'));
  const server = await startEmbedded({ dataDir, logger }).catch((error: Error) => error);
  assert.ok(server instanceof Error, 'no empty cluster is made in the meantime');
  assert.match(server.message, /cut short at its very end: throughline upgrade-database finishes it/);
  assert.equal((await run('upgrade-database')).code, 0);
  assert.equal((await run('verify')).code, 0);
  assert.ok(!existsSync(join(dataDir, 'upgraded')));
}

/** As a version of Throughline that brought it would have made it. */
async function makeFormerCluster(dataDir: string, source: BinarySource): Promise<void> {
  const cluster = join(dataDir, 'postgres');
  mkdirSync(cluster, { recursive: true, mode: 0o755 });
  const account = chooseAccount(dataDir, cluster);
  if (account.kind === 'other')
    for (const path of [dataDir, cluster]) chownSync(path, account.uid, account.gid);
  const binaries = await locateBinaries(account, logger, source);
  const args = [
    '-D',
    cluster,
    '-U',
    'throughline_superuser',
    '--auth=reject',
    '-E',
    'UTF8',
    '--locale=C',
    '--no-sync',
  ];
  await runProgram(
    { path: binaries.initdb, args, account, input: '', timeoutMilliseconds: 60_000 },
    'initdb',
  );
  await createAccess({ cluster, binaries, account, durable: true, logger }, cluster);
}

interface Kept {
  readonly key: string;
  /** What the native API tells of the events. */
  readonly told: string;
}

async function fill(dataDir: string, binaries: BinarySource): Promise<Kept> {
  return withApp(dataDir, 'former', binaries, async (test) => {
    const sent = await new WebengageClient(test).call('/events', { userId: 'ada', eventName: 'Paid' });
    assert.ok(sent.status < 300, sent.text);
    const key = test.workspace.credentials.admin.token;
    return { key, told: await tell(test, key) };
  });
}

async function tell(test: TestApp, key: string): Promise<string> {
  const events = await ask(test, 'GET', '/workspaces/former/events', { key });
  assert.equal(events.status, 200, events.text);
  return events.text;
}

async function withApp<Result>(
  dataDir: string,
  slug: string,
  binaries: BinarySource | undefined,
  work: (test: TestApp) => Promise<Result>,
): Promise<Result> {
  const server = await startEmbedded({ dataDir, logger, binaries });
  try {
    const database = await connectDatabase(embeddedTarget(server.connection), 4);
    await migrate(database);
    const test = await startTestApp({ database, slug });
    try {
      return await work(test);
    } finally {
      await test.close();
    }
  } finally {
    await server.stop();
  }
}
