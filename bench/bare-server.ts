import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/**
 * The least that Node.js's HTTP server can do: reads the body of each request and answers what a queued event is answered. In a process of its
 * own, to measure by. Talks to its parent over IPC.
 */
const answer = JSON.stringify({ response: { status: 'queued' } });
const headers = {
  'content-type': 'application/json; charset=utf-8',
  'content-length': String(Buffer.byteLength(answer)),
};
const server = createServer((request, response) => {
  request.on('data', () => {});
  request.on('end', () => response.writeHead(201, headers).end(answer));
});
server.listen(0, '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo;
  process.send?.({ address: `http://127.0.0.1:${port}` });
});
process.once('disconnect', () => process.exit(0));
