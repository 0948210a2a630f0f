import { CommandError, UsageError } from '../../../cli/command.ts';
import type { CommandServices } from '../../../cli/with-services.ts';
import { readBindings } from '../../../core/workspace/binding-store.ts';
import type { WorkspaceId } from '../../../core/workspace/workspace.ts';

type NameKind = 'partner' | 'client';

/** The partners or clients that the workspace is in the Hub, by id. */
export async function listNames(
  { database }: CommandServices,
  workspaceId: WorkspaceId,
  kind: NameKind,
): Promise<string[]> {
  const bindings = await readBindings(database, workspaceId);
  return bindings
    .filter((binding) => binding.dialect === 'signals' && binding.kind === kind)
    .map(({ externalId }) => externalId);
}

/** The one that is named; without a name, the only one there is. @throws UsageError, CommandError */
export async function requireName(
  services: CommandServices,
  workspaceId: WorkspaceId,
  kind: NameKind,
  name: string | undefined,
): Promise<string> {
  const names = await listNames(services, workspaceId, kind);
  if (name !== undefined && !names.includes(name))
    throw new CommandError(`there is no ${kind} ${name} here; choose from ${names.join(', ')}`);
  const found = name ?? (names.length === 1 ? names[0] : undefined);
  if (found === undefined) throw new UsageError(`--${kind} is missing; choose from ${names.join(', ')}`);
  return found;
}
