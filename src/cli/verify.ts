import type { Config } from '../config.ts';
import { projections } from '../dialects/registry.ts';
import { verifyWorkspace } from '../query/verify/verify-workspace.ts';
import { type Command, expectPositionals, parseOptions } from './command.ts';
import { formatTable } from './table.ts';
import { chooseWorkspaces, withServices } from './with-services.ts';

export const verify: Command = {
  help: `Usage: throughline verify [--workspace SLUG]

Compares the counters with the tables: whether every event received is stored, duplicate, quarantined or dropped, whether the
order has no holes, and whether what is derived equals what it is derived from. Changes nothing and may run beside a server.
The exit code is 1 when a check fails.

  --workspace SLUG   by slug or id (default: every workspace)
`,
  async run(args, config) {
    const { values, positionals } = parseOptions(args, { workspace: { type: 'string' } });
    expectPositionals(positionals);
    const rows = await verifyAll(config, values.workspace);
    process.stdout.write(formatTable([['workspace', 'check', 'result', 'detail'], ...rows]));
    return rows.some(([, , result]) => result !== 'ok') ? 1 : 0;
  },
};

async function verifyAll(config: Config, slugOrId: string | undefined): Promise<string[][]> {
  return withServices(config, async (services) => {
    const rows: string[][] = [];
    for (const workspace of await chooseWorkspaces(services, slugOrId)) {
      const { checks } = await verifyWorkspace(services.database, workspace, projections);
      for (const { name, ok, detail } of checks)
        rows.push([workspace.slug, name, ok ? 'ok' : 'FAILED', detail]);
    }
    return rows;
  });
}
