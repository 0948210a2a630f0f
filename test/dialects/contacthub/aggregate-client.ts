import { Store } from '../../helpers/store.ts';
import { ContacthubClient, type Reply } from './client.ts';

const path = '/configuration/nodes/aggregates';

/** A client with two entry nodes in which customers are told apart by their externalId, so that several can have one address. */
export class AggregateClient extends ContacthubClient {
  /** The second entry node. */
  second = '';

  async setUp(): Promise<this> {
    this.second = await new Store(this.test, this.workspace).addNode('contacthub');
    for (const nodeId of [this.nodeId, this.second]) {
      const body = { uniqueCustomer: { properties: ['externalId'], caseSensitive: true } };
      const reply = await this.native.call('PATCH', `/contacthub/nodes/${nodeId}`, { body });
      if (reply.status !== 200) throw new Error(`the node was not changed: ${reply.text}`);
    }
    await this.test.app.services.jobs.settle();
    return this;
  }

  asAdmin(method: 'GET' | 'POST' | 'PUT' | 'DELETE', below = '', body?: unknown): Promise<Reply> {
    return this.call(method, path + below, body, { token: this.credentials.contacthub.adminToken });
  }

  /** An aggregate of both nodes, by e-mail unless something else is given; answers its id. */
  async aggregate(more: object = {}): Promise<string> {
    const reply = await this.asAdmin('POST', '', {
      name: 'All shops',
      entryNodes: [this.nodeId, this.second],
      matchingProperties: { properties: ['base.contacts.email'], caseSensitive: false },
      ...more,
    });
    if (reply.status !== 201) throw new Error(`the aggregate was not made: ${reply.text}`);
    return reply.body.id;
  }

  /** Waits until its customers are made. */
  async activate(aggregateId: string): Promise<void> {
    const reply = await this.asAdmin('PUT', `/${aggregateId}/state`, { state: 'ACTIVE' });
    if (reply.status !== 200) throw new Error(`the aggregate was not activated: ${reply.text}`);
    await this.test.app.services.jobs.settle();
    await this.test.app.services.workspaces.reload(this.workspace.created.id);
  }

  async active(more: object = {}): Promise<string> {
    const id = await this.aggregate(more);
    await this.activate(id);
    return id;
  }

  async customersOf(nodeId: string, query = ''): Promise<Reply['body'][]> {
    const { status, body, text } = await this.call('GET', `/customers?nodeId=${nodeId}&size=1000${query}`);
    if (status !== 200) throw new Error(`no customers were found: ${text}`);
    return body.elements;
  }

  /** Ids of the entry customers of a customer. */
  async entriesOf(customerId: string): Promise<string[]> {
    const { status, body, text } = await this.call(
      'GET',
      `/customers/${customerId}/entries?page=0&size=1000`,
    );
    if (status !== 200) throw new Error(`no entries were found: ${text}`);
    return body.elements.map(({ id }: { id: string }) => id);
  }
}
