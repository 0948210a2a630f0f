import type { Queryable } from '../../store/queryable.ts';
import type { WorkspaceId, WorkspaceSettings } from './workspace.ts';

/**
 * Configuration of a workspace that one dialect alone knows. It is loaded with the rest, and its changes count up the same version
 * (`changeConfiguration`). The part is the key to its own value: `workspace.parts.get(customFields)`.
 */
export interface WorkspacePart<Value> {
  readonly read: (
    connection: Queryable,
    workspaceId: WorkspaceId,
    settings: WorkspaceSettings,
  ) => Promise<Value>;
}

/** The values of a workspace's parts. */
export class WorkspaceParts {
  readonly #values = new Map<WorkspacePart<unknown>, unknown>();

  set<Value>(part: WorkspacePart<Value>, value: Value): this {
    this.#values.set(part, value);
    return this;
  }

  /** @throws of a part that the workspace was loaded without: its dialect does not list it */
  get<Value>(part: WorkspacePart<Value>): Value {
    if (!this.#values.has(part)) throw new Error('a workspace was loaded without one of its parts');
    // `set` has put a part's own value behind it, and nothing else does.
    return this.#values.get(part) as Value;
  }
}

export async function readParts(
  connection: Queryable,
  workspaceId: WorkspaceId,
  settings: WorkspaceSettings,
  parts: readonly WorkspacePart<unknown>[],
): Promise<WorkspaceParts> {
  const values = new WorkspaceParts();
  await Promise.all(
    parts.map(async (part) => values.set(part, await part.read(connection, workspaceId, settings))),
  );
  return values;
}
