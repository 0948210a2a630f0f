import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { promisify } from 'node:util';
import type { CredentialsFile } from '../../src/core/workspace/credentials-file.ts';
import { CommandProcess, sendEvent } from '../cli/server-process.ts';

const execute = promisify(execFile);
const root = join(import.meta.dirname, '../..');
const mebibyte = 1024 * 1024;

/** As npm tells of a package that it has made. */
interface Packed {
  readonly filename: string;
  readonly size: number;
  readonly unpackedSize: number;
  readonly files: readonly { readonly path: string }[];
}

let folder: string;
let packed: Packed;
let launcher: string;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tl-package-'));
  // The account that runs PostgreSQL has to come by where the tests run as root.
  await chmod(folder, 0o755);
  const { stdout } = await execute('npm', ['pack', '--json', '--pack-destination', folder], {
    cwd: root,
    maxBuffer: 16 * mebibyte,
  });
  const made = JSON.parse(stdout.slice(stdout.indexOf('[\n')));
  packed = made[0];
  launcher = join(folder, 'node_modules', '.bin', 'throughline');
});
after(() => rm(folder, { recursive: true, force: true }));

describe('a packed release', () => {
  it('carries what runs, compiled, with its console, and nothing that only a checkout needs', () => {
    const paths = packed.files.map(({ path }) => path);
    for (const needed of [
      'dist/main.js',
      'dist/console/index.html',
      'dist/dialects/octeth/tracker/tracker.js',
      'sql/000001_workspaces.sql',
      'scripts/throughline.js',
      'deploy/throughline.service',
      'LICENSE',
      'README.md',
    ])
      assert.ok(paths.includes(needed), needed);
    const strays = paths.filter((path) => /^(src|test|bench|console)\/|\.(ts|tsx|tgz)$|\.test\./.test(path));
    assert.deepEqual(strays, []);
  });

  it('is small, and says how small', (test) => {
    test.diagnostic(`${packed.size} bytes packed, ${packed.unpackedSize} unpacked`);
    assert.ok(packed.size < 2 * mebibyte, `${packed.size} bytes packed`);
    assert.ok(packed.unpackedSize < 6 * mebibyte, `${packed.unpackedSize} bytes unpacked`);
  });

  it('is installed into an empty folder, starts there, takes an event, and finds it accounted for', async () => {
    const options = ['--omit=dev', '--prefer-offline', '--no-audit', '--no-fund', '--loglevel=error'];
    await execute('npm', ['install', ...options, join(folder, packed.filename)], { cwd: folder });
    assert.ok(!existsSync(join(folder, 'node_modules', 'vite')));
    const dataDir = join(folder, 'kept');
    const server = new CommandProcess(['start', '--data-dir', dataDir, '--port', '0'], {}, launcher);
    await server.untilListening();
    try {
      const credentials: CredentialsFile = JSON.parse(
        await readFile(join(dataDir, 'credentials.json'), 'utf8'),
      );
      assert.equal((await sendEvent(credentials)).status, 201);
      for (const path of ['/console', '/docs', '/openapi.json'])
        assert.equal((await fetch(`${credentials.baseUrl}${path}`)).status, 200, path);
      const { stdout } = await execute(launcher, ['verify', '--data-dir', dataDir]);
      assert.match(stdout, /events-accounted +ok +1 event/);
    } finally {
      assert.equal((await server.stop()).code, 0);
    }
  });
});
