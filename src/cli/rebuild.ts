import { requestJob } from '../core/job/job-store.ts';
import { rebuildKind } from '../core/job/rebuild-request.ts';
import { type Command, expectPositionals, parseOptions } from './command.ts';
import { finishJob } from './finish-job.ts';
import { formatTable } from './table.ts';
import { type CommandServices, chooseWorkspaces, withServices } from './with-services.ts';

export const rebuild: Command = {
  help: `Usage: throughline rebuild [--workspace SLUG]

Makes all that is derived anew from what is stored: rollups, property catalogue, records and persons, conversations. It may run beside
a server. It is a job (throughline jobs list) and may be stopped at any time: a running server, or the same command, goes on from
there. "throughline verify" tells whether it is needed.

  --workspace SLUG   by slug or id (default: every workspace)
`,
  async run(args, config) {
    const { values, positionals } = parseOptions(args, { workspace: { type: 'string' } });
    expectPositionals(positionals);
    const rows = await withServices(config, (services) => rebuildWorkspaces(services, values.workspace));
    process.stdout.write(formatTable([['workspace', 'what', 'count'], ...rows]));
    return 0;
  },
};

/** Rebuilds one workspace or all, to the end; answers workspace, what and how many of it. */
export async function rebuildWorkspaces(
  services: CommandServices,
  slugOrId: string | undefined,
): Promise<string[][]> {
  const rows: string[][] = [];
  for (const workspace of await chooseWorkspaces(services, slugOrId)) {
    const request = { kind: rebuildKind, requestedBy: 'command line' };
    const id = await requestJob(services.database, workspace.id, request, new Date());
    const { result } = await finishJob(services, workspace, id);
    for (const [what, count] of Object.entries(result ?? {}))
      rows.push([workspace.slug, what, String(count)]);
  }
  return rows;
}
