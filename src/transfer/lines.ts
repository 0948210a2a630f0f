import { createReadStream } from 'node:fs';
import { pipeline, type Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { errorCode } from '../store/startup-error.ts';
import { TransferError } from './format.ts';

/** Of one line: what a row can hold, as hexadecimal digits, and more. */
const longestLine = 512 * 1024 * 1024;
const lineFeed = 0x0a;

export function isCompressed(path: string): boolean {
  return path.endsWith('.gz');
}

/**
 * The lines of a file, without their ends, one after the other: what is held is one of them. What stands behind the last line feed is no line.
 * @throws TransferError when it can't be read, or is cut within what gzip has packed
 */
export async function* readLines(path: string): AsyncGenerator<Buffer> {
  const parts: Buffer[] = [];
  let length = 0;
  try {
    for await (const chunk of openText(path) as AsyncIterable<Buffer>) {
      let start = 0;
      for (let end = chunk.indexOf(lineFeed); end !== -1; end = chunk.indexOf(lineFeed, start)) {
        const rest = chunk.subarray(start, end);
        yield parts.length === 0 ? rest : Buffer.concat([...parts.splice(0), rest]);
        length = 0;
        start = end + 1;
      }
      if (start === chunk.length) continue;
      parts.push(chunk.subarray(start));
      length += chunk.length - start;
      if (length > longestLine) throw new TransferError('it has a line that is longer than any export has');
    }
  } catch (error) {
    throw explainReading(error);
  }
}

function openText(path: string): Readable {
  const file = createReadStream(path, { highWaterMark: 256 * 1024 });
  if (!isCompressed(path)) return file;
  // What fails is told by the stream that is read.
  return pipeline(file, createGunzip({ chunkSize: 256 * 1024 }), () => {});
}

function explainReading(error: unknown): unknown {
  switch (errorCode(error)) {
    case 'Z_BUF_ERROR':
      return new TransferError('it is cut: its end is not there');
    case 'Z_DATA_ERROR':
      return new TransferError('it is not what gzip has packed, or is damaged');
    case 'ENOENT':
      return new TransferError('it is not there');
    case 'EISDIR':
      return new TransferError('it is a folder');
    case 'EACCES':
      return new TransferError('it may not be read by this account');
    default:
      return error;
  }
}
