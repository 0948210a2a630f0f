import { type FileHandle, open } from 'node:fs/promises';
import { pipeline, type Readable, type Transform } from 'node:stream';
import { createGunzip, createZstdDecompress } from 'node:zlib';
import { describeError, errorCode, StartupError } from '../startup-error.ts';
import {
  type BackupManifest,
  beginningFile,
  clusterFolder,
  endFile,
  parse,
  readManifest,
} from './manifest.ts';
import { endOfArchive, type TarEntry, TarError, TarReader } from './tar.ts';

/** A backup that is read once, from its beginning to its end. */
export interface Backup {
  readonly manifest: BackupManifest;
  /** The cluster as a tar, whose entries lie in the folder `postgres`. It throws, at the end at the latest, when the file is cut or damaged. */
  readonly cluster: AsyncIterable<Buffer>;
  close(): Promise<void>;
}

const largestSmallFile = 1024 * 1024;

/**
 * Opens a backup, compressed or not, as its first bytes say.
 * @throws StartupError when it can't be read, or is none
 */
export async function openBackup(path: string): Promise<Backup> {
  const handle = await openFile(path);
  const source = await readFrom(handle);
  const reader = new TarReader(source);
  try {
    const first = await reader.next();
    const isOurs = first?.name === beginningFile && first.size <= largestSmallFile;
    const manifest = isOurs ? readManifest((await reader.readFile(first)).toString('utf8')) : undefined;
    if (!manifest) throw notBackup(path);
    return {
      manifest,
      cluster: readCluster(reader, path),
      async close() {
        source.destroy();
        await handle.close();
      },
    };
  } catch (error) {
    source.destroy();
    await handle.close();
    throw isSpoilt(error) ? notBackup(path) : error;
  }
}

async function openFile(path: string): Promise<FileHandle> {
  try {
    return await open(path, 'r');
  } catch (error) {
    throw new StartupError(`can't read ${path} (${errorCode(error)})`);
  }
}

async function readFrom(handle: FileHandle): Promise<Readable> {
  const { buffer } = await handle.read(Buffer.alloc(4), 0, 4, 0);
  const file = handle.createReadStream({ start: 0, autoClose: false });
  const decompressor = decompressorOf(buffer);
  // Its own errors are the decompressor's, which is being read.
  return decompressor ? pipeline(file, decompressor, () => {}) : file;
}

function decompressorOf(beginning: Buffer): Transform | undefined {
  if (beginning.readUInt16BE(0) === 0x1f8b) return createGunzip();
  return beginning.readUInt32LE(0) === 0xfd2fb528 ? createZstdDecompress() : undefined;
}

async function* readCluster(reader: TarReader, path: string): AsyncGenerator<Buffer> {
  try {
    let entry = await reader.next();
    for (; entry && isOfCluster(entry); entry = await reader.next()) {
      yield entry.header;
      yield* reader.readBlocks(entry);
    }
    await expectEnd(reader, entry);
    yield endOfArchive;
  } catch (error) {
    if (!isSpoilt(error)) throw error;
    throw new StartupError(`${path} is cut or damaged (${describeError(error)}); take another backup`);
  }
}

/** Nothing of an archive may lie elsewhere than in its folder, nor lead there. */
function isOfCluster({ name, kind }: TarEntry): boolean {
  return kind !== 'other' && name.startsWith(`${clusterFolder}/`) && !name.split('/').includes('..');
}

/** @throws TarError unless all that was read is what was written */
async function expectEnd(reader: TarReader, entry: TarEntry | undefined): Promise<void> {
  if (entry?.name !== endFile || entry.size > largestSmallFile) throw new TarError('something else is in it');
  const digest = reader.digestBefore;
  const end = parse((await reader.readFile(entry)).toString('utf8'));
  if (typeof end !== 'object' || end === null || Reflect.get(end, 'sha256') !== digest)
    throw new TarError('its bytes are not those that were written');
  await reader.finish();
}

/** Of the file's content; all else is the system's. */
function isSpoilt(error: unknown): boolean {
  return error instanceof TarError || /^(?:Z_|ZSTD_)/.test(errorCode(error) ?? '');
}

function notBackup(path: string): StartupError {
  return new StartupError(`${path} is no backup that this version of Throughline reads, or is cut`);
}
