import type { Workspace } from '../core/workspace/workspace.ts';
import { listWorkspaceEntries } from '../core/workspace/workspace-store.ts';
import { projections } from '../dialects/registry.ts';
import type { Check } from '../projections/check.ts';
import { verifyWorkspace } from '../query/verify/verify-workspace.ts';
import { isOutage } from '../store/database-error.ts';
import { describeError } from '../store/startup-error.ts';
import { type Command, expectPositionals, parseOptions } from './command.ts';
import { formatTable } from './table.ts';
import { type CommandServices, requireWorkspace, withServices } from './with-services.ts';

export const verify: Command = {
  help: `Usage: throughline verify [--workspace SLUG]

Compares the counters with the tables: whether every event received is stored, duplicate, quarantined or dropped, whether the
order has no holes, and whether what is derived equals what it is derived from. Changes nothing and may run beside a server.
The exit code is 1 when a check fails, or a workspace could not be asked (of a Citus cluster: its node is away).

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
  readonly workspace: { readonly slug: string };
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

/** All checks of one workspace, or of all; of one that can't be reached, that. */
export async function checkWorkspaces(
  services: CommandServices,
  slugOrId: string | undefined,
): Promise<WorkspaceCheck[]> {
  const { database, workspaces } = services;
  if (slugOrId !== undefined) return checkWorkspace(services, await requireWorkspace(services, slugOrId));
  const done: WorkspaceCheck[] = [];
  for (const entry of await listWorkspaceEntries(database)) {
    try {
      done.push(...(await checkWorkspace(services, await workspaces.get(entry.id))));
    } catch (error) {
      if (!isOutage(error)) throw error;
      const detail = `its rows can't be read: ${describeError(error)}`;
      done.push({ workspace: entry, name: 'reached', ok: false, detail });
    }
  }
  return done;
}

async function checkWorkspace(
  { database }: CommandServices,
  workspace: Workspace,
): Promise<WorkspaceCheck[]> {
  const { checks } = await verifyWorkspace(database, workspace, projections);
  return checks.map((check) => ({ ...check, workspace }));
}
