import { startTestApp, type TestApp, type TestWorkspace } from '../../helpers/app.ts';
import { ask, at } from '../../native/helpers.ts';

export interface Reply {
  readonly status: number;
  /** Whatever came; each test looks for what it expects. */
  readonly body: ReturnType<typeof JSON.parse>;
  readonly headers: Record<string, unknown>;
}

export type Role = 'token' | 'adminToken' | 'operatorToken' | 'dpoToken';

/** The API as a client of one workspace calls it. */
export class Client {
  readonly test: TestApp;
  readonly workspace: TestWorkspace;

  constructor(test: TestApp, workspace: TestWorkspace = test.workspace) {
    this.test = test;
    this.workspace = workspace;
  }

  static async start(): Promise<Client> {
    return new Client(await startTestApp());
  }

  get nodeId(): string {
    return this.workspace.credentials.contacthub.nodeId;
  }

  /** Below the workspace's path. */
  async call(
    method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE',
    path: string,
    body?: unknown,
    { token, headers, workspaceId }: CallOptions = {},
  ): Promise<Reply> {
    const { contacthub } = this.workspace.credentials;
    const secret = token ?? contacthub.token;
    const reply = await this.test.app.http.inject({
      method,
      url: `/hub/v1/workspaces/${workspaceId ?? contacthub.workspaceId}${path}`,
      headers: {
        ...(secret === '' ? {} : { authorization: `Bearer ${secret}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        'user-agent': 'test-client/1',
        ...headers,
      },
      ...(body === undefined ? {} : { payload: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const json = String(reply.headers['content-type'] ?? '').includes('json');
    return { status: reply.statusCode, body: json ? reply.json() : reply.body, headers: reply.headers };
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

  async eventsOf(customerId: string): Promise<string[]> {
    const reply = await this.call('GET', `/events?customerId=${customerId}&size=100`);
    return reply.body.elements.map((event: { id: string }) => event.id);
  }

  /** A token with this role. */
  async tokenOf(role: string): Promise<string> {
    const reply = await ask(this.test, 'POST', at(this.workspace, '/keys'), {
      body: { dialect: 'contacthub', name: role, role },
    });
    if (reply.status !== 201) throw new Error(`no token was given: ${JSON.stringify(reply.body)}`);
    return reply.body.secret;
  }

  async close(): Promise<void> {
    await this.test.close();
  }
}

interface CallOptions {
  /** Empty: no header at all. */
  token?: string;
  headers?: Record<string, string>;
  workspaceId?: string;
}
