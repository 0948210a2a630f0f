import type { Config } from '../config.ts';
import { setTracking } from '../core/source/set-tracking.ts';
import { type Command, CommandError, expectPositionals, parseOptions, UsageError } from './command.ts';
import { addAdAccount, listAdAccountsOf, refreshAccount } from './signals/ad-accounts.ts';
import { addFacebookAccount, listFacebookAccountsOf } from './signals/facebook-accounts.ts';
import { requireWorkspace, withServices } from './with-services.ts';

export const signals: Command = {
  help: `Usage: throughline signals facebook-account add ID --token-file FILE [--email TEXT] [--workspace SLUG]
       throughline signals facebook-account list [--workspace SLUG]
       throughline signals ad-account add ID [--facebook-account ID] [--name TEXT] [--currency CODE] [--timezone ZONE]
                                             [--workspace SLUG]
       throughline signals ad-account list [--workspace SLUG]
       throughline signals ad-account refresh ID [--workspace SLUG]
       throughline signals app tracking APP on|off [--workspace SLUG]

Sets up where the ads of click-to-WhatsApp campaigns and their numbers are read from: Meta's Marketing API, by the token of a
Facebook account with the permission ads_read (docs/connectors/meta.md).

  --token-file FILE       holds the token; "-" is the standard input. It is kept in the database and never shown
  --facebook-account ID   by whose token the ad account is read. "facebook-account add" finds them by itself
  --workspace SLUG        by slug or id (default: the only workspace there is)

"refresh" reads an account now; running servers do so once a day.
`,
  async run(args, config) {
    const [object, action, ...rest] = args;
    const run = Object.hasOwn(actions, `${object} ${action}`) ? actions[`${object} ${action}`] : undefined;
    if (!run) throw new UsageError(`choose from ${Object.keys(actions).join(', ')}`);
    return run(rest, config);
  },
};

const actions: Readonly<Record<string, (args: string[], config: Config) => Promise<number>>> = {
  'facebook-account add': addFacebookAccount,
  'facebook-account list': listFacebookAccountsOf,
  'ad-account add': addAdAccount,
  'ad-account list': listAdAccountsOf,
  'ad-account refresh': refreshAccount,
  'app tracking': track,
};

async function track(args: string[], config: Config): Promise<number> {
  const { values, positionals } = parseOptions(args, { workspace: { type: 'string' } });
  const [appId, state] = expectPositionals(positionals, 'the app', 'on or off') as [string, string];
  if (state !== 'on' && state !== 'off') throw new UsageError(`tracking is on or off, not "${state}"`);
  const isThere = await withServices(config, async (services) => {
    const { id } = await requireWorkspace(services, values.workspace);
    return setTracking(services, id, appId, state === 'on');
  });
  if (!isThere) throw new CommandError(`there is no app ${appId} here`);
  process.stdout.write(`tracking of app ${appId} is ${state}\n`);
  return 0;
}
