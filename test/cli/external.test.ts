import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { chmodSync, chownSync, existsSync, globSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { it } from 'node:test';
import { CommandProcess, makeDataFolder, run, sendEvent } from './server-process.ts';

/** Debian's PostgreSQL, the oldest that is installed and will do: 15 on Debian 12. */
const programs = globSync('/usr/lib/postgresql/*/bin')
  .filter((folder) => Number(folder.split('/')[4]) >= 15 && existsSync(`${folder}/initdb`))
  .sort()[0];

/** PostgreSQL refuses root; Debian's package brings an account for it. */
function serverAccount(): { uid?: number; gid?: number } {
  if (process.getuid?.() !== 0) return {};
  const ask = (flag: string) => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }));
  return { uid: ask('-u'), gid: ask('-g') };
}

function findFreePort(): Promise<number> {
  return new Promise((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as { port: number };
      probe.close(() => resolve(port));
    });
  });
}

/** Debian's PostgreSQL on a loopback port, in a temporary folder. */
async function startDebianServer(): Promise<{ url: string; stop(): Promise<void> }> {
  const account = serverAccount();
  const folder = mkdtempSync(join(tmpdir(), 'tl-pg15-'));
  chmodSync(folder, 0o700);
  if (account.uid !== undefined) chownSync(folder, account.uid, account.gid!);
  const data = join(folder, 'data');
  execFileSync(`${programs}/initdb`, ['-D', data, '-U', 'tl', '-A', 'trust', '-E', 'UTF8'], {
    ...account,
    cwd: '/',
    stdio: 'ignore',
  });
  const port = await findFreePort();
  const child = spawn(
    `${programs}/postgres`,
    ['-D', data, '-p', String(port), '-h', '127.0.0.1', '-k', folder, '-F'],
    { ...account, cwd: '/', stdio: ['ignore', 'ignore', 'pipe'] },
  );
  await new Promise<void>((resolve, reject) => {
    child.stderr.on('data', (chunk: Buffer) => {
      if (chunk.includes('ready to accept connections')) resolve();
    });
    child.once('exit', (code) => reject(new Error(`PostgreSQL ended with ${code}`)));
  });
  const ended = new Promise((resolve) => child.once('close', resolve));
  return {
    url: `postgres://tl@127.0.0.1:${port}/postgres`,
    async stop() {
      child.kill('SIGINT');
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

it("starts on Debian's PostgreSQL, takes an event and verifies; before, a command says that there are no tables", {
  // In CI a backend that is missing is a failure: nobody reads what was skipped.
  skip: programs === undefined && !process.env.CI ? "Debian's PostgreSQL is not installed" : false,
}, async () => {
  const postgres = await startDebianServer();
  const folder = await makeDataFolder();
  const environment = { DATABASE_URL: postgres.url };
  try {
    const args = ['--data-dir', folder.path, '--port', '0'];
    const early = await run(['verify', ...args], environment);
    assert.equal(early.code, 1);
    assert.match(early.stderr, /tables are not those of this version; run throughline migrate/);
    const server = new CommandProcess(['start', ...args], environment);
    try {
      await server.untilListening();
      assert.equal((await sendEvent(await folder.credentials())).status, 201);
      const verified = await run(['verify', ...args], environment);
      assert.equal(verified.code, 0, verified.stderr + verified.stdout);
    } finally {
      assert.equal((await server.stop()).code, 0);
    }
    assert.ok(!existsSync(join(folder.path, 'postgres')), 'nothing embedded was started');
  } finally {
    await postgres.stop();
    await folder.remove();
  }
});
