import type { Workspace, WorkspaceId } from '../core/workspace/workspace.ts';
import type { WorkspaceCache } from '../core/workspace/workspace-cache.ts';
import { type SettableStatus, settableStatuses } from '../core/workspace/workspace-status.ts';
import { readJson } from '../json/read-json.ts';
import type { Projection } from '../projections/projection.ts';
import type { Database } from '../store/database.ts';
import { sqlState } from '../store/database-error.ts';
import { inTransaction } from '../store/transaction.ts';
import { type CheckedFile, refuseStanding } from './check-file.ts';
import { type LineCounts, recordOf, TransferError } from './format.ts';
import type { RecordKind, Transfer } from './kinds.ts';
import { readLines } from './lines.ts';
import {
  type ColumnType,
  headKind,
  insertImporting,
  insertLines,
  openImported,
  readColumnTypes,
  workspaceKind,
} from './transfer-store.ts';

export interface ImportServices {
  readonly database: Database;
  /** One that knows nothing of the workspace yet. */
  readonly workspaces: WorkspaceCache;
  readonly projections: readonly Projection[];
  readonly transfer: Transfer;
}

export interface ImportOptions {
  readonly onProgress: (lines: number, doing: string) => void;
  /** Says that it is not to go on: it ends with what it throws then. */
  readonly stopping: AbortSignal;
}

const linesPerStatement = 5_000;
const bytesPerStatement = 1024 * 1024;

/**
 * Makes an empty workspace for what is in a file, which nobody sees and nothing opens until `fillWorkspace` is through. Answers its number.
 * @throws TransferError when its name, or itself, is here already
 */
export async function beginImport(
  { database }: Pick<ImportServices, 'database'>,
  file: CheckedFile,
  slug: string,
): Promise<WorkspaceId> {
  const types = await readColumnTypes(database, [workspaceKind.table, headKind.table]);
  try {
    return await inTransaction(database, (tx) => insertImporting(tx, types, { ...file, slug }));
  } catch (error) {
    // Another was faster.
    if (sqlState(error) === '23505') await refuseStanding(database, file.header, slug);
    throw error;
  }
}

/**
 * Stores the records of a file, makes what follows from them, and opens the workspace last. What it throws leaves the workspace as one that is
 * being imported, to be deleted.
 */
export async function fillWorkspace(
  services: ImportServices,
  workspaceId: WorkspaceId,
  file: CheckedFile,
  { onProgress, stopping }: ImportOptions,
): Promise<Workspace> {
  const { database, workspaces, transfer } = services;
  const filling = new Filling(
    database,
    workspaceId,
    await readColumnTypes(
      database,
      transfer.kinds.map(({ table }) => table),
    ),
  );
  const kinds = new Map(transfer.kinds.map((kind) => [kind.record, kind]));
  let isDerived = false;
  const derive = async () => {
    await filling.flush();
    onProgress(filling.lines, 'making what follows from them');
    await deriveAll(services, workspaceId, stopping);
    isDerived = true;
  };
  for await (const bytes of readLines(file.path)) {
    const line = bytes.toString();
    const kind = kinds.get(recordOf(line) ?? '');
    if (!kind) continue;
    if (kind.isLast && !isDerived) await derive();
    await filling.take(kind, line);
    stopping.throwIfAborted();
    onProgress(filling.lines, kind.record);
  }
  if (!isDerived) await derive();
  await filling.flush();
  expectAll(filling.counts, file.counts);
  await inTransaction(database, (tx) => openImported(tx, workspaceId, statusOf(file.workspace)));
  return workspaces.reload(workspaceId);
}

/** The file may have been written to since it was checked. @throws TransferError */
function expectAll(stored: LineCounts, said: LineCounts): void {
  for (const [record, count] of Object.entries(said))
    if (record !== workspaceKind.record && record !== headKind.record && stored[record] !== count)
      throw new TransferError('it was changed while it was read');
}

function statusOf(line: string): SettableStatus {
  const workspace = readJson(line);
  const stored =
    typeof workspace === 'object' && workspace !== null && 'status' in workspace && workspace.status;
  return settableStatuses.find((status) => status === stored) ?? 'disabled';
}

/** Lines go to the database many at a time; while it stores some, the next are read. */
class Filling {
  lines = 0;
  readonly counts: Record<string, number> = {};
  readonly #database: Database;
  readonly #workspaceId: WorkspaceId;
  readonly #types: ReadonlyMap<string, ColumnType>;
  #kind: RecordKind | undefined;
  #waiting: string[] = [];
  #bytes = 0;
  #underWay: Promise<void> = Promise.resolve();

  constructor(database: Database, workspaceId: WorkspaceId, types: ReadonlyMap<string, ColumnType>) {
    this.#database = database;
    this.#workspaceId = workspaceId;
    this.#types = types;
  }

  async take(kind: RecordKind, line: string): Promise<void> {
    const isFull = this.#waiting.length >= linesPerStatement || this.#bytes >= bytesPerStatement;
    if (isFull || kind !== this.#kind) await this.#send();
    this.#kind = kind;
    this.#waiting.push(line);
    this.#bytes += line.length;
    this.lines++;
    this.counts[kind.record] = (this.counts[kind.record] ?? 0) + 1;
  }

  async flush(): Promise<void> {
    await this.#send();
    await this.#underWay;
  }

  async #send(): Promise<void> {
    const [kind, lines, last] = [this.#kind, this.#waiting, this.lines];
    if (!kind || lines.length === 0) return;
    [this.#waiting, this.#bytes] = [[], 0];
    await this.#underWay;
    this.#underWay = this.#store(kind, lines, last);
    // It is awaited before the next one is sent, and told there.
    this.#underWay.catch(() => {});
  }

  async #store(kind: RecordKind, lines: readonly string[], last: number): Promise<void> {
    try {
      await inTransaction(this.#database, (tx) =>
        insertLines(tx, this.#workspaceId, kind, this.#types, lines),
      );
    } catch (error) {
      // Of class 22 and 23: what stands in the lines; else it is the database.
      if (!/^2[23]/.test(sqlState(error) ?? '')) throw error;
      const reason = error instanceof Error ? error.message : String(error);
      throw new TransferError(
        `records ${last - lines.length + 1} to ${last}, each ${kind.record}, can't be stored: ${reason}`,
        { cause: error },
      );
    }
  }
}

/** What is in no file, by the rules of this version. */
async function deriveAll(
  { database, workspaces, projections, transfer }: ImportServices,
  workspaceId: WorkspaceId,
  stopping: AbortSignal,
): Promise<void> {
  const wanted = new Set(transfer.leftOut.map(({ madeBy }) => madeBy));
  for (const { counts, rebuild } of projections) {
    if (!wanted.has(counts)) continue;
    let place: Awaited<ReturnType<Projection['rebuild']>>['next'] = null;
    while (place !== 'done') {
      const step = await rebuild({ database, workspaces, workspaceId, place, stopping });
      stopping.throwIfAborted();
      place = step.next;
    }
  }
}
