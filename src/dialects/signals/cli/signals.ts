import { type Command, UsageError } from '../../../cli/command.ts';
import type { Config } from '../../../config.ts';
import { addAdAccount, listAdAccountsOf, refreshAccount } from './ad-accounts.ts';
import { addApp, listApps, trackApp } from './apps.ts';
import { addClient, listClients } from './clients.ts';
import { addFacebookAccount, listFacebookAccountsOf } from './facebook-accounts.ts';

export const signals: Command = {
  help: `Usage: throughline signals facebook-account add ID --token-file FILE [--email TEXT] [--workspace SLUG]
       throughline signals facebook-account list [--workspace SLUG]
       throughline signals ad-account add ID [--facebook-account ID] [--name TEXT] [--currency CODE] [--timezone ZONE]
                                             [--workspace SLUG]
       throughline signals ad-account list [--workspace SLUG]
       throughline signals ad-account refresh ID [--workspace SLUG]
       throughline signals client add ID [--partner ID] [--workspace SLUG]
       throughline signals client list [--workspace SLUG]
       throughline signals app add ID [--client ID] [--ad-account ID] [--name TEXT] [--workspace SLUG]
       throughline signals app list [--workspace SLUG]
       throughline signals app tracking ID on|off [--workspace SLUG]

Sets up clients and their apps (WhatsApp numbers), and where the ads of click-to-WhatsApp campaigns and their numbers are read from:
Meta's Marketing API, by the token of a Facebook account with the permission ads_read (docs/connectors/meta.md).

  --token-file FILE       holds the token; "-" is the standard input. It is kept in the database and never shown
  --facebook-account ID   by whose token the ad account is read. "facebook-account add" finds them by itself
  --partner ID, --client ID   whose it is (default: the only one)
  --ad-account ID         of the app's ads
  --workspace SLUG        by slug or id (default: the only workspace there is)

"app add" prints the webhook's secrets; they are shown this once. "refresh" reads an account now; running servers do so once a day.
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
  'client add': addClient,
  'client list': listClients,
  'app add': addApp,
  'app list': listApps,
  'app tracking': trackApp,
};
