const gatheredBytes = 128 * 1024;
const lineFeed = 0x0a;

/** How many line feeds there are. */
export function countLines(chunk: Buffer): number {
  let lines = 0;
  for (let end = chunk.indexOf(lineFeed); end !== -1; end = chunk.indexOf(lineFeed, end + 1)) lines++;
  return lines;
}

/** Rows come one by one; what is written, and packed, goes in larger pieces. */
export async function* gather(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let parts: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of chunks) {
    parts.push(chunk);
    bytes += chunk.length;
    if (bytes < gatheredBytes) continue;
    yield Buffer.concat(parts);
    [parts, bytes] = [[], 0];
  }
  if (bytes > 0) yield Buffer.concat(parts);
}
