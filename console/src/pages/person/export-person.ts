import { Problem, readProblem, unreachable } from '../../api/problem.ts';

/** What has come of an export by now. */
export interface ExportProgress {
  readonly lines: number;
  readonly bytes: number;
}

const lineFeed = 10;

/**
 * All that is kept of somebody, as the API sends it: an object a line. Its last line has the record `end`; without that it was cut short.
 * @throws Problem
 */
export async function readExport(
  workspace: string,
  personId: string,
  tell: (progress: ExportProgress) => void,
  signal: AbortSignal,
): Promise<BlobPart[]> {
  const path = [workspace, 'people', personId].map(encodeURIComponent).join('/');
  const response = await fetch(`/throughline/v1/workspaces/${path}/export`, { signal }).catch(() => {
    signal.throwIfAborted();
    throw unreachable();
  });
  if (!response.ok || !response.body)
    throw readProblem(response.status, await response.json().catch(() => undefined));
  const parts: Uint8Array<ArrayBuffer>[] = [];
  let [lines, bytes] = [0, 0];
  for await (const part of read(response.body, signal)) {
    parts.push(part);
    for (const byte of part) if (byte === lineFeed) lines++;
    bytes += part.length;
    tell({ lines, bytes });
  }
  if (!(await endsWell(parts)))
    throw new Problem(503, 'cut-short', 'The export was cut short; nothing was saved. Ask for it again.');
  return parts;
}

async function* read(body: ReadableStream<Uint8Array<ArrayBuffer>>, signal: AbortSignal) {
  const reader = body.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield value;
    }
  } catch {
    signal.throwIfAborted();
    throw new Problem(
      503,
      'cut-short',
      'The connection was lost on the way; nothing was saved. Ask for it again.',
    );
  } finally {
    reader.releaseLock();
  }
}

async function endsWell(parts: readonly Uint8Array<ArrayBuffer>[]): Promise<boolean> {
  const tail = await new Blob([...parts]).slice(-2_000).text();
  const last = tail.trimEnd().split('\n').at(-1) ?? '';
  return last.startsWith('{"record":"end"');
}
