// Plain JavaScript without dependencies: the commands of a checkout, which install and build what they need before they run.
import { realpathSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { buildConsole, buildRelease } from './build.js';
import { install } from './install.js';
import { fail, runOnPinnedNode } from './run-pinned.js';

const scripts = {
  test: 'scripts/test.ts',
  'test:crash': 'test/crash/run.ts',
  bench: 'bench/run.ts',
  metrics: 'scripts/metrics.ts',
  screenshots: 'test/console/screenshots.ts',
  'keep-release': 'test/released/keep.ts',
};

/** Runs a command of the command line from the sources. */
export function runCommandLine(args) {
  install({ isForServer: true });
  if (args[0] === 'start') {
    hintAtNpm(args);
    buildConsole();
  }
  runOnPinnedNode('src/main.ts', args);
}

/** `npm start --port 9090` gives the flag to npm, which keeps it and hands on the number. */
function hintAtNpm(args) {
  if (process.env.npm_lifecycle_event !== 'start') return;
  for (const flag of ['host', 'port', 'data-dir', 'database-url', 'processes']) {
    const taken = process.env[`npm_config_${flag.replace('-', '_')}`];
    if (taken && !args.some((argument) => argument.startsWith(`--${flag}`)))
      fail(`npm has taken --${flag} for its own: write npm start -- --${flag} VALUE`);
  }
}

function runScript(name, args) {
  install();
  if (name === 'test' || name === 'screenshots') buildConsole();
  runOnPinnedNode(scripts[name], args);
}

if (process.argv[1] && import.meta.url === pathToFileURL(realpathSync(process.argv[1])).href) {
  const [name = '', ...args] = process.argv.slice(2);
  if (name === 'start') runCommandLine(['start', ...args]);
  else if (Object.hasOwn(scripts, name)) runScript(name, args);
  else if (name === 'install') install();
  else if (name === 'console' || name === 'build') {
    install();
    if (name === 'console') buildConsole();
    else buildRelease();
  } else
    fail(`usage: node scripts/bootstrap.js install|console|build|start|${Object.keys(scripts).join('|')}`);
}
