import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { useFolder } from '../helpers/folder.ts';

const folder = await useFolder();
const logger = fileURLToPath(new URL('../../src/cli/logger.ts', import.meta.url));

/** Logs far more than waits, says that it is still there, and logs once more when it is told to. */
const program = `
  import { createLogger } from ${JSON.stringify(logger)};
  const log = createLogger('info');
  for (let line = 0; line < 4000; line++) log.error({ line }, 'a line of about a hundred bytes, which has no room on the disk any more');
  log.fatal('a line that has to be out before the process is');
  process.stdout.write('still here');
  process.stdin.once('data', () => {
    log.error('there is room again');
    process.exit(0);
  });
`;

it('a log that has no room, as on a full disk, stops nothing, and goes on when there is some again', async (t) => {
  const path = join(folder, 'log');
  const log = openSync(path, 'a');
  // A file can't grow beyond four blocks, whose size is the shell's affair: the system refuses what is written behind them.
  const child = spawn(
    '/bin/sh',
    ['-c', 'ulimit -f 4 && exec "$0" --input-type=module -e "$1"', process.execPath, program],
    {
      stdio: ['pipe', 'pipe', log],
    },
  );
  t.after(() => child.kill('SIGKILL'));
  closeSync(log);
  const ended = once(child, 'exit');
  const said = await Promise.race([once(child.stdout!, 'data'), ended]);
  assert.equal(String(said[0]), 'still here');
  const kept = readFileSync(path, 'utf8');
  assert.ok(kept.length > 1000 && kept.length <= 8192, `${kept.length} bytes were written`);
  truncateSync(path);
  child.stdin!.end('go on');
  assert.deepEqual(await ended, [0, null]);
  assert.match(readFileSync(path, 'utf8'), /there is room again"}\n$/);
});
