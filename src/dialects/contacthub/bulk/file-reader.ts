import type { WorkspaceId } from '../../../core/workspace/workspace.ts';
import type { Database } from '../../../store/database.ts';
import { readFileBytes } from './file-store.ts';

/** A part of a file that begins with a record. */
export interface FileWindow {
  readonly bytes: Buffer;
  /** Of its first byte, in the file. */
  readonly position: number;
  readonly isEnd: boolean;
}

/** Reads a file window by window, each of which begins with what the one before has left; the next is read ahead. */
export class FileReader {
  readonly #database: Database;
  readonly #workspaceId: WorkspaceId;
  readonly #file: { readonly id: string; readonly bytes: number };
  readonly #windowBytes: number;
  /** Up to where it is read. */
  #read: number;
  #next: Promise<Buffer> | undefined;

  constructor(
    database: Database,
    workspaceId: WorkspaceId,
    file: { readonly id: string; readonly bytes: number; readonly position: number },
    windowBytes: number,
  ) {
    this.#database = database;
    this.#workspaceId = workspaceId;
    this.#file = file;
    this.#windowBytes = windowBytes;
    this.#read = file.position;
  }

  /** `rest`: what of the window before begins a record that was not whole. Undefined: there is no more. */
  async next(rest: Buffer): Promise<FileWindow | undefined> {
    if (this.#read >= this.#file.bytes) return undefined;
    const read = await (this.#next ?? this.#readPart(this.#read));
    const position = this.#read - rest.length;
    this.#read += read.length;
    const isEnd = this.#read >= this.#file.bytes;
    this.#next = isEnd ? undefined : this.#readPart(this.#read);
    // Who stops before does not wait for it.
    this.#next?.catch(() => {});
    return { bytes: Buffer.concat([rest, read]), position, isEnd };
  }

  /** Up to where a window ends by their common measure, so that each is one stored piece and no part of another. */
  #readPart(from: number): Promise<Buffer> {
    const length = this.#windowBytes - (from % this.#windowBytes);
    return readFileBytes(this.#database, this.#workspaceId, this.#file, from, length);
  }
}
