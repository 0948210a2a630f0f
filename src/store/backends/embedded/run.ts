import { spawn } from 'node:child_process';
import { StartupError } from '../../startup-error.ts';
import { type Account, spawnOptions } from './account.ts';

export interface Program {
  readonly path: string;
  readonly args: readonly string[];
  /** What it reads. */
  readonly input: string;
  readonly account: Account;
  readonly timeoutMilliseconds: number;
}

/**
 * Runs a program to its end as the server's account, so with no more rights than that.
 * @param purpose what was attempted, for the message
 * @throws StartupError with the last line that the program wrote to its standard error
 */
export function runProgram(program: Program, purpose: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(program.path, program.args, {
      ...spawnOptions(program.account),
      stdio: ['pipe', 'ignore', 'pipe'],
      timeout: program.timeoutMilliseconds,
    });
    let complaint = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      complaint = (complaint + text).slice(-2000);
    });
    child.stdin.on('error', () => {
      // It ended before reading; its exit code says why.
    });
    child.stdin.end(program.input);
    child.once('error', reject);
    child.once('close', (code) => {
      if (code === 0) return resolve();
      reject(new StartupError(`${purpose}: ${lastReason(complaint)}`));
    });
  });
}

function lastReason(complaint: string): string {
  const lines = complaint.trim().split('\n');
  return lines.findLast((line) => /FATAL|PANIC/.test(line)) ?? lines.at(-1) ?? '';
}
