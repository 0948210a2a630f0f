import { createHash } from 'node:crypto';
import type { Workspace } from '../core/workspace/workspace.ts';
import type { Database } from '../store/database.ts';
import { inSnapshot, type Snapshot } from '../store/snapshot.ts';
import { formatName, formatVersion, type Header, type LineCounts, TransferError } from './format.ts';
import { countLines, gather } from './gather.ts';
import type { RecordKind } from './kinds.ts';
import { copyLines, hasKeysToRespell, headKind, workspaceKind } from './transfer-store.ts';

export interface ExportOptions {
  readonly kinds: readonly RecordKind[];
  /** The version of what writes it. */
  readonly product: string;
  readonly now: Date;
  /** Is told again and again how many lines there are by now. */
  readonly onProgress: (lines: number) => void;
}

/**
 * Hands everything that is kept of a workspace to `write`, as text of a line a record, at the pace at which that takes it: all as of one
 * moment, while others go on writing. Answers how many lines there were.
 * @throws TransferError when it has to wait for something
 */
export async function exportWorkspace(
  database: Database,
  workspace: Workspace,
  options: ExportOptions,
  write: (text: AsyncIterable<Buffer>) => Promise<void>,
): Promise<LineCounts> {
  return inSnapshot(database, async (snapshot) => {
    const header = await makeHeader(snapshot, workspace, options);
    const counts: Record<string, number> = {};
    await write(gather(writeText(snapshot, workspace, header, options, counts)));
    return counts;
  });
}

async function makeHeader(
  snapshot: Snapshot,
  { id, publicId, slug }: Workspace,
  { product, now }: ExportOptions,
): Promise<Header> {
  const [head] = await snapshot.query<{ seq: number; status: string }>(
    'select h.seq, w.status from workspace_head h, workspace w where h.workspace_id = $1 and w.id = $1',
    [id],
  );
  if (!head || head.status === 'deleting' || head.status === 'importing')
    throw new TransferError(
      `the workspace is ${head?.status === 'importing' ? 'being imported' : 'deleted'}`,
    );
  if (await hasKeysToRespell(snapshot, id))
    throw new TransferError(
      'an upgrade has left something for the next start to do: start the server once, then export',
    );
  return {
    record: 'header',
    format: formatName,
    version: formatVersion,
    product,
    workspace: { id: publicId, slug },
    exportedAt: now.toISOString(),
    seq: head.seq,
  };
}

async function* writeText(
  snapshot: Snapshot,
  { id }: Workspace,
  header: Header,
  { kinds, onProgress }: ExportOptions,
  counts: Record<string, number>,
): AsyncGenerator<Buffer> {
  const hash = createHash('sha256');
  let lines = 0;
  const first = lineOf(header);
  hash.update(first);
  yield first;
  for (const kind of [workspaceKind, headKind, ...kinds]) {
    const before = lines;
    for await (const chunk of (await snapshot.copyOut(copyLines(kind, id))) as AsyncIterable<Buffer>) {
      hash.update(chunk);
      lines += countLines(chunk);
      onProgress(lines);
      yield chunk;
    }
    if (lines > before) counts[kind.record] = lines - before;
  }
  yield lineOf({ record: 'end', counts, sha256: hash.digest('hex') });
}

function lineOf(record: object): Buffer {
  return Buffer.from(`${JSON.stringify(record)}\n`);
}
