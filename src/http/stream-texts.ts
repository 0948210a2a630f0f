import { Readable } from 'node:stream';
import type { FastifyReply } from 'fastify';
import { type Asker, onBehalfOf } from '../store/asker.ts';

/**
 * Sends texts as they are made, no more than the client takes: when it is slow the next waits, when it is gone none is made any more.
 * What is asked of the database for them is asked on behalf of the request. `onEnd`: once all is sent, or nothing more will be.
 */
export function sendTexts(
  reply: FastifyReply,
  type: string,
  texts: AsyncGenerator<string>,
  onEnd: () => void,
): FastifyReply {
  const { asker } = reply.request;
  const stream = Readable.from(asker ? askedBy(asker, texts) : texts, { highWaterMark: 1 });
  stream.once('close', onEnd);
  // Not kept alive after the end: a client that is told half must see that it was cut.
  return reply
    .headers({ 'cache-control': 'no-store', 'x-accel-buffering': 'no', connection: 'close' })
    .type(type)
    .send(stream);
}

/** A stream pulls from wherever its socket calls it, and that is nobody's request. */
async function* askedBy<Item>(asker: Asker, source: AsyncGenerator<Item>): AsyncGenerator<Item> {
  try {
    for (;;) {
      const next = await onBehalfOf(asker, () => source.next());
      if (next.done) return;
      yield next.value;
    }
  } finally {
    await source.return(undefined);
  }
}
