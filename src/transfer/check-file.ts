import { createHash } from 'node:crypto';
import { readJson } from '../json/read-json.ts';
import type { Queryable } from '../store/queryable.ts';
import {
  type Header,
  type LineCounts,
  parseHeader,
  parseTrailer,
  recordOf,
  TransferError,
} from './format.ts';
import type { RecordKind } from './kinds.ts';
import { readLines } from './lines.ts';
import { findStanding, findTakenName, headKind, workspaceKind } from './transfer-store.ts';

/** A file that is whole, and that this version can read. */
export interface CheckedFile {
  readonly path: string;
  readonly header: Header;
  readonly counts: LineCounts;
  /** The lines of the workspace and of its head. */
  readonly workspace: string;
  readonly head: string;
  /** Of the keys that its tombstones are made by. */
  readonly erasureKeyIds: ReadonlySet<string>;
}

/** By whose names a workspace is called, or signed in to: they are of all workspaces. */
const namedTables: readonly string[] = ['dialect_binding', 'account'];
const linesPerLook = 500;

/** @throws TransferError when the workspace, or another that is called as it is to be, is here already */
export async function refuseStanding(
  connection: Queryable,
  { workspace: { id } }: Header,
  wanted: string,
): Promise<void> {
  const standing = await findStanding(connection, id, wanted);
  if (!standing) return;
  const { slug, status, publicId } = standing;
  if (status === 'importing')
    throw new TransferError(
      `an import of it to "${slug}" is under way, or was cut short: throughline workspace delete ${slug} --yes removes what is left of one, then it can be imported`,
    );
  if (status === 'deleting')
    throw new TransferError('it is still being deleted here (throughline jobs list): import it behind that');
  if (publicId === id)
    throw new TransferError(
      `it is here already, as "${slug}"; to have the file's state in its place delete it first (throughline workspace delete ${slug} --yes)`,
    );
  throw new TransferError(`there is a workspace "${slug}" already; name another with --as`);
}

/**
 * Reads a file from its beginning to its end, before anything of it is stored: it has to be whole, every record known, and no name in it
 * another workspace's here.
 * @param as what it is to be called here; undefined: as it was
 * @throws TransferError
 */
export async function checkFile(
  connection: Queryable,
  path: string,
  kinds: readonly RecordKind[],
  as: string | undefined,
): Promise<CheckedFile> {
  const look = new FileLook(connection, kinds, as);
  const hash = createHash('sha256');
  let last: Buffer | undefined;
  for await (const line of readLines(path)) {
    if (last) {
      hash.update(last).update('\n');
      await look.take(last);
    }
    last = line;
  }
  const trailer = last && parseTrailer(last.toString());
  if (!trailer)
    throw look.header
      ? new TransferError('it is cut: its last line, which says how many there are, is not there')
      : new TransferError('it is no export of a workspace');
  if (trailer.sha256 !== hash.digest('hex'))
    throw new TransferError('it is damaged: its checksum is another than its last line says');
  return look.finish(path);
}

class FileLook {
  header: Header | undefined;
  readonly #connection: Queryable;
  readonly #as: string | undefined;
  readonly #kinds: ReadonlyMap<string, RecordKind>;
  readonly #counts: Record<string, number> = {};
  readonly #erasureKeyIds = new Set<string>();
  #workspace: string | undefined;
  #head: string | undefined;
  #names: { kind: RecordKind; lines: string[] } | undefined;

  constructor(connection: Queryable, kinds: readonly RecordKind[], as: string | undefined) {
    this.#connection = connection;
    this.#as = as;
    this.#kinds = new Map([workspaceKind, headKind, ...kinds].map((kind) => [kind.record, kind]));
  }

  async take(bytes: Buffer): Promise<void> {
    // Of most lines the beginning is all that is looked at.
    const record = recordOf(bytes.toString('latin1', 0, 80));
    if (!this.header) {
      this.header = parseHeader(bytes.toString());
      await refuseStanding(this.#connection, this.header, this.#as ?? this.header.workspace.slug);
      return;
    }
    const kind = record === undefined ? undefined : this.#kinds.get(record);
    if (!kind)
      throw new TransferError(
        `it has ${record === undefined ? 'a line that is no record' : `records "${record}"`}, which this version of Throughline does not know`,
      );
    this.#counts[kind.record] = (this.#counts[kind.record] ?? 0) + 1;
    if (kind === workspaceKind) this.#workspace = bytes.toString();
    if (kind === headKind) this.#head = bytes.toString();
    if (kind.record === 'erasure') this.#noteKey(bytes.toString());
    if (namedTables.includes(kind.table)) await this.#noteName(kind, bytes.toString());
  }

  async finish(path: string): Promise<CheckedFile> {
    await this.#lookForNames();
    const [header, workspace, head] = [this.header, this.#workspace, this.#head];
    if (!header || !workspace || !head) throw new TransferError('it has no workspace in it');
    return { path, header, workspace, head, counts: this.#counts, erasureKeyIds: this.#erasureKeyIds };
  }

  #noteKey(line: string): void {
    const erasure = readJson(line);
    if (typeof erasure === 'object' && erasure !== null && 'keyId' in erasure)
      this.#erasureKeyIds.add(String(erasure.keyId));
  }

  async #noteName(kind: RecordKind, line: string): Promise<void> {
    if (this.#names && (this.#names.kind !== kind || this.#names.lines.length >= linesPerLook))
      await this.#lookForNames();
    this.#names ??= { kind, lines: [] };
    this.#names.lines.push(line);
  }

  async #lookForNames(): Promise<void> {
    const names = this.#names;
    this.#names = undefined;
    const taken = names && (await findTakenName(this.#connection, names.kind, names.lines));
    if (taken)
      throw new TransferError(
        `it can't stand beside what is here: ${taken}; take that name from it (throughline bindings remove), or delete it (throughline workspace delete)`,
      );
  }
}
