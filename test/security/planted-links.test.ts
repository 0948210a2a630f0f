import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { lstatSync, readFileSync, statSync, truncateSync } from 'node:fs';
import {
  chmod,
  chown,
  lchown,
  link,
  mkdir,
  mkdtemp,
  readdir,
  rm,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { pino } from 'pino';
import { readCredentials } from '../../src/cli/start/credentials-file.ts';
import { dialects } from '../../src/dialects/registry.ts';
import { findRunningEmbedded, startEmbedded } from '../../src/store/backends/embedded.ts';
import { StartupError } from '../../src/store/startup-error.ts';
import { run } from '../cli/server-process.ts';

/** Who owns the data folder, and plants. */
const stranger = { uid: 65534, gid: 65534 };
const logger = pino({ level: 'silent' });
const skip = process.getuid?.() !== 0 && 'only root has rights that a link could lead astray';

let folder: string;
let dataDir: string;
let victim: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tl-planted-'));
  await chmod(folder, 0o755);
  dataDir = join(folder, 'data');
  await mkdir(dataDir);
  await chown(dataDir, stranger.uid, stranger.gid);
  victim = join(folder, 'victim');
  await writeFile(victim, 'root alone', { mode: 0o600 });
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function plant(target: string, name: string): Promise<string> {
  const path = join(dataDir, name);
  await symlink(target, path);
  await lchown(path, stranger.uid, stranger.gid);
  return path;
}

async function assertRefused(expected: RegExp): Promise<void> {
  await assert.rejects(startEmbedded({ dataDir, logger }), (error) => {
    assert.ok(error instanceof StartupError, String(error));
    assert.match(error.message, expected);
    return true;
  });
}

async function startAndStop(): Promise<void> {
  await (await startEmbedded({ dataDir, logger })).stop();
}

function assertUntouched(): void {
  const { uid, gid, mode } = statSync(victim);
  assert.deepEqual({ uid, gid, mode: mode & 0o777 }, { uid: 0, gid: 0, mode: 0o600 });
  assert.equal(readFileSync(victim, 'utf8'), 'root alone');
}

describe('as root in another account’s data folder', { skip }, () => {
  it('works, and what is made there for the server is that account’s', async () => {
    await startAndStop();
    for (const name of ['postgres', 'postgres.log', 'postgres/pg_hba.conf'])
      assert.equal(lstatSync(join(dataDir, name)).uid, stranger.uid, name);
  });
  it('neither writes to nor hands over what a symbolic link for the log leads to', async () => {
    await plant(victim, 'postgres.log');
    await assertRefused(/postgres\.log is a link/);
    assertUntouched();
  });
  it('nor what has the log’s name as its second one', async () => {
    await link(victim, join(dataDir, 'postgres.log'));
    await assertRefused(/postgres\.log .*second name/);
    assertUntouched();
  });
  it('nor makes the file that a link for the log names', async () => {
    await plant(join(folder, 'new'), 'postgres.log');
    await assertRefused(/postgres\.log is a link/);
    assert.ok(!(await readdir(folder)).includes('new'));
  });
  it('does not wait for a pipe in the place of the log', async () => {
    execFileSync('mkfifo', [join(dataDir, 'postgres.log')]);
    await assertRefused(/postgres\.log .*no plain file/);
  });
  it('replaces a link in the place of the log’s predecessor', async () => {
    await startAndStop();
    truncateSync(join(dataDir, 'postgres.log'), 9 * 1024 * 1024);
    const predecessor = await plant(victim, 'postgres.log.1');
    await plant(victim, 'postgres.log.1.new');
    await startAndStop();
    assertUntouched();
    assert.ok(lstatSync(predecessor).isFile());
    assert.equal(lstatSync(predecessor).size, 8 * 1024 * 1024);
    assert.ok(lstatSync(join(dataDir, 'postgres.log')).size < 1024 * 1024);
  });
  it('does not follow that account’s link to a data folder, or on the way to it', async () => {
    const link = await plant(folder, 'elsewhere');
    dataDir = link;
    await assertRefused(/elsewhere is a link that belongs to another account/);
    dataDir = join(link, 'deeper', 'data');
    await assertRefused(/elsewhere is a link that belongs to another account/);
    assert.ok(!(await readdir(folder)).includes('deeper'));
    assert.ok(!(await readdir(folder)).includes('throughline.lock'));
    const { code, stderr } = await run([
      'start',
      '--data-dir',
      dataDir,
      '--database-url',
      'postgres://localhost:1/x',
    ]);
    assert.notEqual(code, 0);
    assert.doesNotMatch(stderr, /\n.*\n/);
  });
  it('does not run a cluster that that account’s link leads to', async () => {
    const cluster = join(folder, 'others-cluster');
    await mkdir(cluster, { mode: 0o700 });
    await writeFile(join(cluster, 'PG_VERSION'), '18\n');
    await plant(cluster, 'postgres');
    await assertRefused(/postgres is a link that belongs to another account/);
    assert.deepEqual(await readdir(cluster), ['PG_VERSION']);
  });
  it('does not empty what a link in the place of an interrupted initialisation leads to', async () => {
    const kept = join(folder, 'kept');
    await mkdir(kept);
    await writeFile(join(kept, 'file'), '');
    await plant(kept, 'postgres.initialising');
    await startAndStop();
    assert.deepEqual(await readdir(kept), ['file']);
    assert.equal(statSync(kept).uid, 0);
  });
  it('reads no credentials through a link', async () => {
    assert.equal(await readCredentials(await plant(victim, 'credentials.json'), dialects), 'unreadable');
    execFileSync('mkfifo', [join(dataDir, 'pipe.json')]);
    assert.equal(await readCredentials(join(dataDir, 'pipe.json'), dialects), 'unreadable');
  });
  it('sends no signal to a process that its process file names and that is another’s', async () => {
    await startAndStop();
    const cluster = join(dataDir, 'postgres');
    const bystander = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)', 'postgres', cluster], {
      stdio: 'ignore',
    });
    try {
      await writeFile(
        join(cluster, 'postmaster.pid'),
        `${bystander.pid}\n${cluster}\n0\n5432\n/tmp\n\n\nready\n`,
      );
      await chown(join(cluster, 'postmaster.pid'), stranger.uid, stranger.gid);
      await startAndStop();
      assert.equal(bystander.exitCode ?? bystander.signalCode, null);
    } finally {
      bystander.kill('SIGKILL');
    }
  });
  it('reads no process file through a link or a pipe', async () => {
    await startAndStop();
    const file = join(dataDir, 'postgres', 'postmaster.pid');
    await symlink(victim, file);
    await assertRefused(/postmaster\.pid is a link/);
    await rm(file);
    execFileSync('mkfifo', [file]);
    await assertRefused(/postmaster\.pid .*no plain file/);
  });
  it('connects to no server whose socket is not in the private folder of the server’s account', async () => {
    const server = await startEmbedded({ dataDir, logger });
    try {
      assert.equal((await findRunningEmbedded(dataDir))?.host, server.connection.host);
      const file = join(dataDir, 'postgres', 'postmaster.pid');
      await writeFile(file, readFileSync(file, 'utf8').replace(server.connection.host, folder));
      assert.equal(await findRunningEmbedded(dataDir), undefined);
    } finally {
      await server.stop();
    }
  });
  it('shows that account nothing of its own environment', async () => {
    process.env.THROUGHLINE_TEST_SECRET = 'only root knows';
    try {
      const server = await startEmbedded({ dataDir, logger });
      const environment = readFileSync(`/proc/${server.pid}/environ`, 'utf8');
      await server.stop();
      assert.doesNotMatch(environment, /only root knows/);
    } finally {
      delete process.env.THROUGHLINE_TEST_SECRET;
    }
  });
});
