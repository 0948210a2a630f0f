import { type ParseArgsConfig, parseArgs } from 'node:util';
import type { Config } from '../config.ts';

export interface Command {
  /** What `throughline <name> --help` prints, without the settings that all commands share. */
  readonly help: string;
  /** Does the work and answers the exit code. `args` are the command's own, without the settings' flags. */
  run(args: string[], config: Config): Promise<number>;
}

/** A command as the overview lists it; its modules are loaded only when it runs. */
export interface LazyCommand {
  readonly summary: string;
  readonly load: () => Promise<Command>;
}

/** The command line makes no sense; the message is one line, and the exit code 2. */
export class UsageError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'UsageError';
  }
}

/** A command that can't be done; the message is one line, and the exit code 1. */
export class CommandError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'CommandError';
  }
}

/** `parseArgs` of Node.js, strict. @throws UsageError */
export function parseOptions<Options extends NonNullable<ParseArgsConfig['options']>>(
  args: string[],
  options: Options,
) {
  try {
    return parseArgs({ args, options, strict: true, allowPositionals: true });
  } catch (error) {
    // parseArgs explains itself over several sentences; the first one names the argument.
    throw new UsageError((error instanceof Error ? error.message : String(error)).split(/[.\n]/)[0]!);
  }
}

/** The positional arguments, exactly as many as there are names. @throws UsageError */
export function expectPositionals(positionals: readonly string[], ...names: string[]): string[] {
  const missing = names[positionals.length];
  if (missing !== undefined) throw new UsageError(`${missing} is missing`);
  const extra = positionals[names.length];
  if (extra !== undefined) throw new UsageError(`there is no place for "${extra}"`);
  return [...positionals];
}
