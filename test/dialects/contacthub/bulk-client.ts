import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { parse } from 'csv-parse/sync';
import { ContacthubClient, type Reply } from './client.ts';

export interface Part {
  readonly name: string;
  readonly value: string | Buffer;
  readonly fileName?: string;
}

/** A multipart body and its header. */
export function formOf(parts: readonly Part[]): { body: Buffer; headers: Record<string, string> } {
  const boundary = randomUUID();
  const bodies = parts.flatMap(({ name, value, fileName }) => {
    const file = fileName === undefined ? '' : `; filename="${fileName}"\r\nContent-Type: text/csv`;
    const head = `--${boundary}\r\nContent-Disposition: form-data; name="${name}"${file}\r\n\r\n`;
    return [Buffer.from(head), Buffer.from(value), Buffer.from('\r\n')];
  });
  return {
    body: Buffer.concat([...bodies, Buffer.from(`--${boundary}--\r\n`)]),
    headers: { 'content-type': `multipart/form-data; boundary=${boundary}` },
  };
}

export interface Sent {
  readonly operation?: string;
  readonly entity?: string;
  readonly eventType?: string;
  readonly token?: string;
  readonly nodeId?: string;
}

/** What became of each of a job's results, and why. */
export function outcomesOf(results: readonly string[][]): (string | undefined)[][] {
  return results.map(([, outcome, , reason]) => [outcome, reason]);
}

/** A client that sends files of rows. */
export class BulkClient extends ContacthubClient {
  get admin(): string {
    return this.credentials.contacthub.adminToken;
  }

  path(rest = '', nodeId = this.nodeId): string {
    return `/nodes/${nodeId}/bulk-jobs${rest}`;
  }

  /** What stands below the node's bulk jobs. */
  get(rest: string, token = this.admin): Promise<Reply> {
    return this.call('GET', this.path(rest), undefined, { token });
  }

  post(parts: readonly Part[], token = this.admin, nodeId = this.nodeId): Promise<Reply> {
    const { body, headers } = formOf(parts);
    return this.call('POST', this.path('', nodeId), body, { token, headers });
  }

  send(csv: string | Buffer, { token, nodeId, ...fields }: Sent = {}): Promise<Reply> {
    const given = Object.entries({ operation: 'UPSERT', ...fields });
    const parts = given.map(([name, value]) => ({ name, value }));
    return this.post([...parts, { name: 'file', value: csv, fileName: 'rows.csv' }], token, nodeId);
  }

  /** Sends a file and waits until it is read. */
  async run(csv: string | Buffer, sent: Sent = {}): Promise<Reply['body']> {
    const reply = await this.send(csv, sent);
    assert.equal(reply.status, 201, JSON.stringify(reply.body));
    await this.test.app.services.jobs.settle();
    return this.read(reply.body.id);
  }

  async read(id: string): Promise<Reply['body']> {
    const { status, body } = await this.get(`/${id}`);
    assert.equal(status, 200);
    return body;
  }

  /** A job's results, without their header. */
  async resultsOf(id: string): Promise<string[][]> {
    const reply = await this.get(`/${id}/results`);
    assert.equal(reply.status, 200, JSON.stringify(reply.body));
    assert.match(String(reply.headers['content-type']), /^text\/csv/);
    const [names, ...rows]: string[][] = parse(String(reply.body));
    assert.deepEqual(names, ['row', 'outcome', 'id', 'reason']);
    return rows;
  }

  /** The node's customers, by their external ids. */
  async customers(): Promise<Reply['body'][]> {
    const reply = await this.call('GET', `/customers?nodeId=${this.nodeId}&size=1000&sort=externalId`);
    return reply.body.elements;
  }
}
