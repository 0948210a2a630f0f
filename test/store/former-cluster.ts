import { type ChildProcess, spawn } from 'node:child_process';
import { chownSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { pino } from 'pino';
import { chooseAccount, spawnOptions } from '../../src/store/backends/embedded/account.ts';
import { locateBinaries } from '../../src/store/backends/embedded/binaries.ts';
import { runProgram } from '../../src/store/backends/embedded/run.ts';

const logger = pino({ level: 'silent' });

/** A data folder as versions before this one made it: the role "throughline" is the superuser, and TCP is trusted. */
export async function makeFormerDataFolder(dataDir: string, tables: string): Promise<void> {
  mkdirSync(dataDir, { recursive: true });
  const cluster = join(dataDir, 'postgres');
  const account = chooseAccount(dataDir, cluster);
  const { initdb, postgres } = await locateBinaries(account, logger);
  mkdirSync(cluster, { mode: 0o700 });
  if (account.kind === 'other') chownSync(cluster, account.uid, account.gid);
  const locale = ['--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'];
  const run = (path: string, args: string[], input: string) =>
    runProgram({ path, args, input, account, timeoutMilliseconds: 60_000 }, path);
  await run(
    initdb,
    ['-D', cluster, '-U', 'throughline', '-A', 'trust', '-E', 'UTF8', '--no-sync', ...locale],
    '',
  );
  const single = ['--single', '-j', '-F', '-D', cluster];
  await run(postgres, [...single, 'template1'], 'create database throughline;\n\n');
  await run(postgres, [...single, 'throughline'], `${tables};\n\n`);
}

/** Its server, with a parent that knows nothing of it, as a killed process leaves it behind. */
export async function leaveServerBehind(dataDir: string): Promise<ChildProcess> {
  const cluster = join(dataDir, 'postgres');
  const account = chooseAccount(dataDir, cluster);
  const { postgres } = await locateBinaries(account, logger);
  const socketFolder = ['-c', 'listen_addresses=', '-c', `unix_socket_directories=${cluster}`];
  return spawn(postgres, ['-D', cluster, ...socketFolder], { ...spawnOptions(account), stdio: 'ignore' });
}
