import { type ChildProcess, spawn } from 'node:child_process';
import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runtimeEnvironment, runtimeFlags } from '../scripts/runtime.js';
import type { CredentialsFile } from '../src/core/workspace/credentials-file.ts';
import { applySharedLoad, describeMeasured, type Measured, singleBodies, type Target } from './load.ts';
import type { Result } from './report.ts';

const connections = 64;
const warmUpSeconds = 2;
/** In turns, so that other work on the machine befalls both alike. */
const turns = [1, 2, 2, 1];
const workspaceCounts = [1, 4];

/** Single events of the WebEngage API, taken by one process and by two: the real command, on one data folder. */
export async function benchProcesses(seconds: number): Promise<Result> {
  const dataDir = await mkdtemp(join(tmpdir(), 'throughline-bench-'));
  await chmod(dataDir, 0o755);
  const targets: Target[] = [];
  const measured: { processes: number; workspaces: number; result: Measured }[] = [];
  try {
    for (const processes of turns) {
      const { child, credentials } = await start(dataDir, processes);
      while (targets.length < Math.max(...workspaceCounts))
        targets.push(await addWorkspace(credentials, `one-of-${targets.length + 1}`));
      const addresses = targets.map(({ url, token }) => ({
        url: new URL(new URL(url).pathname, credentials.baseUrl).href,
        token,
      }));
      for (const workspaces of workspaceCounts) {
        const load = { connections, bodies: singles, targets: addresses.slice(0, workspaces) };
        await applySharedLoad({ ...load, seconds: warmUpSeconds });
        measured.push({ processes, workspaces, result: await applySharedLoad({ ...load, seconds }) });
      }
      await stop(child);
    }
  } finally {
    await rm(dataDir, { recursive: true, force: true });
  }
  return {
    lines: measured.map(({ processes, workspaces, result }) => ({
      name: `single events, ${connections} connections, processes: ${processes}, workspaces: ${workspaces}`,
      value: result.requestsPerSecond,
      unit: '/s',
      detail: describeMeasured(result),
    })),
    aims: [],
  };
}

const singles = singleBodies(2000);

async function start(
  dataDir: string,
  processes: number,
): Promise<{ child: ChildProcess; credentials: CredentialsFile }> {
  const main = join(import.meta.dirname, '..', 'src', 'main.ts');
  const settings = ['--data-dir', dataDir, '--port', '0', '--processes', String(processes)];
  const child = spawn(process.execPath, [...runtimeFlags, main, 'start', ...settings], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...runtimeEnvironment, ...process.env, LOG_LEVEL: 'warn' },
  });
  await new Promise<void>((resolve, reject) => {
    let printed = '';
    child.once('exit', (code) => reject(new Error(`the server ended with ${code}`)));
    child.stdout.on('data', (text: Buffer) => {
      printed += text;
      if (printed.includes('is listening on')) resolve();
    });
  });
  return { child, credentials: JSON.parse(await readFile(join(dataDir, 'credentials.json'), 'utf8')) };
}

async function stop(child: ChildProcess): Promise<void> {
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  await ended;
}

async function addWorkspace({ baseUrl, admin }: CredentialsFile, slug: string): Promise<Target> {
  const reply = await fetch(`${baseUrl}/throughline/v1/workspaces`, {
    method: 'POST',
    headers: { authorization: `Bearer ${admin.token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ slug, timezone: 'Europe/Paris' }),
  });
  if (!reply.ok) throw new Error(`a workspace: ${reply.status} ${await reply.text()}`);
  const { webengage } = ((await reply.json()) as { credentials: CredentialsFile }).credentials;
  return { url: `${baseUrl}/v1/accounts/${webengage.licenseCode}/events`, token: webengage.apiKey };
}
