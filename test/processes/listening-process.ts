/** A process that takes requests, as small as one can be: it answers each with its number. */
import { createServer } from 'node:http';
import { openWorkerEnd } from '../../src/processes/worker-end.ts';

const { primary } = openWorkerEnd(
  (letter) => process.send?.(letter),
  () => undefined,
);
process.on('message', (letter) => primary.receive(letter));
await primary.ask('begin');
const server = createServer((_, reply) => reply.end(String(process.pid)));
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  if (typeof address === 'object' && address) primary.tell('listens', `http://127.0.0.1:${address.port}`);
});
