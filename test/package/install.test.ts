import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';

const scripts = join(import.meta.dirname, '../../scripts');
const nodePackage = {
  linux: 'node-linux',
  darwin: process.arch === 'arm64' ? 'node-bin-darwin' : 'node-darwin',
};

/** A checkout of two packages that lie beside it, and above it the Node.js that it is pinned to. */
class Checkout {
  readonly above = mkdtempSync(join(tmpdir(), 'tl-install-'));
  readonly root = join(this.above, 'checkout');

  constructor() {
    const name = `${nodePackage[process.platform === 'darwin' ? 'darwin' : 'linux']}-${process.arch}`;
    const node = join(this.above, 'node_modules', name);
    mkdirSync(join(node, 'bin'), { recursive: true });
    writeFileSync(join(node, 'package.json'), '{}');
    symlinkSync(process.execPath, join(node, 'bin', 'node'));
    mkdirSync(join(this.root, 'src'), { recursive: true });
    mkdirSync(join(this.root, 'console'));
    cpSync(scripts, join(this.root, 'scripts'), { recursive: true });
    writeFileSync(join(this.root, 'src', 'main.ts'), "console.log('ran', ...process.argv.slice(2));");
    for (const [version, name] of [
      ['1.0.0', 'engine'],
      ['1.0.0', 'tool'],
      ['2.0.0', 'engine'],
    ] as const)
      this.#pack(name, version);
    this.lock('1.0.0');
  }

  #pack(name: string, version: string): void {
    const folder = mkdtempSync(join(this.above, 'pack-'));
    mkdirSync(join(folder, 'package'));
    writeFileSync(join(folder, 'package', 'package.json'), JSON.stringify({ name, version }));
    execFileSync('tar', ['czf', join(this.above, `${name}-${version}.tgz`), '-C', folder, 'package']);
  }

  /** Names the version of the package that the server needs; a version that was never packed can't be loaded. */
  lock(version: string): void {
    const dependencies = { engine: `file:${join(this.above, `engine-${version}.tgz`)}` };
    const devDependencies = { tool: `file:${join(this.above, 'tool-1.0.0.tgz')}` };
    const manifest = {
      name: 'checkout',
      version: '1.0.0',
      type: 'module',
      workspaces: [],
      dependencies,
      devDependencies,
    };
    const packages = {
      '': manifest,
      'node_modules/engine': { version, resolved: dependencies.engine },
      'node_modules/tool': { version: '1.0.0', resolved: devDependencies.tool, dev: true },
    };
    writeFileSync(join(this.root, 'package.json'), JSON.stringify(manifest));
    writeFileSync(
      join(this.root, 'package-lock.json'),
      JSON.stringify({ name: 'checkout', version: '1.0.0', lockfileVersion: 3, requires: true, packages }),
    );
  }

  run(args: string[], environment: NodeJS.ProcessEnv = {}) {
    const { NODE_ENV, npm_lifecycle_event, ...inherited } = process.env;
    return spawnSync(process.execPath, [join(this.root, 'scripts', 'bootstrap.js'), ...args], {
      encoding: 'utf8',
      env: { ...inherited, DATABASE_URL: 'postgres://nowhere', ...environment },
    });
  }

  npm(...args: string[]): void {
    execFileSync('npm', [...args, '--no-audit', '--no-fund', '--loglevel=error'], { cwd: this.root });
  }

  installed(name: string): string | undefined {
    const file = join(this.root, 'node_modules', name, 'package.json');
    return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')).version : undefined;
  }
}

const checkouts: Checkout[] = [];
function makeCheckout(): Checkout {
  const checkout = new Checkout();
  checkouts.push(checkout);
  return checkout;
}
after(() => {
  for (const { above } of checkouts) rmSync(above, { recursive: true, force: true });
});

describe('the installation of a checkout', () => {
  it('is done once, and again when the lock file is another', () => {
    const checkout = makeCheckout();
    const first = checkout.run(['start', 'now']);
    assert.equal(first.status, 0, first.stderr);
    assert.equal(first.stdout, 'ran start now\n');
    assert.match(first.stderr, /installing dependencies/);
    assert.equal(checkout.installed('tool'), '1.0.0');
    assert.doesNotMatch(checkout.run(['start']).stderr, /installing/);
    checkout.lock('2.0.0');
    assert.match(checkout.run(['install']).stderr, /installing dependencies/);
    assert.equal(checkout.installed('engine'), '2.0.0');
    assert.deepEqual(
      readdirSync(checkout.root).filter((name) => name.startsWith('.install-')),
      [],
    );
  });

  it('leaves what is there as it was when its successor can’t be loaded, and says why in one line', () => {
    const checkout = makeCheckout();
    checkout.npm('ci');
    checkout.lock('3.0.0');
    const { status, stderr, stdout } = checkout.run(['start']);
    assert.equal(status, 1, stdout);
    const complaints = stderr.trimEnd().split('\n').slice(1);
    assert.equal(complaints.length, 1, stderr);
    assert.match(
      complaints[0] ?? '',
      /could not be installed, and what was there is as it was \(.*engine-3\.0\.0/,
    );
    assert.equal(checkout.installed('engine'), '1.0.0');
    assert.equal(checkout.installed('tool'), '1.0.0');
  });

  it('takes one that was made by hand as it is, without development packages, too', () => {
    const checkout = makeCheckout();
    checkout.npm('ci', '--omit=dev');
    const { status, stderr } = checkout.run(['start']);
    assert.equal(status, 0, stderr);
    assert.doesNotMatch(stderr, /installing/);
    assert.match(stderr, /the console is not built/);
    assert.equal(checkout.installed('tool'), undefined);
    assert.match(checkout.run(['install']).stderr, /installing/);
    assert.equal(checkout.installed('tool'), '1.0.0');
  });

  it('is one without development packages where NODE_ENV says so', () => {
    const checkout = makeCheckout();
    const { status, stderr } = checkout.run(['start'], { NODE_ENV: 'production' });
    assert.equal(status, 0, stderr);
    assert.match(stderr, /npm ci --omit=dev/);
    assert.equal(checkout.installed('engine'), '1.0.0');
    assert.equal(checkout.installed('tool'), undefined);
  });

  it('is followed by a hint when npm has kept a flag that was meant for the server', () => {
    const checkout = makeCheckout();
    checkout.npm('ci');
    const { status, stderr } = checkout.run(['start', '9090'], {
      npm_lifecycle_event: 'start',
      npm_config_port: '9090',
    });
    assert.equal(status, 1);
    assert.match(stderr, /write npm start -- --port VALUE/);
  });
});
