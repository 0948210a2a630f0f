import { ContacthubClient, type Reply } from './client.ts';

/** Who sets up a workspace. */
export class ConfigurationClient extends ContacthubClient {
  read(path: string, token = this.credentials.contacthub.adminToken): Promise<Reply> {
    return this.call('GET', `/configuration${path}`, undefined, { token });
  }

  write(path: string, body: unknown, token = this.credentials.contacthub.adminToken): Promise<Reply> {
    return this.call('PUT', `/configuration${path}`, body, { token });
  }

  /** What a path shows once this was written to it; fails unless it was. */
  async set(path: string, body: unknown, token?: string): Promise<Reply['body']> {
    const reply = await this.write(path, body, token);
    if (reply.status !== 200) throw new Error(`${path} was not written: ${reply.text}`);
    return reply.body;
  }

  /** Sends an event of a customer. */
  send(customerId: string, type: string, properties: object = {}, more: object = {}): Promise<Reply> {
    return this.call('POST', '/events', { customerId, type, context: 'WEB', properties, ...more });
  }
}

/** What the first error of a refusal says, and where. */
export function faultOf({ status, body }: Reply): [status: number, path?: string, message?: string] {
  const [first] = body.errors ?? [];
  return first ? [status, first.path, first.message] : [status];
}
