import { CommandError, expectPositionals, parseOptions, UsageError } from '../../../cli/command.ts';
import { finishJob } from '../../../cli/finish-job.ts';
import { formatInstant, formatTable } from '../../../cli/table.ts';
import { requireWorkspace, withServices } from '../../../cli/with-services.ts';
import type { Config } from '../../../config.ts';
import { findWorkspaceProblem } from '../../../core/workspace/manage-workspaces.ts';
import { listAdAccounts, readAdAccount } from '../advertising/ad-account-store.ts';
import type { AdAccount } from '../advertising/advertising.ts';
import { maximumAccounts, putAdAccount } from '../advertising/manage-accounts.ts';
import { requestRefresh } from '../advertising/refresh-ad-account.ts';
import { RefreshFailure } from '../advertising/refresh-outcome.ts';
import { requireDone, requireMetaId, withAdvertising } from './with-advertising.ts';

const idName = "the ad account's id";

export async function addAdAccount(args: string[], config: Config): Promise<number> {
  const { values, positionals } = parseOptions(args, {
    workspace: { type: 'string' },
    'facebook-account': { type: 'string' },
    name: { type: 'string' },
    currency: { type: 'string' },
    timezone: { type: 'string' },
  });
  const [given] = expectPositionals(positionals, idName) as [string];
  const id = requireMetaId(given, 'an ad account');
  const { workspace, 'facebook-account': facebookAccountId, name, currency, timezone } = values;
  const problem = findWorkspaceProblem({
    ...(currency === undefined ? {} : { currency }),
    ...(timezone === undefined ? {} : { timezone }),
  });
  if (problem) throw new UsageError(problem.message);
  const account = await withAdvertising(config, workspace, (advertising, workspaceId) =>
    putAdAccount(advertising, workspaceId, { id, facebookAccountId, name, currency, timezone }),
  );
  if (account === 'no-such-facebook-account')
    throw new CommandError(
      `there is no Facebook account ${facebookAccountId} here; add it first (throughline signals facebook-account add)`,
    );
  if (account === 'too-many')
    throw new CommandError(`a workspace has at most ${maximumAccounts} ad accounts`);
  process.stdout.write(formatTable([heading, present(account)]));
  return 0;
}

export async function listAdAccountsOf(args: string[], config: Config): Promise<number> {
  const { values, positionals } = parseOptions(args, { workspace: { type: 'string' } });
  expectPositionals(positionals);
  const accounts = await withAdvertising(config, values.workspace, ({ database }, workspaceId) =>
    listAdAccounts(database, workspaceId),
  );
  process.stdout.write(formatTable([heading, ...accounts.map(present)]));
  return 0;
}

export async function refreshAccount(args: string[], config: Config): Promise<number> {
  const { values, positionals } = parseOptions(args, { workspace: { type: 'string' } });
  const [given] = expectPositionals(positionals, idName) as [string];
  const id = requireMetaId(given, 'an ad account');
  await withServices(config, async (services) => {
    const { database } = services;
    const workspace = await requireWorkspace(services, values.workspace);
    if (!(await readAdAccount(database, workspace.id, id)))
      throw new CommandError(`there is no ad account ${id} here`);
    const jobId = await requestRefresh(database, workspace.id, id, 'command line', new Date());
    await finishJob(services, workspace, jobId).catch((error) => {
      if (error instanceof RefreshFailure) requireDone(error.outcome, `ad account ${id}`);
      throw error;
    });
  });
  process.stdout.write(`ad account ${id} is as Meta tells now\n`);
  return 0;
}

const heading = ['id', 'name', 'Facebook account', 'currency', 'time zone', 'state', 'refreshed', 'next'];

function present(account: AdAccount): string[] {
  const { id, name, facebookAccountId, currency, timezone, refreshState, refreshedAt, nextRefreshAt } =
    account;
  const textOf = (time: Date | null) => (time === null ? '' : formatInstant(time));
  return [
    id,
    name ?? '',
    facebookAccountId ?? '',
    currency ?? '',
    timezone ?? '',
    refreshState,
    textOf(refreshedAt),
    textOf(nextRefreshAt),
  ];
}
