/**
 * Runs the tests on one server whose migrated template every test file clones. Arguments: test files; none means all but the
 * crash test. TEST_DATABASE_URL names a database of a server to run them on instead of an embedded one (its user has to be allowed to
 * create databases), or one of a Citus cluster's coordinator (docs/citus.md). TEST_SEED: test/helpers/seed.ts.
 */
import { spawn } from 'node:child_process';
import { globSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { startTestServer } from '../test/helpers/database.ts';
import { readSeed } from '../test/helpers/seed.ts';

const given = process.argv.slice(2);
const files = given.some((argument) => !argument.startsWith('-'))
  ? given
  : [...given, ...globSync(['test/**/*.test.ts', 'src/**/*.test.ts'], { exclude: ['test/crash/**'] }).sort()];

const seed = String(readSeed());
process.stdout.write(`properties are tested by TEST_SEED=${seed}\n`);
const server = await startTestServer();
// A test that hangs is a failure to be read, not a run to be waited for.
const timeout = '--test-timeout=240000';
// Each file is a process that reads most of the sources: it finds them compiled, where the server finds them too (src/main.ts).
const compileCache = join(import.meta.dirname, '..', 'node_modules', '.cache', 'throughline');
// A file waits for its database and its timers as much as it works: without it, node:test leaves a core of two to them.
const atOnce = `--test-concurrency=${availableParallelism()}`;
const child = spawn(process.execPath, ['--test', timeout, atOnce, ...files], {
  stdio: 'inherit',
  env: {
    ...process.env,
    NODE_COMPILE_CACHE: compileCache,
    TEST_SEED: seed,
    THROUGHLINE_TEST_SERVER: server.address,
  },
});
const forward = (signal: NodeJS.Signals) => child.kill(signal);
process.on('SIGINT', forward);
process.on('SIGTERM', forward);
child.once('exit', async (code) => {
  await server.stop();
  process.exit(code ?? 1);
});
