import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { CommandError, expectPositionals, parseOptions, UsageError } from '../../../cli/command.ts';
import { formatInstant, formatTable } from '../../../cli/table.ts';
import type { Config } from '../../../config.ts';
import { listAdAccounts } from '../advertising/ad-account-store.ts';
import type { FacebookAccount } from '../advertising/advertising.ts';
import { listFacebookAccounts } from '../advertising/facebook-account-store.ts';
import { discoverAdAccounts, maximumAccounts, putFacebookAccount } from '../advertising/manage-accounts.ts';
import { commandLimits, requireDone, requireMetaId, withAdvertising } from './with-advertising.ts';

/** Keeps the token, and finds the ad accounts that it opens. */
export async function addFacebookAccount(args: string[], config: Config): Promise<number> {
  const { values, positionals } = parseOptions(args, {
    workspace: { type: 'string' },
    email: { type: 'string' },
    'token-file': { type: 'string' },
  });
  const [given] = expectPositionals(positionals, "the Facebook account's id") as [string];
  const id = requireMetaId(given, 'a Facebook account');
  const file = values['token-file'];
  if (file === undefined)
    throw new UsageError(
      '--token-file is missing: the file that holds the token, or - for the standard input',
    );
  const accessToken = await readToken(file);
  const found = await withAdvertising(config, values.workspace, async (advertising, workspaceId) => {
    const account = await putFacebookAccount(advertising, workspaceId, {
      id,
      email: values.email,
      accessToken,
    });
    if (account === 'too-many')
      throw new CommandError(
        `a workspace has at most ${maximumAccounts} Facebook accounts: delete one first`,
      );
    process.stdout.write(`Facebook account ${id} is set up\n`);
    requireDone(await discoverAdAccounts(advertising, workspaceId, id, commandLimits()), 'its ad accounts');
    return listAdAccounts(advertising.database, workspaceId, id);
  });
  process.stdout.write(`ad accounts that it reads: ${found.map((one) => one.id).join(', ') || 'none'}\n`);
  return 0;
}

export async function listFacebookAccountsOf(args: string[], config: Config): Promise<number> {
  const { values, positionals } = parseOptions(args, { workspace: { type: 'string' } });
  expectPositionals(positionals);
  const accounts = await withAdvertising(config, values.workspace, ({ database }, workspaceId) =>
    listFacebookAccounts(database, workspaceId),
  );
  process.stdout.write(formatTable([['id', 'email', 'token', 'changed'], ...accounts.map(present)]));
  return 0;
}

const tokenWords = { unset: 'none', valid: 'set', rejected: 'refused by Meta: it needs a new one' } as const;

function present({ id, email, tokenState, updatedAt }: FacebookAccount): string[] {
  return [id, email ?? '', tokenWords[tokenState], formatInstant(updatedAt)];
}

/** Not as an argument: those are seen by everybody on the machine. */
async function readToken(file: string): Promise<string> {
  const token = (file === '-' ? await text(process.stdin) : await readText(file)).trim();
  if (!/^[\x21-\x7e]{1,2000}$/.test(token))
    throw new CommandError(`${file} holds no token: 1 to 2,000 visible characters, and nothing else`);
  return token;
}

async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw new CommandError(`${file} can't be read (${(error as NodeJS.ErrnoException).code})`);
  }
}
