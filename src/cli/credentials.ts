import type { Config } from '../config.ts';
import { dialects } from '../dialects/registry.ts';
import { type Command, CommandError, expectPositionals, parseOptions } from './command.ts';
import { credentialsPath, readCredentials, writeCredentials } from './start/credentials-file.ts';
import { issueDemoKeys } from './start/demo-workspace.ts';
import { withServices } from './with-services.ts';

export const credentials: Command = {
  help: `Usage: throughline credentials [SETTINGS]

Writes <data folder>/credentials.json anew, where it is gone, with new keys of the administrator and of the workspace "demo". The keys of before
stay valid, since clients may use them: throughline keys lists and revokes. The address in it is that of --host and --port, and is
written anew by the next start.
`,
  async run(args, config) {
    expectPositionals(parseOptions(args, {}).positionals);
    const path = credentialsPath(config.dataDir);
    if ((await readCredentials(path, dialects)) !== 'missing')
      throw new CommandError(
        `${path} is there; move it away first, since its secrets are stored nowhere else`,
      );
    const file = await withServices(config, (services) => issueDemoKeys(services, new Date()));
    if (!file) throw new CommandError('there is no workspace "demo"; throughline start makes it');
    await writeCredentials(path, { ...file, baseUrl: addressOf(config) });
    process.stdout.write(`${path} is written\n`);
    return 0;
  },
};

function addressOf({ host, port }: Config): string {
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}
