import { NativeClient } from '../../helpers/native-client.ts';
import { Store } from '../../helpers/store.ts';
import { bearer, type Method, type Reply, VendorClient } from '../../helpers/vendor-client.ts';

export type { Reply };

export type Role = 'token' | 'adminToken' | 'operatorToken' | 'dpoToken';

/** What an item is shown with where it says nothing (docs/spec/contacthub.md B). */
export const unsaid = {
  educations: {
    schoolType: null,
    schoolName: null,
    schoolConcentration: null,
    startYear: null,
    endYear: null,
    isCurrent: null,
  },
  likes: { category: null, name: null, createdTime: null },
  jobs: {
    companyIndustry: null,
    companyName: null,
    jobTitle: null,
    startDate: null,
    endDate: null,
    isCurrent: null,
  },
  subscriptions: {
    name: null,
    type: null,
    kind: null,
    startDate: null,
    endDate: null,
    subscriberId: null,
    registeredAt: null,
    updatedAt: null,
    subscribeContext: null,
    unsubscribeContext: null,
    preferences: [],
  },
} as const;

/** The API as a client of one workspace calls it. */
export class ContacthubClient extends VendorClient {
  get nodeId(): string {
    return this.credentials.contacthub.nodeId;
  }

  get native(): NativeClient {
    return new NativeClient(this.test, this.workspace);
  }

  /** Below the workspace's path. */
  async call(
    method: Method,
    path: string,
    body?: unknown,
    { token, headers, workspaceId }: CallOptions = {},
  ): Promise<Reply> {
    const { contacthub } = this.credentials;
    return this.inject({
      method,
      url: `/hub/v1/workspaces/${workspaceId ?? contacthub.workspaceId}${path}`,
      headers: { ...bearer(token ?? contacthub.token), 'user-agent': 'test-client/1', ...headers },
      body,
    });
  }

  /** Below the workspace's configuration, as an administrator; fails unless the status is what it should be. */
  async configure(method: Method, path: string, body?: unknown, status = 200): Promise<Reply['body']> {
    const token = this.credentials.contacthub.adminToken;
    const reply = await this.call(method, `/configuration${path}`, body, { token });
    if (reply.status !== status) throw new Error(`${method} ${path}: ${reply.status} ${reply.text}`);
    return reply.body;
  }

  /** A customer with this e-mail address, and what else is given. */
  async create(email: string, body: { base?: object; [name: string]: unknown } = {}): Promise<Reply['body']> {
    const { base, ...rest } = body;
    const reply = await this.call('POST', '/customers', {
      nodeId: this.nodeId,
      ...rest,
      base: { ...base, contacts: { ...(base as { contacts?: object })?.contacts, email } },
    });
    if (reply.status !== 201) throw new Error(`the customer was not made: ${JSON.stringify(reply.body)}`);
    return reply.body;
  }

  /** A page view; answers its id. */
  async view(
    whose: { customerId: string } | { session: string } | { externalId: string },
    more: Record<string, unknown> = {},
  ): Promise<string> {
    const subject =
      'customerId' in whose
        ? { customerId: whose.customerId }
        : {
            bringBackProperties: {
              type: 'session' in whose ? 'SESSION_ID' : 'EXTERNAL_ID',
              value: 'session' in whose ? whose.session : whose.externalId,
              nodeId: this.nodeId,
            },
          };
    const reply = await this.call('POST', '/events', {
      type: 'viewedPage',
      context: 'WEB',
      properties: { title: 'Home' },
      ...subject,
      ...more,
    });
    if (reply.status !== 202) throw new Error(`the event was not taken: ${JSON.stringify(reply.body)}`);
    return reply.body.id;
  }

  /** Has a node's customers found by their externalId. */
  async matchByExternalId(nodeId: string): Promise<void> {
    const body = { uniqueCustomer: { properties: ['externalId'], caseSensitive: true } };
    const reply = await this.native.call('PATCH', `/contacthub/nodes/${nodeId}`, { body });
    if (reply.status !== 200) throw new Error(`the node was not changed: ${JSON.stringify(reply.body)}`);
    await this.test.app.services.jobs.settle();
  }

  async eventsOf(customerId: string): Promise<string[]> {
    const reply = await this.call('GET', `/events?customerId=${customerId}&size=100`);
    return reply.body.elements.map((event: { id: string }) => event.id);
  }

  /** Another node of the workspace; its id. */
  addNode(): Promise<string> {
    return new Store(this.test, this.workspace).addNode('contacthub');
  }

  /** A token with this role. */
  async tokenOf(role: string): Promise<string> {
    const body = { dialect: 'contacthub', name: role, role };
    const reply = await this.native.call('POST', '/keys', { body });
    if (reply.status !== 201) throw new Error(`no token was given: ${JSON.stringify(reply.body)}`);
    return reply.body.secret;
  }
}

interface CallOptions {
  /** Empty: no header at all. */
  token?: string;
  headers?: Record<string, string>;
  workspaceId?: string;
}
