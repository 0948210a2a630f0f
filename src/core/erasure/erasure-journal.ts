import { closeSync, constants, fstatSync, fsyncSync, readSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { prepareDataFolder } from '../../store/data-folder.ts';
import { openOwn } from '../../store/own-file.ts';
import { errorCode } from '../../store/startup-error.ts';
import { isRecord } from '../value/text.ts';

/** The file in the data folder: an erasure a line. */
export const erasureJournalFile = 'erasures.ndjson';

/** What an older backup of the database does not know, and is cleaned by: hashes and ids, nothing personal. */
export interface JournalledErasure {
  readonly id: string;
  /** The workspace's public id. */
  readonly workspace: string;
  readonly requestedAt: string;
  readonly requestedBy: string;
  readonly keyId: string;
  readonly profileIds: readonly string[];
  /** Tombstones, as hex. */
  readonly hashes: readonly string[];
}

/** Adds an erasure, for good when this returns. What was cut short before, by a crash or a full disk, keeps to its own line. */
export async function writeJournal(dataDir: string, erasure: JournalledErasure): Promise<void> {
  const flags = constants.O_RDWR | constants.O_CREAT | constants.O_APPEND;
  const descriptor = openOwn(join(await prepareDataFolder(dataDir), erasureJournalFile), flags);
  try {
    writeFileSync(descriptor, `${endsInMidLine(descriptor) ? '\n' : ''}${JSON.stringify(erasure)}\n`);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

function endsInMidLine(descriptor: number): boolean {
  const { size } = fstatSync(descriptor);
  const last = Buffer.alloc(1);
  return size > 0 && readSync(descriptor, last, 0, 1, size - 1) === 1 && last.toString() !== '\n';
}

/** Every erasure that was written, oldest first. A line that was cut short by a crash is of one that did not take place. */
export async function readJournal(dataDir: string): Promise<JournalledErasure[]> {
  let text: string;
  try {
    text = await readFile(join(dataDir, erasureJournalFile), 'utf8');
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return [];
    throw error;
  }
  return text.split('\n').flatMap((line) => parseLine(line) ?? []);
}

function parseLine(line: string): JournalledErasure | undefined {
  try {
    // Only `writeJournal` writes there, in a folder that is the server's own.
    return line === '' ? undefined : (JSON.parse(line) as JournalledErasure);
  } catch {
    return undefined;
  }
}

/** Whether a value is what was written as a journal. */
export function isJournal(value: unknown): value is JournalledErasure[] {
  return Array.isArray(value) && value.every(isErasure);
}

function isErasure(value: unknown): value is JournalledErasure {
  if (!isRecord(value)) return false;
  const { profileIds, hashes } = value;
  const texts = [value.id, value.workspace, value.requestedAt, value.requestedBy, value.keyId];
  return [texts, profileIds, hashes].every(
    (list) => Array.isArray(list) && list.every((text) => typeof text === 'string'),
  );
}
