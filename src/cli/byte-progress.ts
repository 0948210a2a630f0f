import { presentBytes } from '../store/disk-space.ts';

const showMilliseconds = 2_000;

/** Hands bytes on, and says on stderr every two seconds how many of about `total` have come by; the reckoning may fall short. */
export async function* showBytes(pieces: AsyncIterable<Buffer>, total: number): AsyncGenerator<Buffer> {
  let bytes = 0;
  const show = () => {
    const percent = Math.min(99, Math.floor((100 * bytes) / Math.max(total, 1)));
    process.stderr.write(`${presentBytes(bytes)} of about ${presentBytes(total)} (${percent} %)\n`);
  };
  const showing = setInterval(show, showMilliseconds);
  try {
    for await (const piece of pieces) {
      bytes += piece.length;
      yield piece;
    }
  } finally {
    clearInterval(showing);
  }
}
