// Plain JavaScript without dependencies: it runs on whatever Node.js the machine has, once what it builds with is installed.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fail, findPinnedNode, root, say } from './run-pinned.js';

const modules = join(root, 'node_modules');
const built = join(root, 'dist');
const consoleSources = join(root, 'console');
const builtConsole = join(built, 'console');
const consoleStampFile = join(builtConsole, '.sources');
/** What stands in src and is not compiled: a browser loads it as it is. */
const assets = ['dialects/octeth/tracker/tracker.js'];

/**
 * Builds the console when its sources, or the packages that it is built of, are others than those of the build that is there. A build that
 * fails keeps no server from starting.
 */
export function buildConsole() {
  const wanted = hashConsoleSources();
  if (existsSync(consoleStampFile) && readFileSync(consoleStampFile, 'utf8') === wanted) return true;
  const vite = join(modules, 'vite', 'bin', 'vite.js');
  if (!existsSync(vite)) {
    say(
      'the console is not built: the packages that it is built with are not installed (npm ci --include=dev)',
    );
    return false;
  }
  say('building the console ...');
  const began = Date.now();
  const complaint = run([vite, 'build', consoleSources, '--logLevel', 'warn']);
  if (complaint !== undefined) {
    say(`the console could not be built\n${complaint}`);
    return false;
  }
  writeFileSync(consoleStampFile, wanted);
  say(`the console is built (${((Date.now() - began) / 1000).toFixed(1)} s)`);
  return true;
}

/** Builds what a packed release carries: the console, and the sources as JavaScript. */
export function buildRelease() {
  if (!buildConsole()) fail('a release needs its console');
  for (const entry of existsSync(built) ? readdirSync(built) : []) {
    if (join(built, entry) !== builtConsole) rmSync(join(built, entry), { recursive: true });
  }
  const complaint = run([join(modules, 'typescript', 'bin', 'tsc'), '-p', 'tsconfig.build.json']);
  if (complaint !== undefined) fail(`the sources could not be compiled\n${complaint}`);
  for (const asset of assets) cpSync(join(root, 'src', asset), join(built, asset));
}

/** Answers what was complained of, or undefined. */
function run(args) {
  const result = spawnSync(findPinnedNode(), args, {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    encoding: 'utf8',
  });
  return result.status === 0 ? undefined : `${result.stdout}${result.stderr}`;
}

function hashConsoleSources() {
  const hash = createHash('sha256').update(readFileSync(join(root, 'package-lock.json')));
  const files = readdirSync(consoleSources, { recursive: true })
    .map((file) => String(file))
    // Types are none of what is built, and are made anew by each type check.
    .filter((file) => !file.includes('node_modules') && !file.endsWith('.d.ts'))
    .sort();
  for (const file of files) {
    const path = join(consoleSources, file);
    if (statSync(path).isFile()) hash.update(`\n${file}\n`).update(readFileSync(path));
  }
  return hash.digest('hex');
}
