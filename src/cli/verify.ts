import type { Workspace } from '../core/workspace/workspace.ts';
import { projections } from '../dialects/registry.ts';
import type { Check } from '../projections/check.ts';
import { verifyWorkspace } from '../query/verify/verify-workspace.ts';
import { type Command, expectPositionals, parseOptions } from './command.ts';
import { formatTable } from './table.ts';
import { type CommandServices, chooseWorkspaces, withServices } from './with-services.ts';

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
    const checks = await withServices(config, (services) => checkWorkspaces(services, values.workspace));
    process.stdout.write(presentChecks(checks));
    return checks.every(({ ok }) => ok) ? 0 : 1;
  },
};

/** A check, and the workspace in which it was done. */
export interface WorkspaceCheck extends Check {
  readonly workspace: Workspace;
}

export function presentChecks(checks: readonly WorkspaceCheck[]): string {
  const rows = checks.map(({ workspace, name, ok, detail }) => [
    workspace.slug,
    name,
    ok ? 'ok' : 'FAILED',
    detail,
  ]);
  return formatTable([['workspace', 'check', 'result', 'detail'], ...rows]);
}

/** All checks of one workspace, or of all. */
export async function checkWorkspaces(
  services: CommandServices,
  slugOrId: string | undefined,
): Promise<WorkspaceCheck[]> {
  const done: WorkspaceCheck[] = [];
  for (const workspace of await chooseWorkspaces(services, slugOrId)) {
    const { checks } = await verifyWorkspace(services.database, workspace, projections);
    done.push(...checks.map((check) => ({ ...check, workspace })));
  }
  return done;
}
