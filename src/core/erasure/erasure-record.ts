import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { writeNewOwn } from '../../store/own-file.ts';
import { errorCode, StartupError } from '../../store/startup-error.ts';
import { isRecord } from '../value/text.ts';
import { erasureJournalFile, isJournal, type JournalledErasure, readJournal } from './erasure-journal.ts';
import {
  ErasureKey,
  erasureKeyFile,
  isOtherKeyFile,
  otherKeyFile,
  parseKey,
  readKey,
} from './erasure-key.ts';

/**
 * What a server keeps of erasures beside its database: by it alone is known whom an older backup brings back. It is in no backup, since who
 * has both can try out whose tombstones those are.
 */
export interface ErasureRecord {
  /** The key's 64 hexadecimal digits; null where nobody was ever forgotten. */
  readonly key: string | null;
  /** The keys of installations that workspaces were imported from, likewise. */
  readonly otherKeys: readonly string[];
  /** Oldest first. */
  readonly journal: readonly JournalledErasure[];
}

const format = 'throughline-erasures';
const version = 1;

/** Of the keys, as erasures name them. */
export function keyIdsOf({ key, otherKeys }: ErasureRecord): ReadonlySet<string> {
  return new Set([...(key === null ? [] : [key]), ...otherKeys].map(idOf));
}

function idOf(key: string): string {
  return new ErasureKey(Buffer.from(key, 'hex')).id;
}

/**
 * The record of a data folder, or the one that was written to a file.
 * @throws StartupError when there is none
 */
export async function readErasureRecord(path: string): Promise<ErasureRecord> {
  try {
    return statSync(path).isDirectory() ? await readFolder(path) : readFile(path);
  } catch (error) {
    if (error instanceof StartupError) throw error;
    throw new StartupError(`can't read ${path} (${errorCode(error)})`);
  }
}

/** The record as a text, for a file. */
export function erasureRecordText({ key, otherKeys, journal }: ErasureRecord): string {
  return `${JSON.stringify({ format, version, key, otherKeys, journal })}\n`;
}

/** Puts a record into a new data folder. */
export function writeErasureRecord(dataDir: string, { key, otherKeys, journal }: ErasureRecord): void {
  if (key !== null) writeNewOwn(join(dataDir, erasureKeyFile), `${key}\n`);
  for (const other of otherKeys) writeNewOwn(join(dataDir, otherKeyFile(idOf(other))), `${other}\n`);
  const lines = journal.map((erasure) => `${JSON.stringify(erasure)}\n`);
  if (lines.length > 0) writeNewOwn(join(dataDir, erasureJournalFile), lines.join(''));
}

async function readFolder(dataDir: string): Promise<ErasureRecord> {
  const keyPath = join(dataDir, erasureKeyFile);
  const key = existsSync(keyPath) ? readKey(keyPath).toString('hex') : null;
  const journal = await readJournal(dataDir);
  const otherKeys = readdirSync(dataDir)
    .filter(isOtherKeyFile)
    .map((file) => readKey(join(dataDir, file)).toString('hex'));
  // Any other folder would do for one in which nobody was forgotten.
  if (key === null && journal.length === 0 && !existsSync(join(dataDir, 'postgres')))
    throw new StartupError(
      `${dataDir} is no data folder, and has neither ${erasureKeyFile} nor ${erasureJournalFile}`,
    );
  return { key, otherKeys, journal };
}

/** Records of before workspaces could be imported say nothing of other keys. */
function readFile(path: string): ErasureRecord {
  const record = parse(readFileSync(path, 'utf8'));
  const {
    key,
    otherKeys = [],
    journal,
  } = isRecord(record) && record.format === format && record.version === version ? record : {};
  if ((key !== null && typeof key !== 'string') || !isListOfTexts(otherKeys) || !isJournal(journal))
    throw new StartupError(`${path} is no record of erasures that this version reads`);
  const readText = (text: string) => parseKey(path, text).toString('hex');
  return { key: key === null ? null : readText(key), otherKeys: otherKeys.map(readText), journal };
}

function isListOfTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((one) => typeof one === 'string');
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
