import type { WorkspaceId } from '../../../core/workspace/workspace.ts';
import { RequestError } from '../../../errors.ts';
import type { Services } from '../../dialect.ts';
import { noteUploaded } from './bulk-job-store.ts';
import { insertPiece, pieceBytes } from './file-store.ts';
import { RecordCounter } from './record-counter.ts';

/** A file that is here whole. */
export interface ReceivedFile {
  readonly bytes: number;
  /** With the header. */
  readonly records: number;
  /** Its beginning, which holds the header. */
  readonly beginning: Buffer;
  /** Why it can't be read, whatever it says. */
  readonly problem: string | undefined;
}

/**
 * What came of a socket lies beside the heap, where V8 lets some 64 MB of it wait: what is stored is let go of now and then instead, in a
 * millisecond or two.
 */
const bytesPerCollection = 4 * 1024 * 1024;

/**
 * Stores a file piece by piece as it comes in, no faster than the database takes it, and holds no more of it than a piece.
 * @throws RequestError `body-too-large`; what is stored stays for the caller to delete
 */
export async function receiveFile(
  { jobDatabase: database, config, clock }: Pick<Services, 'jobDatabase' | 'config' | 'clock'>,
  workspaceId: WorkspaceId,
  id: string,
  stream: AsyncIterable<Buffer>,
): Promise<ReceivedFile> {
  const counter = new RecordCounter();
  const text = new TextChecker();
  let bytes = 0;
  let stored = 0;
  let waiting: Buffer[] = [];
  let beginning: Buffer | undefined;
  const store = async (piece: Buffer) => {
    beginning ??= piece;
    await insertPiece(database, workspaceId, id, stored, piece);
    stored += piece.length;
    if (!(await noteUploaded(database, workspaceId, id, stored, new Date(clock()))))
      throw new RequestError('overloaded', 'The upload took too long.', { retryAfterSeconds: 1 });
    if (stored % bytesPerCollection < piece.length) globalThis.gc?.({ type: 'minor' });
  };
  for await (const chunk of stream) {
    bytes += chunk.length;
    if (bytes > config.bulkLimitBytes)
      throw new RequestError('body-too-large', `The file is larger than ${config.bulkLimitBytes} bytes.`);
    text.take(chunk);
    if (text.problem !== undefined) continue;
    counter.take(chunk);
    waiting.push(chunk);
    if (bytes - stored < pieceBytes) continue;
    let joined = Buffer.concat(waiting);
    for (; joined.length >= pieceBytes; joined = joined.subarray(pieceBytes))
      await store(joined.subarray(0, pieceBytes));
    waiting = [joined];
  }
  text.end();
  const rest = Buffer.concat(waiting);
  if (rest.length > 0 && text.problem === undefined) await store(rest);
  return { bytes, records: counter.records, beginning: beginning ?? rest, problem: text.problem };
}

/** Looks whether what passes is UTF-8. */
class TextChecker {
  problem: string | undefined;
  readonly #decoder = new TextDecoder('utf-8', { fatal: true });

  take(chunk: Uint8Array): void {
    this.#decode(chunk, true);
  }

  end(): void {
    this.#decode(new Uint8Array(), false);
  }

  #decode(chunk: Uint8Array, stream: boolean): void {
    if (this.problem !== undefined) return;
    try {
      this.#decoder.decode(chunk, { stream });
    } catch {
      this.problem = 'The file is not UTF-8.';
    }
  }
}
