import { AttributeLocks } from '../core/event-type/attribute-lock.ts';
import type { Workspace, WorkspaceId } from '../core/workspace/workspace.ts';
import { Catalogue } from '../projections/catalogue/catalogue.ts';
import { localDayIn } from '../projections/rollups/buckets.ts';

/**
 * What a process remembers of a workspace between two batches. Only facts that never change are kept (a first value, a catalogue
 * entry, which day an instant lies in), and only after the commit that made them, so another process's writes can't make them wrong.
 */
export interface WorkspaceMemory {
  readonly locks: Map<number, AttributeLocks>;
  catalogue: Catalogue;
  /** What projections have noted, by their names. */
  readonly projected: Map<string, Set<string>>;
  /** Names that members of bodies were counted by (core/accounting/unknown-members.ts). */
  readonly memberNames: Set<string>;
  localDay: (instant: number) => string;
  timezone: string;
}

const maximumWorkspaces = 1000;
const maximumLockTables = 5000;
const maximumNotes = 20_000;

export class WorkspaceMemories {
  readonly #memories = new Map<WorkspaceId, WorkspaceMemory>();

  of(workspace: Workspace): WorkspaceMemory {
    let memory = this.#memories.get(workspace.id);
    if (!memory) {
      if (this.#memories.size >= maximumWorkspaces) this.#memories.clear();
      memory = {
        locks: new Map(),
        catalogue: new Catalogue(workspace.version),
        projected: new Map(),
        memberNames: new Set(),
        localDay: localDayIn(workspace.timezone),
        timezone: workspace.timezone,
      };
      this.#memories.set(workspace.id, memory);
    }
    if (memory.timezone !== workspace.timezone) {
      memory.localDay = localDayIn(workspace.timezone);
      memory.timezone = workspace.timezone;
    }
    if (memory.catalogue.version !== workspace.version) memory.catalogue = new Catalogue(workspace.version);
    if (memory.locks.size > maximumLockTables) memory.locks.clear();
    for (const notes of memory.projected.values()) if (notes.size > maximumNotes) notes.clear();
    return memory;
  }
}

/** The lock table of a type, made empty if there is none yet. */
export function locksOf(memory: WorkspaceMemory, typeId: number): AttributeLocks {
  return memory.locks.getOrInsertComputed(typeId, () => new AttributeLocks());
}
