import { setTimeout as sleep } from 'node:timers/promises';
import { startBenchServer } from './bench-server.ts';
import { customerHeader, customerLine } from './bulk.ts';
import type { Result } from './report.ts';

const boundary = 'bench-boundary';
const linesAtOnce = 500;

/**
 * The memory that a server takes, of all that it has ever taken, to receive a file of customers and to work on it for some seconds. The
 * server is one of its own, which has done nothing else.
 */
export async function benchUpload(megabytes: number, seconds: number): Promise<Result> {
  const server = await startBenchServer({ profile: false });
  try {
    const { workspaceId, nodeId, adminToken } = (await server.addWorkspace('upload')).contacthub;
    const path = `/hub/v1/workspaces/${workspaceId}/nodes/${nodeId}/bulk-jobs`;
    const peak = async () => (await server.ask<{ peakMegabytes: number }>({ ask: 'memory' })).peakMegabytes;
    const idle = await peak();
    const reply = await fetch(`${server.address}${path}`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${adminToken}`,
        'content-type': `multipart/form-data; boundary=${boundary}`,
      },
      body: ReadableStream.from(formOf(megabytes * 1_000_000)),
      duplex: 'half',
    });
    if (reply.status !== 201) throw new Error(`the upload was answered ${reply.status}`);
    const uploaded = await peak();
    await sleep(seconds * 1000);
    const worked = await peak();
    const { elements } = (await server.call('GET', path, adminToken)) as {
      elements: { status: string; processedEntities: number }[];
    };
    const [{ status, processedEntities } = { status: 'gone', processedEntities: 0 }] = elements;
    return {
      lines: [
        { name: 'memory of a server that has done nothing', value: idle, unit: ' MB' },
        { name: `peak memory once ${megabytes} MB are uploaded`, value: uploaded, unit: ' MB' },
        {
          name: 'peak memory while its rows are read',
          value: worked,
          unit: ' MB',
          detail: `${processedEntities} rows so far, ${status}`,
        },
      ],
      aims: [
        {
          name: 'peak memory of an upload, MB',
          value: worked,
          side: 'at most',
          bound: 300,
          ...(megabytes < 1000 && { reservation: 'the aim is for 1,000 MB' }),
        },
      ],
    };
  } finally {
    await server.stop();
  }
}

/** A multipart form with a file of customers of so many bytes, a part at a time. */
async function* formOf(bytes: number): AsyncGenerator<Uint8Array> {
  const encoder = new TextEncoder();
  const part = (disposition: string, content: string) =>
    `--${boundary}\r\nContent-Disposition: form-data; ${disposition}\r\n\r\n${content}`;
  const fields = ['name="operation"', 'name="entity"'];
  const values = ['UPSERT', 'CUSTOMER'];
  yield encoder.encode(fields.map((field, index) => part(field, `${values[index]}\r\n`)).join(''));
  yield encoder.encode(part('name="file"; filename="customers.csv"', `${customerHeader}\n`));
  for (let row = 0, sent = 0; sent < bytes; row += linesAtOnce) {
    const lines = Array.from({ length: linesAtOnce }, (_, line) => `${customerLine(row + line)}\n`);
    const chunk = encoder.encode(lines.join(''));
    sent += chunk.length;
    yield chunk;
  }
  yield encoder.encode(`\r\n--${boundary}--\r\n`);
}
