import { createHash } from 'node:crypto';
import { closeSync, constants, existsSync, fsyncSync, renameSync, rmSync, write } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { Readable, type Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { createGzip, createZstdCompress } from 'node:zlib';
import { openOwn, resolveOwn, syncFolder } from '../own-file.ts';
import { errorCode, StartupError } from '../startup-error.ts';
import { type BackupManifest, beginningFile, clusterFolder, endFile } from './manifest.ts';
import { endOfArchive, movedInto, TarReader, tarFile, tarFolder } from './tar.ts';

const writeAsync = promisify(write);

/** Under this name beside its own a file is written, until it is whole. */
const draftEnding = '.partial';

/** A new file that only appears under its name when it is whole. */
export interface Draft {
  /** Where it is until then. */
  readonly path: string;
  readonly descriptor: number;
  /** Gives it its name, for good. @throws StartupError when there is another by now */
  finish(): void;
  /** Takes it away, if it was not finished. */
  discard(): void;
}

/**
 * Begins a file for its owner alone.
 * @throws StartupError when there is one of that name, or another process is writing it, or it can't be written
 */
export async function beginDraft(path: string): Promise<Draft> {
  const folder = await resolveOwn(dirname(path));
  const target = join(folder, basename(path));
  const draft = `${target}${draftEnding}`;
  refuseExisting(target);
  const descriptor = create(draft);
  let isThere = true;
  return {
    path: draft,
    descriptor,
    finish() {
      fsyncSync(descriptor);
      refuseExisting(target);
      renameSync(draft, target);
      isThere = false;
      closeSync(descriptor);
      syncFolder(folder);
    },
    discard() {
      if (!isThere) return;
      isThere = false;
      closeSync(descriptor);
      rmSync(draft, { force: true });
    },
  };
}

function refuseExisting(path: string): void {
  if (existsSync(path))
    throw new StartupError(`${path} is there already; name another file, or move it away`);
}

function create(draft: string): number {
  try {
    return openOwn(draft, constants.O_RDWR | constants.O_CREAT | constants.O_EXCL);
  } catch (error) {
    if (errorCode(error) === 'EEXIST')
      throw new StartupError(
        `${draft} is there: another process writes it, or one was killed meanwhile; then remove it`,
      );
    if (errorCode(error) !== undefined)
      throw new StartupError(`can't write to ${draft} (${errorCode(error)})`);
    throw error;
  }
}

export interface WritingOptions {
  /** As the end of the file's name says. */
  readonly compression: Compression;
  readonly signal: AbortSignal;
}

export type Compression = 'gzip' | 'zstd' | undefined;

export function compressionOf(path: string): Compression {
  if (path.endsWith('.gz') || path.endsWith('.tgz')) return 'gzip';
  return path.endsWith('.zst') ? 'zstd' : undefined;
}

/**
 * Writes the backup of a cluster, which comes as the tar of its folder, and flushes it: a tar that is laid out as a data folder is.
 * @returns bytes of the file
 * @throws StartupError when the disk is full, or the server breaks off
 */
export async function writeBackup(
  { descriptor, path }: Draft,
  cluster: AsyncIterable<Buffer>,
  manifest: BackupManifest,
  { compression, signal }: WritingOptions,
): Promise<number> {
  const source = Readable.from(makeArchive(cluster, manifest), { objectMode: false });
  let bytes = 0;
  const store = async (pieces: AsyncIterable<Buffer>) => {
    for await (const piece of pieces) {
      await writeWhole(descriptor, piece);
      bytes += piece.length;
    }
  };
  try {
    const compressor = compressorOf(compression);
    await (compressor
      ? pipeline(source, compressor, store, { signal })
      : pipeline(source, store, { signal }));
    fsyncSync(descriptor);
    return bytes;
  } catch (error) {
    const code = errorCode(error);
    if (code === 'ENOSPC' || code === 'EDQUOT') throw new StartupError(`the disk of ${path} is full`);
    if (code === 'EIO' || code === 'EFBIG') throw new StartupError(`can't write to ${path} (${code})`);
    throw error;
  }
}

async function writeWhole(descriptor: number, piece: Buffer): Promise<void> {
  for (let offset = 0; offset < piece.length; )
    offset += (await writeAsync(descriptor, piece, offset)).bytesWritten;
}

function compressorOf(compression: Compression): Transform | undefined {
  if (compression === 'gzip') return createGzip();
  return compression === 'zstd' ? createZstdCompress() : undefined;
}

async function* makeArchive(
  cluster: AsyncIterable<Buffer>,
  manifest: BackupManifest,
): AsyncGenerator<Buffer> {
  const hash = createHash('sha256');
  const madeAt = new Date(manifest.madeAt);
  const hashed = (piece: Buffer) => {
    hash.update(piece);
    return piece;
  };
  yield hashed(tarFile(beginningFile, Buffer.from(`${JSON.stringify(manifest, null, 2)}\n`), madeAt));
  yield hashed(tarFolder(clusterFolder, madeAt));
  for await (const piece of moveCluster(cluster)) yield hashed(piece);
  yield tarFile(endFile, Buffer.from(`${JSON.stringify({ sha256: hash.digest('hex') })}\n`), madeAt);
  yield endOfArchive;
}

async function* moveCluster(cluster: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const reader = new TarReader(cluster);
  try {
    for (let entry = await reader.next(); entry; entry = await reader.next()) {
      yield movedInto(clusterFolder, entry);
      yield* reader.readBlocks(entry);
    }
    await reader.finish();
  } finally {
    await reader.close();
  }
}
